"""Hostile answers in JupyterLab, a real one in a real browser: nothing runs, nothing is loaded, no command is executed.

Channels: the live view and the final form of an answer, JupyterLab's own Markdown as the cell has just run, the same saved
and reopened, trusted or not; the sidebar; what the magics print.
"""

from __future__ import annotations

import json

import nbformat
import pytest
from notebook_page import cell, final, open_lab, ready, run, save, saved, show_sidebar, write
from payloads import Payload, payloads, some
from playwright.sync_api import expect
from scripted_server import Reply
from watching import NOTHING, Trap, Watch

SHOWN = 45
"""Outputs that a cell shows; JupyterLab hides more than 50."""

ASKED = [7, pytest.param(100, marks=pytest.mark.full)]
"""Payloads that a model is asked for; cut at every character, from elsewhere and exported it is all of them, always."""

FRESH = [24, pytest.param(100, marks=pytest.mark.full)]
"""Payloads that JupyterLab itself draws."""

SETUP = "%load_ext askance\nimport json, pathlib\nfrom askance.records import Answer\nfrom askance.kernel.view.final import bundle, with_stale\nTEXTS = json.loads(pathlib.Path('texts.json').read_text())"


@pytest.fixture
def trap():
    """A server that nobody should ask."""
    with Trap() as trap:
        yield trap


@pytest.fixture
def watch(page, lab, trap):
    """Watches the page; payloads are in `texts.json` beside the notebooks."""
    (lab.folder / "texts.json").write_text(json.dumps([one.text for one in payloads(trap.url)]))
    return Watch(page, trap, lab.url)


def opened(page, lab, watch, name: str, cells: list[str]) -> None:
    """A notebook in front, set up."""
    write(lab.folder, name, [SETUP, *cells])
    open_lab(page, lab, name)
    watch.register()
    run(page, 0)


def reply(payload: Payload) -> Reply:
    """Short ones come character by character, long ones in one piece."""
    signs = [step for sign in payload.text for step in (sign, 0.003)]
    return Reply([*(signs if len(payload.text) < 80 else [payload.text, 0.1]), "\n\nThe end."])


@pytest.mark.parametrize("count", ASKED)
def test_answers_of_a_hostile_model(page, lab, model_server, watch, trap, count):
    """They stream into the live view, and stay as the final form; saved and opened again, too."""
    chosen = some(payloads(trap.url), min(count, len(payloads(trap.url))))
    model_server.say(*map(reply, chosen), Reply(["done"]))
    asks = [f"%ask -c none --fresh payload {number}" for number in range(len(chosen))]
    cells = ["\n".join(asks[start : start + SHOWN]) for start in range(0, len(asks), SHOWN)]
    opened(page, lab, watch, "model.ipynb", cells)
    for number in range(len(cells)):
        run(page, number + 1)
        shown = min(SHOWN, len(chosen) - number * SHOWN)
        expect(cell(page, number + 1).locator(".askance-output")).to_have_count(shown, timeout=120_000)
    assert watch.figures() == NOTHING
    save(page)
    page.reload()
    ready(page)
    watch.register()
    final(page, 1).first.wait_for()
    page.wait_for_timeout(1000)
    assert watch.figures() == NOTHING


FORGE = """
from askance.kernel.extension import _loaded
(extension,) = _loaded.values()
def forged(text, other):
    item = dict(id=text, source=text, name=text, title=other, level=text, tokens=1, score=1.0, parts={text: 1.0}, why=text,
                fingerprint=text, status="sent", facts={text: text})
    return dict(items=[item, {**item, "id": other, "status": "cut"}], budget=2, tokens=1, turns=1, history=1, outdated=[text],
                notes=[dict(source=text, message=other)], seconds={text: 1.0})
for text in TEXTS:
    ledger = forged(text, text[::-1])
    extension._comms.push(dict(type="ledger", ask_id=text, question=text, model=text, ledger=ledger))
    extension._comms.push(dict(type="state", version=text, why=text, model=text, asking=True, ask_id=text, question=text,
                               ledger=ledger, stale={"a": text}))
    extension._comms.push(dict(type="stale", answers={text: text}))
    __import__("time").sleep(0.03)
"""


