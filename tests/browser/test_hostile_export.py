"""Notebooks with hostile answers as nbconvert exports them: HTML that nothing cleans, in a real browser."""

from __future__ import annotations

import nbformat
import pytest
from nbconvert import HTMLExporter
from payloads import payloads
from watching import NOTHING, Trap, Watch

from askance.fences import fenced
from askance.kernel.view.final import bundle, with_stale
from askance.records import Answer


@pytest.fixture
def trap():
    """A server that nobody should ask."""
    with Trap() as trap:
        yield trap


def exported(bundles) -> str:
    """A notebook with these outputs, as HTML."""
    notebook = nbformat.v4.new_notebook()
    for data, metadata in bundles:
        code = nbformat.v4.new_code_cell("%ask x")
        code.outputs = [nbformat.v4.new_output("display_data", data=dict(data), metadata=dict(metadata))]
        notebook.cells.append(code)
    html, _ = HTMLExporter().from_notebook_node(notebook)
    return html


def seen(browser, trap, path, html: str) -> dict[str, object]:
    """What happens when that is opened as a file; nothing is loaded from anywhere, and what is asked for is noted."""
    path.write_text(html)
    page = browser.new_page()
    watch = Watch(page, trap, "file:")
    page.route("http*://**", lambda route: route.abort())
    page.goto(path.as_uri())
    figures = watch.figures()
    page.close()
    return figures


def answers(trap):
    """Every payload as an answer, as the words around one, cut off, and as a request that is shown."""
    for one in payloads(trap.url):
        whole = bundle(
            Answer(question="", text=one.text, model=one.text, ended="error", notice=one.text, complete=False)
        )
        yield from (whole, with_stale(whole, one.text))
        yield bundle(Answer(question="", text=one.text[: len(one.text) * 2 // 3], model="m"))
        yield {"text/markdown": fenced(one.text, "text")}, {}


def test_an_exported_notebook_is_inert(browser, trap, tmp_path):
    """It asks for what nbconvert itself asks for, and nothing runs but nbconvert's own."""
    own = seen(browser, trap, tmp_path / "own.html", exported([bundle(Answer(question="", text="Yes.", model="m"))]))
    figures = seen(browser, trap, tmp_path / "hostile.html", exported(answers(trap)))
    figures["requests"] = [url for url in figures["requests"] if url not in own["requests"]]
    assert figures == NOTHING


def test_an_exported_notebook_without_us_is_not(browser, trap, tmp_path):
    """The same payloads as they are run and load: otherwise the test above would prove nothing."""
    bare = [({"text/markdown": one.text}, {}) for one in payloads(trap.url)[:12]]
    figures = seen(browser, trap, tmp_path / "bare.html", exported(bare))
    assert len(figures["scripts"]) >= 3
    assert len(figures["requests"]) >= 3
