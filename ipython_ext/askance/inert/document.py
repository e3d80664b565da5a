"""The way of a text: into blocks of code and prose, each made harmless, put together, and looked at once more.

Enters: Markdown, cut off anywhere. Leaves: harmless Markdown; all of it as one block of code if any harm is left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from .blocks import Block, as_written, undisputed, whole
from .prose import harmless, spans
from .risks import FENCE, SCHEMES, would_harm

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

Part = Block | str
"""A block of code, or lines of anything else."""

_CONTAINERS = ("blockquote", "list_item")


def inert(markdown: str) -> str:
    """`markdown`, harmless. Text without HTML, images and odd links comes back as it is.

    Args:
        markdown: what a model wrote; cut off anywhere.
    """
    markdown = markdown.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\N{REPLACEMENT CHARACTER}")
    parts = list(_parts(markdown))
    text = _closed(_put_together(parts, strictly=_is_disputed(parts)))
    tokens, definitions = _read(text)
    if _has_odd_link(tokens, definitions):
        text = "".join(_source(part) if isinstance(part, Block) else part.replace("[", "\\[") for part in _parts(text))
        tokens, definitions = _read(text)
    return text if _is_inert(tokens, definitions) and _keeps(parts, tokens) else whole(markdown)


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


def _parts(markdown: str) -> Iterator[Part]:
    lines = [f"{line}\n" for line in markdown.split("\n")]
    lines[-1] = lines[-1][:-1]
    done, nested = 0, list[str]()
    for token in _blocks(markdown):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind in _CONTAINERS:
            nested = [*nested, kind] if token.nesting > 0 else nested[:-1]
        elif kind in ("fence", "code_block") and token.map and token.map[0] >= done:
            begin, end = token.map
            yield "".join(lines[done:begin])
            mark = token.markup if kind == "fence" else ""
            yield Block("".join(lines[begin:end]), token.content, token.info, mark, tuple(nested))
            done = end
    yield "".join(lines[done:])


def _source(block: Block) -> str:
    return block.source


def _is_disputed(parts: Sequence[Part]) -> bool:
    """Whether harm is done where a program sees the beginning or the end of some code elsewhere."""
    for part in parts:
        codes = [part.content] if isinstance(part, Block) else spans(part)
        if any(map(would_harm, codes)) or (isinstance(part, str) and FENCE.search(part)):
            return True
    return False


def _put_together(parts: Sequence[Part], *, strictly: bool) -> str:
    text = ""
    for part in parts:
        if isinstance(part, str):
            after_block = strictly and text and part.strip("\n") and not part.startswith("\n")
            text += ("\n" if after_block else "") + harmless(part, strictly=strictly)
        elif strictly:
            gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
            text += gap + undisputed(part)
        else:
            text += as_written(part)
    return text


def _read(markdown: str) -> tuple[list[Token], list[str]]:
    """All tokens, those inside of others too; where the definitions of links lead."""
    found: dict[str, Any] = {}
    tokens = list(_flat(_parser().parse(markdown, found)))
    return tokens, [str(one["href"]) for one in found.get("references", {}).values()]


def _flat(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


def _has_odd_link(tokens: Sequence[Token], definitions: Sequence[str]) -> bool:
    links = [str(token.attrs.get("href", "")) for token in tokens if token.type == "link_open"]
    return any(not href.lower().startswith(SCHEMES) for href in [*links, *definitions])


def _is_inert(tokens: Sequence[Token], definitions: Sequence[str]) -> bool:
    kinds = {token.type for token in tokens}
    return kinds.isdisjoint({"html_block", "html_inline", "image"}) and not _has_odd_link(tokens, definitions)


def _keeps(parts: Sequence[Part], tokens: Sequence[Token]) -> bool:
    """Whether all code is still there, byte for byte."""
    before = [part.content.rstrip("\n") for part in parts if isinstance(part, Block)]
    return before == [token.content.rstrip("\n") for token in tokens if token.type in ("fence", "code_block")]


def _closed(text: str) -> str:
    """With the closing line of a fence that the answer's end cut off."""
    tokens = _blocks(text.rstrip("\n") + "\n\nend")
    last = next((token for token in reversed(tokens) if token.level == 0 and token.map), None)
    return text.rstrip("\n") + "\n" + last.markup if last is not None and last.type == "fence" else text
