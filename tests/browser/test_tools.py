"""What a model calls for, as a user sees it in JupyterLab: shown, asked about, allowed, kept; and explanations of code."""

from __future__ import annotations

import json

import nbformat
import pytest
from answered import SETUP
from merged_model import answer
from notebook_page import SHOTS, cell, final, live, open_lab, open_notebook, ready, run, save, saved, sources, write
from playwright.sync_api import expect
from scripted_server import Call, Reply
from test_answer_looks import CONTRAST, wear

QUESTION = "%%ask --tools\nWhat is missing?"
CODE = "made = 6 * 7\nprint('made', made)  # \u202eedam"
HOSTILE = "<img src=x onerror=window.PWNED=1>"
CALLS = Reply(
    [
        "I look around.",
        Call("inspect_variable", [json.dumps({"name": "df"})], id="c1"),
        Call("read_file", [json.dumps({"path": HOSTILE})], id="c2"),
        Call("run_python", [json.dumps({"code": CODE})], id="c3"),
    ]
)
BLOCKS = 5
EXPLAINED = "\n\n".join(f"```python\nstep_{number} = {number} + 1\n```" for number in range(BLOCKS))
MANIFEST = {"id": "a1b2c3", "model": "openai:scripted-model", "items": [], "ended": "complete"}
BUSY = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end: time.sleep(0.02)"


def rows(view) -> list[list[str]]:
    """Name and state of each call, as they are shown."""
    return view.locator(".askance-tool > summary").evaluate_all(
        "all => all.map(one => ['name', 'state'].map(part => one.querySelector(`.askance-tool-${part}`).innerText))"
    )


def unreadable(view) -> list[object]:
    """Texts that are hard to read."""
    return [text for text in view.evaluate(CONTRAST) if text[0] < 4.5]


@pytest.fixture
def light_again(page):
    """The theme is a user's setting, and other tests have the same user."""
    yield
    wear(page, "JupyterLab Light")


def asked_to_allow(page, lab, model_server, name: str):
    """A notebook whose question waits for the user, and its view."""
    model_server.say(CALLS, Reply(["Nothing is."]))
    write(lab.folder, name, [SETUP, QUESTION, "made"])
    open_lab(page, lab, name)
    run(page, 0)
    run(page, 1, wait=False)
    view = live(page, 1)
    view.locator(".askance-confirm-allow").wait_for()
    return view


def test_calls_are_shown_asked_about_and_kept(page, lab, model_server, complaints, light_again):
    """All of the code is seen before it may run; only a user's own press allows it; the results stay, folded."""
    view = asked_to_allow(page, lab, model_server, "tools.ipynb")
    expect(view.locator(".askance-tool-state").nth(1)).to_have_text("failed")
    assert rows(view) == [["inspect_variable", "done"], ["read_file", "failed"], ["run_python", "asks you"]]
    assert view.locator(".askance-confirm-text").inner_text() == CODE.replace("\u202e", "⟨U+202E⟩")
    page.wait_for_timeout(500)
    page.evaluate("document.querySelector('.askance-confirm-allow').click()")
    view.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(view.locator(".askance-tool").first.locator("pre").last).to_be_visible()
    page.keyboard.press("Enter")
    view.screenshot(path=SHOTS / "tools-light.png")
    hard = unreadable(view)
    wear(page, "JupyterLab Dark")
    view.screenshot(path=SHOTS / "tools-dark.png")
    assert hard + unreadable(view) == []
    assert len(model_server.asked[-1].json["messages"]) <= 3  # nothing was told to the model yet
    view.locator(".askance-confirm-allow").focus()
    page.keyboard.press("Enter")
    final(page, 1).get_by_text("Nothing is.").wait_for()
    kept = [["inspect_variable", "done"], ["read_file", "failed"], ["run_python", "done"]]
    assert rows(final(page, 1)) == kept
    run(page, 2)
    expect(cell(page, 2).locator(".jp-OutputArea-output")).to_have_text("42")
    assert "made 42" in json.dumps(model_server.asked[-1].json)
    save(page)
    page.reload()
    ready(page)
    final(page, 1).wait_for()
    assert rows(final(page, 1)) == kept
    folded(final(page, 1))
    final(page, 1).locator("summary").nth(2).click()
    expect(final(page, 1).locator(".askance-tool").nth(2).locator("pre").last).to_contain_text("made 42")
    elsewhere(page, lab)
    assert page.evaluate("window.PWNED") is None
    assert complaints == []


def folded(view) -> None:
    """All results are there, and none is seen."""
    assert view.locator("details").count() == 3
    assert view.locator("details[open]").count() == 0
    assert view.locator("pre:visible").count() == 0


def elsewhere(page, lab) -> None:
    """The same file where our view does not draw it: JupyterLab's own Markdown, and Notebook 7."""
    notebook = nbformat.read(lab.folder / "tools.ipynb", as_version=4)
    del notebook.cells[1].outputs[0].metadata["askance"]
    nbformat.write(notebook, lab.folder / "tools-plain.ipynb")
    open_notebook(page, "tools-plain.ipynb")
    shown = cell(page, 1).locator(".jp-RenderedMarkdown")
    folded(shown)
    shown.locator("summary").first.click()
    expect(shown.locator("pre").first).to_be_visible()
    shown.screenshot(path=SHOTS / "tools-plain.png")
    assert shown.locator("img").count() == 0
    other = page.context.new_page()
    other.goto(lab.at("notebooks/tools.ipynb"))
    final(other, 1).wait_for()
    folded(final(other, 1))
    final(other, 1).screenshot(path=SHOTS / "tools-notebook.png")
    other.close()


def test_five_blocks_are_explained_by_few_requests_while_a_cell_runs(page, lab, model_server, complaints):
    """Five clicks within 50 ms; each explanation stands below its block, stays when the page redraws, and can be closed."""
    model_server.say(lambda request: Reply([answer(request.json["messages"][-1]["content"]), 0.1]))
    write(lab.folder, "explain.ipynb", [SETUP, "%%ask\nHow?", BUSY], {1: saved(EXPLAINED, MANIFEST)})
    open_lab(page, lab, "explain.ipynb")
    run(page, 0)
    page.wait_for_timeout(500)
    calls = len(model_server.asked)
    run(page, 2, wait=False)
    expect(cell(page, 2).locator(".jp-InputPrompt")).to_have_text("[*]:")
    final(page, 1).evaluate("view => view.querySelectorAll('.askance-code-explain').forEach(button => button.click())")
    boxes = final(page, 1).locator(".askance-explanation-box")
    for number in range(BLOCKS):
        expect(boxes.nth(number).locator(".askance-answer-body")).to_contain_text(f"step_{number} = {number} + 1")
    expect(boxes.first.locator(".askance-answer-footer")).to_contain_text("openai:")
    assert len(model_server.asked) - calls <= 2
    assert cell(page, 2).locator(".jp-InputPrompt").inner_text() == "[*]:"
    final(page, 1).screenshot(path=SHOTS / "explained.png")
    assert unreadable(final(page, 1)) == []
    boxes.first.get_by_role("button", name="Close").click()
    expect(boxes).to_have_count(BLOCKS - 1)
    assert len(sources(page)) == 3
    assert complaints == []
