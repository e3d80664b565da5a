"""The notebook about the cache, executed twice with the embedded model: the second run asks nobody."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from fixtures_models import gguf  # noqa: F401
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "notebooks" / "cache.ipynb"


@pytest.fixture(scope="module")
def executed(gguf, tmp_path_factory):  # noqa: F811
    """The notebook after a run from top to bottom, and after another in a new kernel."""
    from kernel.live import clean_environment

    home = tmp_path_factory.mktemp("home")
    environ = clean_environment(home, ASKANCE_MODEL="local", ASKANCE_LOCAL_MODEL=str(gguf))
    runs = []
    for _ in range(2):
        notebook = nbformat.read(NOTEBOOK, as_version=4)
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(home)}}).execute(env=environ)
        runs.append(notebook)
    yield runs
    for state in (home / "cache" / "local").glob("*.json"):
        state.unlink()  # a server without its state file ends itself


def cached(notebook) -> list[str | None]:
    """Where each answer came from, in order."""
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    return [out.metadata["askance"]["cached"] for out in outputs if "askance" in out.get("metadata", {})]


def shown(notebook, source: str) -> str:
    """What the cell that begins so shows, as text."""
    cell = next(cell for cell in notebook.cells if cell.source.startswith(source))
    return "\n".join(out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs)


def test_a_model_is_asked_for_each_state_of_the_world_once(executed):
    """Twice in the first run, never in the second."""
    first, second = map(cached, executed)
    assert first == [None, "memory", "memory", None, "memory", "memory"]
    assert second == ["disk", "memory", "memory", "memory", "memory", "memory"]


def test_it_says_why_and_how_often(executed):
    """The column is named, the hits are counted."""
    first, second = executed
    assert "sales +1 column" in shown(first, "%askcache why")
    counted = next(cell for cell in first.cells if cell.source == "%askcache")
    assert "3 of 5 lookups answered (60 %)" in counted.outputs[0]["text"]
    counted = next(cell for cell in second.cells if cell.source == "%askcache")
    assert "5 of 5 lookups answered (100 %)" in counted.outputs[0]["text"]


def test_the_answers_travel(executed):
    """The file beside the notebook is text, and holds the question."""
    assert '"What does @sales hold?"' in shown(executed[0], "print(")
    assert "written to" in shown(executed[0], "%askcache export")
