"""What a user can do with an answer in JupyterLab that is there: buttons, cells below it, copies."""

from __future__ import annotations

import nbformat
from answered import CODE, QUESTION, SETUP, WORDS, ask
from notebook_page import cell, final, front, live, open_lab, press, ready, restart_kernel, run, save, sources, write
from playwright.sync_api import expect
from scripted_server import Reply


def test_the_buttons_work_after_the_end_a_reload_and_a_restart(page, lab, model_server, complaints):
    """A final answer has them all, and a kernel that does not know askance takes no answer away."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "buttons.ipynb")
    for way in ("end", "reload", "restart"):
        if way == "reload":
            save(page)
            page.reload()
            ready(page)
        if way == "restart":
            restart_kernel(page)
            ready(page)
        before = len(sources(page))
        for name in ("Retry", "Context", "Copy", "Insert below", "Insert and run"):
            expect(final(page, 1).locator(f"button:text-is('{name}')").first).to_be_enabled()
        press(page, 1, "Insert below")
        expect(front(page).locator(".jp-CodeCell")).to_have_count(before + 1)
        assert sources(page)[2] == CODE
    press(page, 1, "Context")
    page.locator(".askance-panel").wait_for()
    calls = len(model_server.asked)
    press(page, 1, "Retry")
    page.get_by_text("askance is not loaded in this kernel").first.wait_for()
    final(page, 1).get_by_text("That is all.").wait_for()
    assert len(model_server.asked) == calls
    assert complaints == []


def test_the_file_holds_markdown_and_no_trace_of_the_view(page, lab, model_server):
    """Whoever opens it elsewhere sees plain Markdown with a footer."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "file.ipynb")
    save(page)
    output = nbformat.read(lab.folder / "file.ipynb", as_version=4).cells[1].outputs[0]
    assert set(output.data) == {"text/markdown", "text/plain"}
    assert set(output.metadata) == {"askance"}
    assert "askance-answer" not in str(output)
    assert output.data["text/markdown"].rstrip().endswith("*")


def test_a_streaming_answer_becomes_final_without_a_jump(page, lab, model_server):
    """Frame by frame: the same height, the same place, the same text, and the notebook is not scrolled."""
    model_server.say(Reply([*[step for word in WORDS for step in (word, 0.01)], 3.0]))
    filler = [f"x{number} = {number}\n" * 8 for number in range(8)]
    write(lab.folder, "jump.ipynb", [SETUP, *filler[:4], QUESTION, *filler[4:]])
    open_lab(page, lab, "jump.ipynb")
    run(page, 0)
    run(page, 5, wait=False)
    live(page, 5).get_by_text("That is all.").wait_for()
    page.wait_for_timeout(300)
    page.evaluate("""() => {
        window.seen = [];
        const look = () => {
            const answer = document.querySelector('.askance-answer');
            const { top, left, height, width } = answer?.getBoundingClientRect() ?? {};
            const text = answer?.querySelector('.askance-answer-body').innerText;
            const kind = answer && (answer.closest('.askance-output') ? 'final' : 'live');
            window.seen.push({ kind, place: [top, left, height, width].map(Math.round), text });
            if (window.seen.filter(one => one.kind === 'final').length < 20) requestAnimationFrame(look);
        };
        look();
    }""")
    final(page, 5).wait_for()
    page.wait_for_timeout(600)
    seen = page.evaluate("window.seen")
    assert {one["kind"] for one in seen} == {"live", "final"}
    assert len({tuple(one["place"]) for one in seen}) == 1
    assert len({one["text"] for one in seen}) == 1


def test_insert_below_gives_a_cell_to_go_on_with(page, lab, model_server):
    """Exactly the code, the cursor in it, nothing run; undone in one step."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "insert.ipynb", "last = 1")
    press(page, 1, "Insert below")
    expect(cell(page, 2).locator(".cm-content").first).to_be_focused()
    assert sources(page) == [SETUP, QUESTION, CODE, "last = 1"]
    assert cell(page, 2).locator(".jp-InputPrompt").inner_text().strip() == "[ ]:"
    page.keyboard.press("Escape")
    page.keyboard.press("z")
    expect(front(page).locator(".jp-CodeCell")).to_have_count(3)
    assert sources(page) == [SETUP, QUESTION, "last = 1"]


def test_insert_and_run_asks_first_and_cancel_leaves_nothing(page, lab, model_server):
    """The dialog shows the code, Cancel has the focus, and the keyboard comes back to the button."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "cancel.ipynb")
    for way in ("Enter", "Escape"):
        press(page, 1, "Insert and run")
        dialog = page.get_by_role("dialog")
        dialog.wait_for()
        assert dialog.locator("pre").inner_text() == CODE
        expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
        page.keyboard.press(way)
        dialog.wait_for(state="detached")
        page.wait_for_timeout(300)
        assert sources(page) == [SETUP, QUESTION]
        expect(final(page, 1).locator("button:text-is('Insert and run')")).to_be_focused()


def test_insert_and_run_runs_what_was_shown(page, lab, model_server):
    """By keyboard alone: from the button to the dialog's other button, to the output."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "runs.ipynb")
    final(page, 1).locator("button:text-is('Insert and run')").focus()
    page.keyboard.press("Enter")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    cell(page, 2).get_by_text("the sum is 8.5").wait_for()
    assert sources(page) == [SETUP, QUESTION, CODE]


def test_a_script_in_the_page_cannot_insert(page, lab, model_server):
    """The event alone, without a click or a key, puts nothing into the notebook."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "script.ipynb")
    # Whatever the test evaluates counts as the user's for five seconds.
    page.evaluate("""() => setTimeout(() => {
        const detail = { ask_id: '', code: 'print(666)', language: 'python', run: true };
        for (const run of [true, false]) {
            const event = new CustomEvent('askance:insert', { bubbles: true, cancelable: true, detail: { ...detail, run } });
            document.querySelector('.askance-answer').dispatchEvent(event);
        }
        window.fired = true;
    }, 6000)""")
    page.wait_for_timeout(7000)
    assert page.evaluate("window.fired")
    assert sources(page) == [SETUP, QUESTION]
    assert page.get_by_role("dialog").count() == 0


def test_copy_gives_markdown_without_the_footer(page, lab, model_server):
    """The button for all of it, the block's for its code, and the command."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    model_server.say(Reply(WORDS))
    ask(page, lab, "copy.ipynb")
    press(page, 1, "Copy")
    final(page, 1).get_by_text("Copied").wait_for()
    whole = page.evaluate("navigator.clipboard.readText()")
    assert whole.startswith("Because of **returns**")
    assert whole.rstrip().endswith("That is all.")
    assert CODE in whole
    final(page, 1).locator(".askance-code-copy").click()
    page.wait_for_timeout(300)
    assert page.evaluate("navigator.clipboard.readText()").rstrip("\n") == CODE
    page.evaluate("window.jupyterapp.commands.execute('askance:copy-answer')")
    page.wait_for_timeout(300)
    assert page.evaluate("navigator.clipboard.readText()") == whole
