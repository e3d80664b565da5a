"""The saved Markdown is harmless and still reads as it was written."""

import random

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


AS_WRITTEN = [
    "A `List<int>` or `df['a'] < 3` or `<div>` is code; a < b, 1 <2 and a<-b are not HTML.\n",
    '1. One:\n\n   ```html\n   <div onclick="x()">\n   ```\n\n2. Two\n   - [ ] three\n   - [x] ~~four~~\n',
    'See [docs](https://example.org/a_(b)?q=1&r=2#x "t"), [me](mailto:a@b.example), [r] and [below](#end).\n\n[r]: https://example.org\n',
    "Inline $x_1 > 0$, \\(y\\) and\n\n$$\n\\frac{1}{2}\n$$\n\n| a | b |\n|--:|---|\n| `x` | **y** |\n\n> quote\n\n---\n",
    "```python\nx: dict[str, list[T]] = {}  # ![not](an image)\nprint(f'<b>{x[0](1)}</b> $HOME `y`')\n```\n\n~~~\n<script>\n~~~\n\nend\n",
    "Line one  \nline two\\\nline three &lt;b&gt; &amp; \\*no emphasis\\* \u00e9 \U0001f600 \u2028 end\n",
    "    indented = 1\n\ntext[^1]\n",
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_people_ask_for_comes_back_as_it_was_written(text):
    """Tables, tasks, formulas, links, code in all its forms: byte for byte, but for a fence of tildes beside markup."""
    assert inert(text) == text.replace("~~~", "```")


READS_THE_SAME = {
    "A List<int>, Dict[str, <T>] and Map<K, V>.": "A List<int>, Dict[str, <T>] and Map<K, V>.",
    "\\<b> and <br> and </p>": "<b> and <br> and </p>",
    "Write to <me@x.example> or <https://x.example/a>.": "Write to <me@x.example> or https://x.example/a.",
    "[Note]: this, and [^1]: that": "[Note]: this, and [^1]: that",
    "call f[0](x) or see [x](notes.md)": "call f[0](x) or see [x](notes.md)",
    "A `<div>` beside `a | b` \\`": "A <div> beside a | b `",
    "Set $PATH and ~~~ or `<img src=x>`": "Set $PATH and ~~~ or <img src=x>",
}


@pytest.mark.parametrize("text", READS_THE_SAME)
def test_prose_that_looks_like_html_reads_the_same(text):
    """Type parameters, addresses and notes: the words that are shown are those that were written."""
    from markdown_it import MarkdownIt

    (shown,) = (token for token in MarkdownIt().parse(inert(text)) if token.type == "inline")
    assert "".join(child.content for child in shown.children) == READS_THE_SAME[text]


@pytest.mark.parametrize(
    "name", ["mermaid", "mermaid-js", "MERMAID", "{=html}", 'x" onclick="y', 'py title="a"', "x'><img src=y>"]
)
@pytest.mark.parametrize(("fence", "lead"), [("```", ""), ("~~~", ""), ("> ```", "> "), ("- ~~~", "  ")])
def test_behind_a_fence_stands_a_language_alone(name, fence, lead):
    """Programs draw diagrams from it, and copy it into attributes as it stands; the code is the same."""
    from markdown_it import MarkdownIt

    (block,) = (token for token in MarkdownIt().parse(inert(f"{fence}{name}\n{lead}code\n")) if token.type == "fence")
    assert block.info in ("text", "html", "x", "py", "")
    assert block.content == "code\n"


PIECES = [
    "<img src=x onerror=alert(1)>", "![a](http://evil.example/x)", "[x](javascript:x)", "[r]: javascript:x", "[r]", "<script>x</script>",
    "```", "```", "~~~", "````", "`", "`", "``", "$", "$$", "\\begin{x}", "\\end{x}", "\\\\(", "\\\\)", "{", "}", "|", "@@0@@", "~", "\\",
    "https://a.example/", "www.a.example/", '" onmouseover=x y="', '```x" onclick=x y="', "a", "word", "| a | b |\n|---|---|\n",
    "\n", "\n", "\n\n", "\n\n", " ", "\n  ", "\n    ", "\t", "\n> ", "\n- ", "\n1. ", "\n   - ", "\u2028", "\x0c", "\x1c",
]  # fmt: skip
ALLOWED = frozenset(
    "html body a blockquote br code del div em h1 h2 h3 h4 h5 h6 hr li ol p pre span strong table tbody td th thead tr ul".split()
)


def made(seed: int) -> str:
    """A text of pieces about whose beginnings and ends programs disagree."""
    chance = random.Random(seed)  # noqa: S311  no secret
    return "".join(chance.choices(PIECES, k=chance.randint(2, 25)))


@pytest.mark.parametrize("count", [500, pytest.param(30_000, marks=pytest.mark.full)])
def test_another_program_sees_no_more_in_it(count):
    """The parser of nbconvert has other ideas about fences, formulas and links, and cleans nothing: its HTML is harmless, too."""
    from html.parser import HTMLParser

    from nbconvert.filters.markdown_mistune import markdown2html_mistune

    bad = []

    class Look(HTMLParser):
        def handle_starttag(self, tag, attrs):
            """Note what is no plain text."""
            task = tag == "input" and dict(attrs).get("type") == "checkbox"
            names = {name for name, _ in attrs} - {"class", "href", "title", "id", "start", "style", "align"}
            leads = [
                value
                for name, value in attrs
                if name == "href" and not (value or "").startswith(("http", "#", "mailto:"))
            ]
            if not task and (tag not in ALLOWED or names or leads):
                bad.append((text, tag, attrs))

    for seed in range(count):
        text = made(seed)
        Look().feed(markdown2html_mistune(inert(text)))
    assert bad == []


def test_code_is_kept_byte_for_byte():
    """Whatever surrounds it: the blocks of the result are those of the text, in order."""
    from markdown_it import MarkdownIt

    def blocks(text: str) -> list[str]:
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        return [token.content.rstrip("\n") for token in tokens if token.type in ("fence", "code_block")]

    texts = [made(seed) for seed in range(400)]
    results = [inert(text) for text in texts]
    whole = [text for text, result in zip(texts, results, strict=True) if blocks(text) != blocks(result)]
    assert len(whole) < 0.1 * len(texts)
    assert all(blocks(inert(text)) == [text.rstrip()] for text in whole if "\r" not in text)
