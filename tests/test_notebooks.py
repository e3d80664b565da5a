"""The quickstart notebook, executed with the embedded model, and what other tools make of it."""

from __future__ import annotations

import re

import nbformat
import pytest
from fixtures_models import gguf  # noqa: F401
from nbconvert import HTMLExporter, MarkdownExporter, ScriptExporter

from askance import demo


@pytest.fixture(scope="module")
def quickstart(gguf, tmp_path_factory):  # noqa: F811
    """The notebook as `askance demo --headless` executes it: its result, what was said, and the executed notebook."""
    with pytest.MonkeyPatch.context() as patch:
        cache = tmp_path_factory.mktemp("cache")
        patch.setenv("ASKANCE_CACHE_DIR", str(cache))
        patch.setenv("ASKANCE_LOCAL_MODEL", str(gguf))
        kept: list = []
        story = demo._story  # the only place that is given the executed notebook
        patch.setattr(demo, "_story", lambda notebook: kept.append(notebook) or story(notebook))
        said: list[str] = []
        code = demo.execute(said.append)
        yield code, said, kept[0]
    for state in (cache / "local").glob("*.json"):
        state.unlink()  # a server without its state file ends itself


def answers(notebook):
    """The outputs that are answers."""
    return [out for cell in notebook.cells for out in cell.get("outputs", []) if "askance" in out.get("metadata", {})]


def words(text: str) -> str:
    """Text without markup, for comparing an answer with its rendering."""
    return " ".join(re.findall(r"\w+", text))


def test_every_answer_is_complete_and_one_is_free(quickstart):
    """At least three answers, exactly one of them from the cache, and the last line says so."""
    code, said, notebook = quickstart
    found = [out.metadata["askance"] for out in answers(notebook)]
    assert code == 0, "\n".join(said)
    assert len(found) >= 3
    assert all(one["complete"] for one in found)
    assert [bool(one["cached"]) for one in found].count(True) == 1
    assert said[-1] == f"{len(found)} of {len(found)} answers complete, 1 from the cache."


def test_exports_carry_the_answers_and_no_widget(quickstart):
    """HTML and Markdown hold each answer's text, the script each question; none holds a widget."""
    notebook = quickstart[2]
    exported = {
        kind: kind().from_notebook_node(notebook)[0] for kind in (HTMLExporter, MarkdownExporter, ScriptExporter)
    }
    for text in exported.values():
        assert "widget-view" not in text
    for out in answers(notebook):
        assert out.data["text/markdown"].strip() in exported[MarkdownExporter]
        first = words(out.data["text/plain"].partition("\n")[0])[:40]
        assert first
        assert first in words(re.sub(r"<[^>]+>|&\w+;", " ", exported[HTMLExporter]))
    asking = [cell.source for cell in notebook.cells if cell.source.startswith(("%ask", "%%ask"))]
    for source in asking:
        assert source.partition(" " if source.startswith("%ask") else "\n")[2].strip() in exported[ScriptExporter]


def test_papermill_executes_it_too(quickstart, tmp_path):
    """The executed notebook goes through papermill once more and keeps its answers, free of widgets."""
    papermill = pytest.importorskip("papermill")
    given, made = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(quickstart[2], given)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASKANCE_MODEL", "local")
        papermill.execute_notebook(str(given), str(made), kernel_name="python3", cwd=str(tmp_path), progress_bar=False)
    found = answers(nbformat.read(made, as_version=4))
    assert len(found) == len(answers(quickstart[2]))
    assert all(out.metadata["askance"]["complete"] and out.data["text/plain"].strip() for out in found)
    assert "widget-view" not in made.read_text("utf-8")