@pytest.mark.parametrize("count", FRESH)
def test_fresh_markdown_of_jupyterlab_itself(page, lab, watch, trap, count):
    """Without our view: payloads as text, model, notice and stale line, and cut off, as they are redrawn; and the sidebar.

    In the sidebar all words are a payload: model, question, items, reasons, notes, what is stale.
    """
    show = """
for text in TEXTS[{}:{}]:
    whole = bundle(Answer(question="", text=text, model=text[:200], ended="error", notice=text[:500], complete=False))
    cut = bundle(Answer(question="", text=text[: len(text) * 2 // 3], model="m"))
    for data, _ in (whole, cut, with_stale(whole, text)):
        display(data, raw=True)
"""
    chosen = some(payloads(trap.url), min(count, len(payloads(trap.url))))
    (lab.folder / "texts.json").write_text(json.dumps([one.text for one in chosen]))
    count, step = len(chosen), SHOWN // 3
    starts = range(0, count, step)
    opened(page, lab, watch, "fresh.ipynb", [*(show.format(start, start + step) for start in starts), FORGE])
    show_sidebar(page)
    for number, start in enumerate(starts, 1):
        run(page, number)
        shown = 3 * min(step, count - start)
        expect(cell(page, number).locator(".jp-RenderedMarkdown")).to_have_count(shown, timeout=60_000)
    run(page, len(starts) + 1)
    page.locator(".askance-item").first.wait_for()
    page.wait_for_timeout(1000)
    assert watch.figures() == NOTHING
    save(page)
    page.reload()
    ready(page)
    watch.register()
    expect(cell(page, 1).locator(".jp-RenderedMarkdown").first).to_be_visible()
    page.wait_for_timeout(1000)
    assert watch.figures() == NOTHING


@pytest.mark.full
def test_the_watch_sees_what_a_payload_can_do(page, lab, watch, trap):
    """As they are, without us, many of them run and load: otherwise the other tests would prove nothing."""
    opened(page, lab, watch, "bare.ipynb", ["for text in TEXTS[4:9]: display({'text/markdown': text}, raw=True)"])
    run(page, 1)
    page.wait_for_timeout(1500)
    figures = watch.figures()
    assert len(figures["scripts"]) >= 2
    assert len(figures["requests"]) >= 2
    assert figures["foreign"]


SHOWS = """
shell = get_ipython()
def show(number):
    global hostile
    text = hostile = TEXTS[number]
    name = "".join(c for c in text if c.isprintable() and c not in " '\\"`")[:60]
    shell.run_cell_magic("ask", "--fresh -t t", text + " @hostile")
    display(_ask)
    print(_ask, repr(_ask), _ask.text)
    for options in ("--prompt", "--dry"):
        shell.run_cell_magic("ask", options, text + " @hostile")
    lines = ["ctx", "ctx why hostile", "ctx why " + name, "ctx diff", "threads", "threads show", "threads show t",
             "threads fork " + name, "threads show " + name, "askcache", "askcache show", "askcache show 1"]
    calls = [("run_line_magic", *one.partition(" ")[::2]) for one in lines]
    for call in [*calls, ("run_cell_magic", "ask", "-m openai:" + name + " -c none", "x")]:
        try:
            getattr(shell, call[0])(*call[1:])
        except Exception as error:
            shell.showtraceback()
    print("the end of what is shown")
"""


@pytest.mark.parametrize("count", ASKED)
def test_what_the_magics_show(page, lab, model_server, watch, trap, count):
    """The request, the ledger, threads, the cache, differences, reprs and errors, with a payload wherever one fits."""
    chosen = [one.text for one in some(payloads(trap.url), min(count, len(payloads(trap.url))))]
    opened(
        page,
        lab,
        watch,
        "magics.ipynb",
        [SHOWS, *(f"show(TEXTS.index({text!r}))" for text in chosen), "%ask --fresh -c none x"],
    )
    run(page, 1)
    for number, text in enumerate(chosen, 2):
        model_server.say(Reply([text]))
        run(page, number)
    for number in range(len(chosen)):
        cell(page, number + 2).get_by_text("the end of what is shown").first.wait_for()
        assert cell(page, number + 2).locator(".jp-RenderedMarkdown, .askance-output").count() >= 2
    fault = json.dumps({"error": {"message": " ".join(chosen)}}).encode()
    model_server.say(Reply([], status=400, body=fault, headers={"Content-Type": "application/json"}))
    run(page, len(chosen) + 2)
    assert cell(page, len(chosen) + 2).locator("[data-mime-type*='error'], [data-mime-type*='stderr']").count() == 1
    assert watch.figures() == NOTHING


