"""Notebooks come from anywhere: whatever an output's metadata says, nothing runs, nothing is fetched, the text is shown."""

from __future__ import annotations

import pytest
from notebook_page import cell, final, front, open_lab, saved, sources, write

HOSTILE = "<img src=x onerror=window.PWNED=1>"
GOOD = {"id": "a1", "model": "local", "items": [], "ended": "complete"}
DRAWN = {
    "markup": {**GOOD, "model": HOSTILE, "cached": HOSTILE, "notice": HOSTILE, "ended": HOSTILE, "stale": HOSTILE},
    "prototype": {**GOOD, "__proto__": {"model": "x"}, "constructor": {"prototype": {"polluted": 1}}},
    "items": {**GOOD, "items": [{"id": HOSTILE, "fingerprint": HOSTILE, "facts": {HOSTILE: HOSTILE}}]},
}
FORGED = {
    "word": "yes",
    "list": [GOOD],
    "id": {**GOOD, "id": HOSTILE},
    "model": {**GOOD, "model": {"toString": "x"}},
    "flood": {**GOOD, "more": "x" * 400_000},
    "deep": {**GOOD, "items": [{"id": "x", "fingerprint": "", "facts": {"a": {"b": {}}}}]},
}
TEXT = (
    f"Shown. {HOSTILE} [go](javascript:window.PWNED=2) ![i](http://127.0.0.1:9/i.png) <script>window.PWNED=3</script>"
)


def opened(page, lab, name: str, manifest: object) -> list[str]:
    """A notebook with this manifest in front; the addresses that are asked for from then on."""
    write(lab.folder, name, ["1", "%%ask\nWhy?"], {1: saved(TEXT, manifest)})
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_lab(page, lab, name)
    cell(page, 1).get_by_text("Shown.").wait_for()
    page.wait_for_timeout(500)
    return requests


def inert(page, requests: list[str]) -> None:
    """Nothing of the output ran or left the machine."""
    assert page.evaluate("[window.PWNED, ({}).polluted]") == [None, None]
    assert not [url for url in requests if "127.0.0.1:9/" in url]
    shown = cell(page, 1).locator(".jp-OutputArea-output")
    assert shown.locator("script, iframe, [onerror], a[href^='javascript']").count() == 0


@pytest.mark.parametrize("what", DRAWN)
def test_words_of_a_manifest_are_words(page, lab, complaints, what):
    """They may stand in the view, as text."""
    requests = opened(page, lab, f"drawn-{what}.ipynb", DRAWN[what])
    assert final(page, 1).count() == 1
    assert final(page, 1).locator("img").count() == 0
    inert(page, requests)
    assert complaints == []
    for button in final(page, 1).locator("button:visible").all():
        button.click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.PWNED") is None
    assert sources(page) == ["1", "%%ask\nWhy?"]


@pytest.mark.parametrize("what", FORGED)
def test_a_manifest_that_is_none_leaves_plain_markdown(page, lab, what):
    """It is drawn by JupyterLab itself, as in any notebook, sanitised."""
    opened(page, lab, f"forged-{what}.ipynb", FORGED[what])
    assert final(page, 1).count() == 0
    assert cell(page, 1).locator(".jp-OutputArea-output.jp-RenderedMarkdown").count() == 1
    assert page.evaluate("window.PWNED") is None


def test_other_markdown_is_left_alone(page, lab):
    """Outputs without our metadata, and Markdown cells, have JupyterLab's own elements and classes."""
    output = saved("**plain**", None)
    del output.metadata["askance"]
    write(lab.folder, "others.ipynb", ["1"], {0: output})
    open_lab(page, lab, "others.ipynb")
    shown = cell(page, 0).locator(".jp-OutputArea-output.jp-RenderedMarkdown.jp-RenderedHTMLCommon")
    assert shown.locator("strong").inner_text() == "plain"
    assert front(page).locator(".askance-output, .askance-answer").count() == 0
