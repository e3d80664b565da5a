"""An answer over time: while it streams, asked again, stale and healed, by command."""

from __future__ import annotations

from answered import ANSWER, CODE, QUESTION, SETUP, WORDS, ask, slowly
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


def test_retry_asks_the_model_though_the_answer_is_cached(page, lab, model_server):
    """Running the cell again is answered from the cache; Retry is not, and the active cell stays."""
    model_server.say(Reply(WORDS))
    ask(page, lab, "retry.ipynb")
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
    ask(page, lab, "stale.ipynb", "df['new'] = 1", "del df['new']", "pass")
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
    ask(page, lab, "again.ipynb", "df['new'] = 1")
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
    ask(page, lab, "palette.ipynb", "pass")
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
