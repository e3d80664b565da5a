"""Notebooks come from anywhere: whatever an output's metadata says, nothing runs, nothing is fetched, the text is shown."""

from __future__ import annotations

from notebook_page import cell, final, front, open_lab, saved, sources, write
from playwright.sync_api import expect

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


def opened(page, lab, name: str, manifests: dict[str, object]) -> list[str]:
    """A notebook with an output for each of these in front; the addresses that are asked for from then on."""
    outputs = {number: saved(TEXT, manifest) for number, manifest in enumerate(manifests.values())}
    write(lab.folder, name, [f"# {what}" for what in manifests], outputs)
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    open_lab(page, lab, name)
    expect(front(page).get_by_text("Shown.")).to_have_count(len(manifests))
    page.wait_for_timeout(500)
    return requests


def test_words_of_a_manifest_are_words(page, lab, complaints):
    """They may stand in the view, as text: nothing runs, nothing is fetched, also when every button is pressed."""
    requests = opened(page, lab, "drawn.ipynb", DRAWN)
    for number in range(len(DRAWN)):
        assert final(page, number).count() == 1
        for button in final(page, number).locator("button:visible").all():
            button.click()
    page.wait_for_timeout(300)
    assert (
        front(page).locator(".askance-output").locator("img, script, iframe, [onerror], a[href^='javascript']").count()
        == 0
    )
    assert page.evaluate("[window.PWNED, ({}).polluted]") == [None, None]
    assert not [url for url in requests if "127.0.0.1:9/" in url]
    assert sources(page) == [f"# {what}" for what in DRAWN]
    assert complaints == []


def test_a_manifest_that_is_none_leaves_plain_markdown(page, lab):
    """It is drawn by JupyterLab itself, as in any notebook, sanitised."""
    opened(page, lab, "forged.ipynb", FORGED)
    for number, what in enumerate(FORGED):
        assert final(page, number).count() == 0, what
        assert cell(page, number).locator(".jp-OutputArea-output.jp-RenderedMarkdown").count() == 1, what
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
