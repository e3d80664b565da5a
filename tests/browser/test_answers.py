"""What a user can do with an answer in JupyterLab, while it streams and ever after."""

from __future__ import annotations

import re

import nbformat
from notebook_page import (
    ask_text,
    cell,
    final,
    front,
    live,
    open_lab,
    press,
    ready,
    restart_kernel,
    run,
    save,
    show_sidebar,
    sources,
    write,
)
from playwright.sync_api import expect
from scripted_server import Reply

SETUP = "%load_ext askance\nimport pandas as pd\ndf = pd.DataFrame({'revenue': [12.0, -3.5]})"
QUESTION = "%%ask\nWhy is revenue of @df negative?"
ANSWER = """Because of **returns**, as $e^{i\\pi} = -1$ shows.

```python
total = df["revenue"].sum()  # all of it
print("the sum is", total)
```

$$\\sum_{i=1}^n i = \\frac{n(n+1)}{2}$$

That is all."""
CODE = 'total = df["revenue"].sum()  # all of it\nprint("the sum is", total)'
WORDS = re.split(r"(?<= )", ANSWER)


def slowly(text: str, seconds: float = 0.03) -> Reply:
    """An answer word by word, with time to look at it."""
    return Reply([step for word in re.split(r"(?<=\s)", text) for step in (word, seconds)])


def asked(page, lab, name: str, *more: str) -> None:
    """A notebook whose second cell has been answered."""
    write(lab.folder, name, [SETUP, QUESTION, *more])
    open_lab(page, lab, name)
    run(page, 0)
    run(page, 1)
    final(page, 1).get_by_text("That is all.").wait_for()


def test_the_buttons_work_after_the_end_a_reload_and_a_restart(page, lab, model_server, complaints):
    """A final answer has them all, and a kernel that does not know askance takes no answer away."""
    model_server.say(Reply(WORDS))
    asked(page, lab, "buttons.ipynb")
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
    asked(page, lab, "file.ipynb")
    save(page)
    output = nbformat.read(lab.folder / "file.ipynb", as_version=4).cells[1].outputs[0]
    assert set(output.data) == {"text/markdown", "text/plain"}
    assert set(output.metadata) == {"askance"}
    assert "askance-answer" not in str(output)
    assert output.data["text/markdown"].rstrip().endswith("*")


def test_a_streaming_answer_becomes_final_without_a_jump(page, lab, model_server):
    """Frame by frame: the same height, the same place, the same text, and the notebook is not scrolled."""
    model_server.say(Reply([*[step for word in WORDS for step in (word, 0.01)], 1.0]))
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
    asked(page, lab, "insert.ipynb", "last = 1")
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
    asked(page, lab, "cancel.ipynb")
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
    asked(page, lab, "runs.ipynb")
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
    asked(page, lab, "script.ipynb")
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
    asked(page, lab, "copy.ipynb")
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


def test_retry_asks_the_model_though_the_answer_is_cached(page, lab, model_server):
    """Running the cell again is answered from the cache; Retry is not, and the active cell stays."""
    model_server.say(Reply(WORDS))
    asked(page, lab, "retry.ipynb")
    calls = len(model_server.asked)
    run(page, 1)
    expect(final(page, 1).locator(".askance-answer-badge")).to_have_text("cached: memory")
    assert len(model_server.asked) == calls
    press(page, 1, "Retry")
    expect(final(page, 1).locator(".askance-answer-badge")).to_have_text("")
    final(page, 1).get_by_text("That is all.").wait_for()
    assert len(model_server.asked) == calls + 1
    assert page.evaluate("window.jupyterapp.shell.currentWidget.content.activeCellIndex") == 1
    assert len(sources(page)) == 2


def test_a_change_makes_an_answer_stale_and_taking_it_back_heals_it(page, lab, model_server):
    """The banner, the sidebar's count, the command that goes there; also after a reload; a restart clears it."""
    model_server.say(Reply(WORDS))
    asked(page, lab, "stale.ipynb", "df['new'] = 1", "del df['new']", "pass")
    banner = final(page, 1).locator(".askance-answer-banner")
    expect(banner).to_be_hidden()
    run(page, 2)
    expect(banner).to_contain_text("df +1 column")
    show_sidebar(page)
    page.locator(".askance-panel").get_by_text("1 answer is stale").wait_for()
    cell(page, 4).locator(".cm-content").first.click()
    page.locator(".askance-stale").get_by_role("button", name="Next").click()
    page.wait_for_function("window.jupyterapp.shell.currentWidget.content.activeCellIndex === 1")
    save(page)
    page.reload()
    ready(page)
    expect(banner).to_contain_text("df +1 column")
    run(page, 3)
    expect(banner).to_be_hidden()
    run(page, 2)
    expect(banner).to_be_visible()
    restart_kernel(page)
    expect(banner).to_be_hidden()


