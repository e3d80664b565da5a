"""Makes a model's Markdown harmless to save: a cell's fresh Markdown output would run its scripts and load its images.

Enters: Markdown from a model. Leaves: Markdown that reads the same, without HTML, without images, with web and mail
links only, and with every fence closed. The result is parsed once more; if anything of that is left, the whole text
becomes one code block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from .fences import fenced

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

SCHEMES = ("http://", "https://", "mailto:", "#")
"""How a link may begin."""

# Code spans (equal runs of backticks), then display and inline math: what must not be escaped like prose.
_SPAN = re.compile(
    r"(?P<code>(?<![\\`])(`+)(?!`).+?(?<!`)\2(?!`))|(?P<math>\$\$.+?\$\$|(?<![\\$\w])\$(?! )[^$\n]+?(?<! )\$(?![\d$]))",
    re.S,
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]+)>")
_FENCED = ("fence", "code_block")


def inert(markdown: str) -> str:
    """`markdown`, harmless. Text without HTML, images and odd links comes back as it is.

    Args:
        markdown: what a model wrote; cut off anywhere.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    text = "".join(part if is_code else _harmless(part) for part, is_code in _parts(markdown))
    tokens = _tokens(text)
    if _has_odd_link(tokens):
        text = "".join(part if is_code else part.replace("[", "\\[") for part, is_code in _parts(text))
        tokens = _tokens(text)
    closed = _closed(text)
    if closed != text:
        tokens = _tokens(closed)
    return closed if _is_inert(tokens) else fenced(markdown, "text")


@cache
def _parser(*without: str) -> MarkdownIt:
    from markdown_it import MarkdownIt

    class Lenient(MarkdownIt):
        """Takes odd links for links: they must be seen to be judged."""

        def validateLink(self, url: str) -> bool:  # noqa: N802, ARG002  markdown-it's name
            return True

    return Lenient("commonmark", {"html": True}).enable("table").disable(without)


def _blocks(markdown: str) -> list[Token]:
    """The tokens of blocks; what is in them is left alone, which takes a third of the time."""
    return _parser("inline", "text_join").parse(markdown)


def _parts(markdown: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces that are either whole code blocks (True) or lines of anything else."""
    lines = markdown.splitlines(keepends=True)
    done = 0
    for token in _blocks(markdown):
        if token.type in _FENCED and token.map and token.map[0] >= done:
            begin, end = token.map
            yield "".join(lines[done:begin]), False
            yield "".join(lines[begin:end]), True
            done = end
    yield "".join(lines[done:]), False


def _harmless(prose: str) -> str:
    done, out = 0, []
    for span in _SPAN.finditer(prose):
        out.append(_escaped(prose[done : span.start()]))
        out.append(span["code"] or span["math"].replace("<", "\\lt ").replace("![", "! ["))
        done = span.end()
    return "".join([*out, _escaped(prose[done:])])


def _escaped(prose: str) -> str:
    prose = _AUTOLINK.sub(r"\1", prose).replace("<", "&lt;")
    return re.sub(r"!(?=\[)", "image: ", prose)


def _tokens(markdown: str) -> list[Token]:
    """All of them, those inside of others too."""
    return list(_flat(_parser().parse(markdown)))


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _has_odd_link(tokens: list[Token]) -> bool:
    links = (token for token in tokens if token.type == "link_open")
    return any(not str(link.attrs.get("href", "")).lower().startswith(SCHEMES) for link in links)


def _is_inert(tokens: list[Token]) -> bool:
    kinds = {token.type for token in tokens}
    return kinds.isdisjoint({"html_block", "html_inline", "image"}) and not _has_odd_link(tokens)


def _closed(text: str) -> str:
    """With the closing line of a fence that the answer's end cut off."""
    tokens = _blocks(text.rstrip("\n") + "\n\nend")
    last = next((token for token in reversed(tokens) if token.level == 0 and token.map), None)
    return text.rstrip("\n") + "\n" + last.markup if last is not None and last.type == "fence" else text
