"""What would do harm if it stood in prose, and how little is believed of a link.

Enters: text. Leaves: whether there is harm in it.
"""

from __future__ import annotations

import re

SCHEMES = ("http://", "https://", "mailto:", "#")
"""How a link may begin."""

ADDRESS = r"(?:https?://|\#)(?:[^\s()<>\[\]\"'`$\\\x00-\x20]|\([^\s()<>\[\]\"'`$\\\x00-\x20]*\))*"
"""A web address, or a place in the same document, that every Markdown dialect and attribute takes as it stands."""

MAIL = r"mailto:[\w.+-]+@[\w.-]+"
"""The address of a mail, without headers."""

_TITLE = r"(?:[ ]+\"[^\"$\\<>&`\n]*\")?"

LINK_TARGET = re.compile(rf"\((?:{ADDRESS}|{MAIL}){_TITLE}\)")
"""What may stand behind the text of a link."""

DEFINITION_TARGET = re.compile(rf"[ \t]*(?:{ADDRESS}|{MAIL}){_TITLE}[ \t]*(?=\n(?![ \t>]*[\"'(])|\Z)")
"""What may stand behind the colon of a link's definition."""

TAG = re.compile(r"<(?=[A-Za-z/!?])")
"""Where HTML may begin. No dialect and no browser takes other signs for that."""

COMMANDS = re.compile(
    r"\\(?=(?:href|url|html[A-Za-z]*|class|cssId|style|data|require|include[A-Za-z]*|unicode|bbox|mmlToken|csname"
    r"|(?:re)?new(?:command|environment)|def|gdef|edef|let)(?![A-Za-z]))"
)
"""TeX that leads elsewhere, that names elements, or that defines other commands."""

FENCE = re.compile(r"`{3,}|~{3,}")
"""What a block of code begins and ends with."""

_LEADS_ELSEWHERE = re.compile(r"!\[|\]\(|\]:|:[ \t]*//")

_PLAIN_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9_]*)>")

_ELEMENTS = frozenset(
    "a abbr acronym address animate applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote "
    "body br button canvas caption center circle cite code col colgroup content data datalist dd del desc details dfn "
    "dialog dir div dl dt ellipse em embed fencedframe fieldset figcaption figure filter font footer foreignobject form "
    "frame frameset g geolocation h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex "
    "kbd keygen label legend li line link listing main map mark marquee math menu menuitem meta meter mfenced mfrac mi "
    "mn mo model mover mroot mrow ms mspace msqrt mstyle msub msup mtable mtd mtext mtr munder nav nobr noembed noframes "
    "noscript object ol optgroup option output p param path permission picture plaintext polygon polyline portal pre "
    "progress q rb rect rp rt rtc ruby s samp script search section select selectedcontent semantics set shadow slot small "
    "source spacer span stop strike strong style sub summary sup svg switch symbol table tbody td template text textarea "
    "textpath tfoot th thead time title tr track tspan tt u ul use var video view wbr xml xmp".split()
)


def would_harm(code: str) -> bool:
    """Whether `code` would do harm where a program takes it for prose. Type parameters such as `<int>` would not."""
    if _LEADS_ELSEWHERE.search(code) or FENCE.search(code):
        return True
    return any(not _is_type(code, found.start()) for found in TAG.finditer(code))


def _is_type(code: str, start: int) -> bool:
    found = _PLAIN_TAG.match(code, start)
    return found is not None and found[1].lower() not in _ELEMENTS