def test_the_stale_banner_asks_again(page, lab, model_server):
    """Its button brings an answer to the notebook as it is now."""
    model_server.say(Reply(WORDS))
    asked(page, lab, "again.ipynb", "df['new'] = 1")
    run(page, 2)
    calls = len(model_server.asked)
    final(page, 1).locator(".askance-answer-banner button").click()
    expect(final(page, 1).locator(".askance-answer-banner")).to_be_hidden()
    final(page, 1).get_by_text("That is all.").wait_for()
    assert len(model_server.asked) == calls + 1


def test_code_is_coloured_and_formulas_set_while_they_come_and_after(page, lab, model_server, complaints):
    """A fence that is still open is a code block at every moment, and nothing behind it is drawn into it."""
    steps = [step for char in ANSWER for step in (char, 0.02)]
    model_server.say(Reply(steps))
    write(lab.folder, "fence.ipynb", [SETUP, QUESTION])
    open_lab(page, lab, "fence.ipynb")
    run(page, 0)
    page.evaluate("""() => {
        window.moments = [];
        const look = () => {
            const body = document.querySelector('.askance-answer-body');
            if (body) {
                const code = body.querySelector('pre > code');
                window.moments.push({
                    live: !body.closest('.askance-output'),
                    ticks: body.innerText.includes('```'),
                    code: code?.innerText ?? '',
                    tokens: code?.querySelectorAll('span').length ?? 0,
                    formulas: body.querySelectorAll('math').length,
                    others: document.querySelectorAll('.jp-CodeCell').length
                });
            }
            if (!window.enough) requestAnimationFrame(look);
        };
        look();
    }""")
    run(page, 1)
    final(page, 1).get_by_text("That is all.").wait_for()
    page.wait_for_timeout(200)
    page.evaluate("window.enough = true")
    moments = page.evaluate("window.moments")
    streamed = [one for one in moments if one["live"]]
    half = [one for one in streamed if 0 < len(one["code"]) < len(CODE)]
    assert len({one["code"] for one in half}) >= 3
    assert all(CODE.startswith(one["code"].rstrip("\n")) for one in half)
    assert any(one["tokens"] >= 2 for one in half)
    assert not any(one["ticks"] for one in moments)
    assert max(one["formulas"] for one in streamed) == 2
    assert moments[-1]["formulas"] == 2
    assert moments[-1]["tokens"] >= 4
    assert {one["others"] for one in moments} == {2}
    assert complaints == []


def test_the_palette_has_the_commands_and_they_do_as_the_buttons(page, lab, model_server):
    """Only where there is an answer; insert takes the last block, retry asks again."""
    model_server.say(Reply(WORDS))
    asked(page, lab, "palette.ipynb", "pass")
    enabled = """() => ['retry', 'copy-answer', 'insert-code', 'next-stale']
        .map(name => window.jupyterapp.commands.isEnabled('askance:' + name))"""
    cell(page, 2).locator(".cm-content").first.click()
    assert page.evaluate(enabled) == [False, False, False, False]
    cell(page, 1).locator(".cm-content").first.click()
    assert page.evaluate(enabled) == [True, True, True, False]
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Shift+c")
    page.locator(".lm-CommandPalette-input").fill("code below")
    page.locator(".lm-CommandPalette-item", has_text="Code Below").first.wait_for()
    page.keyboard.press("Enter")
    expect(cell(page, 2).locator(".cm-content").first).to_be_focused()
    assert sources(page)[2] == CODE


def test_code_of_an_ask_goes_into_the_next_cell(page, lab, model_server):
    """`--code`: the kernel's own wish, once, below the cell that asked, not run and without taking the focus."""
    model_server.say(Reply(WORDS))
    write(lab.folder, "code.ipynb", [SETUP, QUESTION.replace("%%ask", "%%ask --code"), "last = 1"])
    open_lab(page, lab, "code.ipynb")
    run(page, 0)
    run(page, 1)
    expect(front(page).locator(".jp-CodeCell")).to_have_count(4)
    page.wait_for_timeout(500)
    assert sources(page)[2].strip() == CODE
    assert sources(page)[3] == "last = 1"
    assert cell(page, 2).locator(".jp-InputPrompt").inner_text().strip() == "[ ]:"


def test_the_streaming_answer_takes_the_keyboard_along(page, lab, model_server):
    """Who was on Copy while the answer came is on Copy when it is there."""
    model_server.say(slowly(ANSWER))
    write(lab.folder, "focus.ipynb", [SETUP, QUESTION])
    open_lab(page, lab, "focus.ipynb")
    run(page, 0)
    run(page, 1, wait=False)
    live(page, 1).locator("button:text-is('Copy')").first.focus()
    assert ask_text(page, 1)
    expect(final(page, 1).locator("button:text-is('Copy')").first).to_be_focused()
