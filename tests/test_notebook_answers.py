"""The notebook about answers and conversations, executed with the embedded model."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from fixtures_models import gguf  # noqa: F401
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "answers.ipynb"


@pytest.fixture(scope="module")
def executed(gguf, tmp_path_factory):  # noqa: F811
    """The notebook after a run from top to bottom in a kernel of its own."""
    from kernel.live import clean_environment

    home = tmp_path_factory.mktemp("home")
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    environ = clean_environment(home, ASKANCE_MODEL="local", ASKANCE_LOCAL_MODEL=str(gguf))
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(home)}}).execute(env=environ)
    yield notebook
    for state in (home / "cache" / "local").glob("*.json"):
        state.unlink()  # a server without its state file ends itself


def shown(notebook, source: str) -> str:
    """What the cell that begins so shows, as text."""
    cell = next(cell for cell in notebook.cells if cell.source.startswith(source))
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return "\n".join(texts)


def manifest(notebook, source: str):
    """What the answer of the cell that begins so was made from."""
    cell = next(cell for cell in notebook.cells if cell.source.startswith(source))
    return next(out.metadata["askance"] for out in cell.outputs if "askance" in out.metadata)


def test_the_second_question_goes_on_where_the_first_ended(executed):
    """Most of its tokens were known to the server, and what was told is not told again."""
    first = manifest(executed, "%%ask --max-output 80\nWhat")
    second = manifest(executed, "%%ask --max-output 80\nAnd")
    assert [item["status"] for item in first["items"] if item["id"] == "variables:sales"] == ["sent"]
    assert [item["status"] for item in second["items"] if item["id"] == "variables:sales"] == ["kept"]
    assert second["usage"]["cached"] >= 0.8 * second["usage"]["input"]


def test_threads_fork_and_come_back(executed):
    """Two of them, the first one current again."""
    listed = shown(executed, "%threads fork")
    assert "elsewhere" in listed
    assert any(line.startswith("*") and "main" in line for line in listed.splitlines())


def test_the_object_is_one(executed):
    """Whatever the model thinks, it fits the dataclass."""
    assert shown(executed, "type(finding)").startswith("('Finding', ")


def test_an_answer_asked_in_the_background_is_there_at_last(executed):
    """In the variable that held its handle."""
    assert shown(executed, "later.complete").endswith(", True)")


def test_a_change_is_named(executed):
    """The column that came after the last answer."""
    assert "sales +1 column" in shown(executed, "%ctx diff")


def test_nothing_is_spent(executed):
    """`--dry` says so before."""
    assert "nothing to pay" in shown(executed, "%ask --dry")
