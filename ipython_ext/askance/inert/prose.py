"""Whatever is no block of code: HTML becomes text, images become links, odd links become text.

Programs disagree about where code and formulas begin. Where code holds what would do harm as prose, nothing is left
that they could disagree about ("strictly"). Enters: Markdown without its code blocks. Leaves: harmless Markdown.
"""

from __future__ import annotations

import re

from .risks import COMMANDS, DEFINITION_TARGET, FENCE, LINK_TARGET, TAG, would_harm

_CODE = re.compile(r"(?<![\\`])(`+)(?!`)(?:(?!\n[ \t]*\n).)+?(?<!`)\1(?!`)", re.S)
_MATH = re.compile(
    r"(?<![\\$])\$\$(?!\$)(?:(?!\n[ \t]*\n)[^`])+?(?<![\\$])\$\$(?!\$)|(?<![\\$\w])\$(?! )[^$\n`]+?(?<![ \\])\$(?![\d$])",
    re.S,
)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:[\w.+-]+@)[\w./?=&%#:,+~@-]+)>")

# Programs end an address at a blank alone, and look for formulas in it before.
_ADDRESS = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]{0,40}://|www\.)[^ \t\n]*", re.I)

_CHUNKS = re.compile(r"(\n[ \t]*\n)")
_SIMPLE = re.compile(r"(?<![`\\])`([^`\n|\\]+)`(?!`)")
_MARKERS = " \t>*+-0123456789.)"
_FORMULA_MARK = re.compile(r"\$\$|\\(?:begin|end)\{|\\\\[\[\]()]")


def spans(prose: str) -> list[str]:
    """The code that stands in lines, with its backticks."""
    return [found[0] for found in _CODE.finditer(prose)]


def harmless(prose: str, *, strictly: bool) -> str:
    """`prose` without HTML, images and odd links.

    Args:
        prose: Markdown without its code blocks.
        strictly: whether code somewhere in the text would do harm as prose.
    """
    return "".join(_chunk(chunk, strictly=strictly) for chunk in _CHUNKS.split(prose))


def _chunk(chunk: str, *, strictly: bool) -> str:
    """Lines without a blank one between them: no code and no formula in a line goes beyond."""
    simple = not strictly or _is_simple(chunk)
    done, out = 0, []
    for span in _CODE.finditer(chunk):
        out.append(_text(chunk[done : span.start()], strictly=strictly))
        out.append(_span(span[0], strictly=strictly, simple=simple))
        done = span.end()
    return "".join([*out, _text(chunk[done:], strictly=strictly)])


def _is_simple(chunk: str) -> bool:
    """Whether all programs see the same code in these lines. Some take a mark for part of the address before it, or of
    the tildes beside it.
    """
    marks = _SIMPLE.sub("\0", chunk)
    beside = "`" in marks or "~\0" in marks or "\0~" in marks or any("\0" in one for one in _ADDRESS.findall(marks))
    return not beside and all(_is_balanced(code, "[]") for code in _SIMPLE.findall(chunk))


def _span(code: str, *, strictly: bool, simple: bool) -> str:
    """Code in a line; as text where programs could see its end elsewhere."""
    if not strictly or not (_FORMULA_MARK.search(code) or (not simple and would_harm(code))):
        return code
    return _escaped(re.sub(r"([\\`*_~])", r"\\\1", code.strip("`")), strictly=True)


def _text(prose: str, *, strictly: bool) -> str:
    prose = _ADDRESS.sub(lambda found: found[0].replace("$", "%24").replace("\\", "%5C"), prose)
    done, out = 0, []
    for found in _MATH.finditer(prose):
        out.append(_escaped(prose[done : found.start()], strictly=strictly))
        out.append(_formula(found[0], strictly=strictly, alone=found[0].strip() == prose.strip()))
        done = found.end()
    return "".join([*out, _escaped(prose[done:], strictly=strictly)])


def _formula(source: str, *, strictly: bool, alone: bool) -> str:
    if COMMANDS.search(source):
        return f"`{' '.join(source.split())}`" if not strictly else _escaped(source, strictly=True)
    # One of several lines may begin in a list and end in a quote, which is no formula for all.
    if strictly and not (_is_balanced(source, "{}") and (alone or "\n" not in source)):
        return _escaped(source, strictly=True)
    return source.replace("<", "\\lt ").replace("![", "! [").replace("](", "] (")


def _is_balanced(text: str, pair: str) -> bool:
    depth = 0
    for sign in re.findall(rf"(?<!\\)[{re.escape(pair)}]", text):
        depth += 1 if sign == pair[0] else -1
        if depth < 0:
            return False
    return depth == 0


def _escaped(prose: str, *, strictly: bool) -> str:
    prose = re.sub(r"(?<!\\)((?:\\\\)*)\\<", r"\1<", _AUTOLINK.sub(r"\1", prose))
    prose = COMMANDS.sub(r"\\ ", TAG.sub("&lt;", prose))
    prose = _without_odd_links(re.sub(r"!(?=\[)", "image: ", prose))
    return _undisputed(prose) if strictly else prose


def _without_odd_links(prose: str) -> str:
    def inline(found: re.Match[str]) -> str:
        return "](" if LINK_TARGET.match(prose, found.end() - 1) else "]\\("

    prose = re.sub(r"\]\(", inline, prose)

    def definition(found: re.Match[str]) -> str:
        before = prose[prose.rfind("\n", 0, found.start()) + 1 : found.start()]
        may_define = "[" not in before or before.lstrip(_MARKERS).startswith("[")
        return "]\\:" if may_define and not DEFINITION_TARGET.match(prose, found.end()) else "]:"

    return re.sub(r"\]:", definition, prose)


def _undisputed(prose: str) -> str:
    """Without the beginning or the end of a formula or of a block of code."""
    prose = FENCE.sub(lambda found: "".join(f"\\{mark}" for mark in found[0]), prose)
    prose = re.sub(r"\\(begin|end)\{", r"\\\1\\{", prose)
    prose = re.sub(r"(?<=\\\\)[\[\]()]", lambda found: f"&#{ord(found[0])};", prose)
    return re.sub(r"(?<!\\)((?:\\\\)*)\$", r"\1\\$", prose)