def forged_answers(trap: Trap) -> list[nbformat.NotebookNode]:
    """Outputs whose text and manifest someone wrote."""
    outputs = []
    for _, _, text in payloads(trap.url):
        manifest = {"id": "a1", "model": text, "items": [], "ended": "error", "notice": text, "cached": text}
        outputs.append(saved(text, manifest))
    return outputs


def forged_models(trap: Trap) -> dict[str, dict]:
    """Saved widgets that bring a module of their own, as anywidget runs it, or name one elsewhere."""
    module = f"top.PWNED = 'module'; fetch('{trap.url}/esm'); export default {{ render() {{ top.PWNED = 'render' }} }}"
    entry = {"model_module": "anywidget", "model_name": "AnyModel", "model_module_version": "~0.9.*"}
    state = {f"_{name}": value for name, value in entry.items()}
    state |= {"_view_module": "anywidget", "_view_name": "AnyView", "_view_module_version": "~0.9.*", "_esm": module}
    state |= {"_css": f"* {{ background: url({trap.url}/css) }}", "text": payloads(trap.url)[4].text, "state": "done"}
    state["_anywidget_id"] = "askance.kernel.view.widget.AnswerWidget"
    elsewhere = {"_model_module": f"{trap.url}/m", "_view_module": f"{trap.url}/v"}
    return {
        "m1": {**entry, "state": state},
        "m2": {**entry, "model_module": f"{trap.url}/m", "state": {**state, **elsewhere}},
    }


def test_a_notebook_from_elsewhere(page, lab, watch, trap):
    """Never trusted: forged answers are drawn as text by our view; forged widgets are not drawn at all."""
    models = forged_models(trap)
    outputs = forged_answers(trap)
    for name in models:
        view = {"version_major": 2, "version_minor": 0, "model_id": name}
        data = {"application/vnd.jupyter.widget-view+json": view, "text/plain": "a widget"}
        outputs.append(nbformat.v4.new_output("display_data", data=data, metadata={}))
    path = write(lab.folder, "elsewhere.ipynb", ["# x"] * len(outputs), dict(enumerate(outputs)))
    notebook = nbformat.read(path, as_version=4)
    kept = {"state": models, "version_major": 2, "version_minor": 0}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": kept}
    nbformat.write(notebook, path)
    open_lab(page, lab, "elsewhere.ipynb")
    watch.register()
    final(page, 0).wait_for()
    cell(page, len(outputs) - 1).scroll_into_view_if_needed()
    page.wait_for_timeout(1500)
    for number in (-1, -2):
        assert cell(page, len(outputs) + number).locator(".askance-answer, .jp-OutputArea-output iframe").count() == 0
    assert watch.figures() == NOTHING


@pytest.mark.full
def test_no_widget_state_is_saved(page, lab, model_server, watch):
    """Not while an answer streams, nor when it is there: the file holds neither state nor module of ours."""
    model_server.say(Reply(["First words. ", 3.0, "The end."]))
    opened(page, lab, watch, "state.ipynb", ["%ask -c none x"])
    run(page, 1, wait=False)
    cell(page, 1).get_by_text("First words.").first.wait_for()
    save(page)
    early = (lab.folder / "state.ipynb").read_text()
    final(page, 1).get_by_text("The end.").wait_for()
    save(page)
    late = (lab.folder / "state.ipynb").read_text()
    for text in (early, late):
        assert "_esm" not in text
        assert "widgets" not in json.loads(text)["metadata"]
