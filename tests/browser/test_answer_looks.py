"""How an answer looks and is reached: colours that can be read, the keyboard, names for a screen reader."""

from __future__ import annotations

import pytest
from notebook_page import SHOTS, cell, final, open_lab, ready, run, saved, show_sidebar, sources, write
from playwright.sync_api import expect

MARKDOWN = """A `name`, **strong words**, [a link](https://example.org/page) and $x^2$.

```python
@property
def total(rows):  # a comment
    return sum(row["revenue"] for row in rows if row is not None) + 1.5
```

| region | revenue |
|---|---:|
| south | -350 |

> quoted

1. one

*openai:scripted-model · first token 0.35 s · 321 tokens in, 45 out · 3 context items*"""
ITEM = {"id": "variables:df", "fingerprint": "gone", "level": "full", "facts": {"columns": 1}}
MANIFEST = {"id": "a1b2c3", "model": "openai:scripted-model", "items": [ITEM], "cached": "disk", "ended": "complete"}
CONTRAST = """
root => {
    const parse = text => {
        const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
        return text.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((value, index) => a * value + (1 - a) * below[index]);
    const ground = node => {
        if (!node) return [255, 255, 255];
        const colour = parse(getComputedStyle(node).backgroundColor);
        return colour[3] === 1 ? colour.slice(0, 3) : over(colour, ground(node.parentElement));
    };
    const light = colour => {
        const [r, g, b] = colour.map(value => value / 255).map(v => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const node = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !node.checkVisibility() || node.closest('annotation')) continue;
        const below = ground(node);
        const pair = [light(over(parse(getComputedStyle(node).color), below)), light(below)].sort((a, b) => b - a);
        found.push([(pair[0] + 0.05) / (pair[1] + 0.05), node.className || node.localName, texts.currentNode.data.trim()]);
    }
    return found;
}
"""
"""The contrast of every text below an element, by WCAG 2.2's formula: relative luminances, each plus 0.05."""


def holding(lab, name: str) -> None:
    """A notebook with a saved answer, and a kernel in which it is stale once the first cell has run."""
    first = "%load_ext askance\nimport pandas as pd\ndf = pd.DataFrame({'revenue': [1], 'region': ['south']})"
    write(lab.folder, name, [first, "%%ask\nWhy?", "%ask --dry about @df"], {1: saved(MARKDOWN, MANIFEST)})


@pytest.fixture
def light_again(page):
    """The theme is a user's setting, and other tests have the same user."""
    yield
    wear(page, "JupyterLab Light")


def wear(page, theme: str) -> None:
    """Switch the theme and wait until it is there."""
    page.evaluate(f"window.jupyterapp.commands.execute('apputils:change-theme', {{ theme: '{theme}' }})")
    page.locator(f"body[data-jp-theme-name='{theme}']").wait_for(state="attached")
    page.wait_for_timeout(500)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_every_text_can_be_read(page, lab, light_again, theme):
    """At least 4.5 to 1 in the answer, its banner and code, in the sidebar and in the dialog."""
    name = f"looks-{theme.split()[1].lower()}.ipynb"
    holding(lab, name)
    open_lab(page, lab, name)
    wear(page, theme)
    run(page, 0)
    expect(final(page, 1).locator(".askance-answer-banner")).to_be_visible()
    show_sidebar(page)
    page.screenshot(path=SHOTS / f"answer-{theme.split()[1].lower()}.png")
    texts = final(page, 1).evaluate(CONTRAST) + page.locator(".askance-panel").evaluate(CONTRAST)
    final(page, 1).locator("button:text-is('Insert and run')").click()
    page.get_by_role("dialog").wait_for()
    page.screenshot(path=SHOTS / f"dialog-{theme.split()[1].lower()}.png")
    texts += page.locator(".askance-question-code").evaluate(CONTRAST)
    page.keyboard.press("Escape")
    assert len(texts) > 40
    assert [text for text in texts if text[0] < 4.5] == []


def test_the_keyboard_reaches_everything_in_reading_order(page, lab):
    """Tab from button to button, links and code; Enter presses; arrows move inside a bar; nothing holds the focus."""
    holding(lab, "keys.ipynb")
    open_lab(page, lab, "keys.ipynb")
    run(page, 0)
    expect(final(page, 1).locator(".askance-answer-banner")).to_be_visible()
    final(page, 1).locator("button:text-is('Retry')").focus()
    walked = []
    for _ in range(20):
        walked.append(
            page.evaluate(
                "document.activeElement.closest('.askance-answer') && document.activeElement.innerText.trim()"
            )
        )
        if walked[-1] is None:
            break
        page.keyboard.press("Tab")
    assert walked[0] == "Retry"
    assert walked[-1] is None
    order = [
        name
        for name in walked
        if name in ("Retry", "Context", "Copy", "Ask again", "a link", "Insert below", "Insert and run")
    ]
    assert order == ["Retry", "Context", "Copy", "Ask again", "a link", "Copy", "Insert below", "Insert and run"]
    assert any(name and name.startswith("@property") for name in walked)
    final(page, 1).locator("button:text-is('Retry')").focus()
    page.keyboard.press("ArrowRight")
    expect(final(page, 1).locator("button:text-is('Context')")).to_be_focused()
    page.keyboard.press("Enter")
    page.locator(".askance-panel").wait_for()
    final(page, 1).locator("button:text-is('Insert below')").focus()
    page.keyboard.press("Space")
    expect(cell(page, 2).locator(".cm-content").first).to_be_focused()
    assert sources(page)[2].startswith("@property\ndef total(rows)")


def test_a_screen_reader_is_told_what_things_are(page, lab):
    """A region with a name, buttons whose names begin with what they show, a table, a list, code that can be scrolled."""
    holding(lab, "reader.ipynb")
    open_lab(page, lab, "reader.ipynb")
    answer = page.get_by_role("region", name="Answer by openai:scripted-model")
    answer.wait_for()
    names = answer.get_by_role("button").evaluate_all(
        "all => all.map(one => [one.innerText, one.ariaLabel ?? one.innerText])"
    )
    assert len(names) >= 6
    assert [pair for pair in names if not pair[1].lower().startswith(pair[0].lower()[:4])] == []
    assert len({label for _, label in names}) == len(names)
    assert answer.get_by_role("link", name="a link").count() == 1
    assert answer.get_by_role("table").count() == 1
    assert answer.get_by_role("listitem").count() == 1


def test_notebook_7_has_the_buttons_too(page, lab):
    """The saved answer is drawn, its code goes below, and the context opens."""
    holding(lab, "seven-saved.ipynb")
    page.goto(lab.at("notebooks/seven-saved.ipynb"))
    ready(page)
    final(page, 1).locator("button:text-is('Insert below')").click()
    expect(cell(page, 2).locator(".cm-content").first).to_be_focused()
    run(page, 0)
    expect(final(page, 1).locator(".askance-answer-banner")).to_contain_text("df")
    final(page, 1).locator("button:text-is('Context')").click()
    page.locator(".askance-panel").wait_for()
    page.screenshot(path=SHOTS / "answer-notebook.png")
