"""The saved Markdown is harmless and still reads as it was written."""

import pytest

from askance.inert import inert

PLAIN = "Use **this**:\n\n```python\nif a < b:\n    print('<b>')\n```\n\n| a | b |\n|---|---|\n| 1 | `x<y>` |\n\n- [docs](https://example.org)\n"


def test_ordinary_markdown_is_left_alone():
    """Text, code, tables and web links come back byte for byte."""
    assert inert(PLAIN) == PLAIN


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "text <script>alert(1)</script> text",
        "![pixel](http://evil.example/p.png)",
        "![pixel][r]\n\n[r]: http://evil.example/p.png",
        "[click](javascript:alert(1))",
        "[click](java&#115;cript:alert(1))",
        "[click][r]\n\n[r]: data:text/html,x",
        "<div>\n\n```\n<script>alert(1)</script>",
        "[![a](http://evil.example/a)](vbscript:x)",
        "<a href='javascript:x'>y</a>",
        '<button data-commandlinker-command="x">y</button>',
        "- item\n\n  <iframe src=//evil.example></iframe>",
        "> <style>@import url(//evil.example)</style>",
        "$<img src=x onerror=alert(1)>$",
        "``<b>` <img src=x> ``x",
    ],
)
def test_no_html_image_or_odd_link_survives(hostile):
    """Parsed as Markdown, the result holds no HTML, no image, and links to the web only."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    parser.validateLink = lambda _url: True
    tokens = parser.parse(inert(hostile))
    tokens += [child for token in tokens for child in token.children or []]
    assert not {token.type for token in tokens} & {"html_block", "html_inline", "image"}
    hrefs = [token.attrs["href"] for token in tokens if token.type == "link_open"]
    assert all(href.startswith(("http://", "https://", "mailto:", "#")) for href in hrefs)


@pytest.mark.parametrize("cut", range(0, len(PLAIN), 7))
def test_an_answer_cut_anywhere_leaves_no_fence_open(cut):
    """What is written after a cut-off answer is not swallowed by its code block."""
    from markdown_it import MarkdownIt

    last = MarkdownIt().enable("table").parse(inert(PLAIN[:cut]) + "\n\nfooter")[-2]
    assert last.content == "footer"


def test_math_keeps_its_signs():
    """A comparison in math is written the TeX way, not as an HTML entity."""
    assert inert("$a < b$") == "$a \\lt  b$"
