"""A notebook that is executed without a browser: the answer is saved in it, and every export carries it."""

from __future__ import annotations

import nbformat
import pytest
from kernel.live import clean_environment
from nbclient import NotebookClient
from nbconvert import HTMLExporter, MarkdownExporter, ScriptExporter
from scripted_server import Reply


@pytest.fixture
def executed(home, serve):
    """A notebook with one answer."""
    server = serve(Reply(["Well, **yes**.\n\n", 0.3, "<img src=x onerror=alert(1)>\n\n```python\nx = 1\n```"]))
    environ = clean_environment(home, OPENAI_API_KEY="sk-of-a-test", OPENAI_BASE_URL=server.base_url)
    cells = [nbformat.v4.new_code_cell(source) for source in ("%load_ext askance", "%%ask\nwhy is {x} `so`?")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    client = NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(home / "work")}})
    client.execute(env=environ)
    return notebook


def test_one_output_is_saved(executed):
    """A valid notebook whose cell has exactly the inert form, and no widget."""
    nbformat.validate(executed)
    (output,) = executed.cells[1].outputs
    assert sorted(output.data) == ["text/markdown", "text/plain"]
    assert output.metadata.askance.complete is True
    assert "widgets" not in executed.metadata


def test_every_export_carries_it(executed):
    """HTML shows the Markdown rendered and runs nothing; Markdown has the text; the script has the question."""
    html, _ = HTMLExporter().from_notebook_node(executed)
    assert "<strong>yes</strong>" in html
    assert "<img src=x" not in html
    markdown, _ = MarkdownExporter().from_notebook_node(executed)
    assert "Well, **yes**." in markdown
    script, _ = ScriptExporter().from_notebook_node(executed)
    assert "run_cell_magic('ask', '', 'why is {x} `so`?" in script


def test_run_all_again_asks_nothing(kernel, serve):
    """The same cells once more in the same kernel: imports of later cells and new numbers make no answer stale."""
    server = serve(Reply(["Because."]))
    running = kernel(server)
    cells = {
        "a": "%ask --view markdown what is here?",
        "b": "import json, pandas\nx = 1",
        "c": "%ask --view markdown why is @x one?",
        "d": "1 / 0",
        "e": "%ask --view markdown what is @err?",
        "f": "import numpy, sqlite3\nz = _ask.text",
    }
    for _ in range(2):
        for cell_id, source in cells.items():
            running.run(source, cell_id)
        assert len(server.asked) == 3
