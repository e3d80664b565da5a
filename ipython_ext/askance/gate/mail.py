"""Addresses of mail that name a person.

Enters: a text. Leaves: where they stand. Addresses of examples, of programs and of nobody are none; nor is code with an `@`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LOCAL = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
_DOMAIN = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}([A-Za-z]{2,18})(?![\w-]|\.\w|[(\[])")
_TOP = frozenset(
    "com org net edu gov mil int info biz name pro io ai app dev cloud online site tech store shop xyz email mail agency blog "
    "club design digital global group health help hotel inc law legal life live llc ltd media network news one page partners "
    "photo plus press school science services social solutions space studio support systems team technology tools tours "
    "university ventures video web website wiki work works world zone bank asia africa museum berlin london nyc paris wien "
    "amsterdam swiss consulting academy company center education engineering finance institute international market foundation".split()
)
_NO_COUNTRY = frozenset("py js ts md sh rb rs go cc so pl pm cs vb kt hs ml el ps".split())
_NOBODY = re.compile(
    r"(?i)(?:no-?reply|do-?not-?reply|git|hg|svn|user(?:name)?|you|your\S*|me|name|email|someone|somebody|foo|bar|test|example|"
    r"postmaster|mailer-daemon|bounce\S*|xxx+|\d+\+\S+)"
)
_NOWHERE = re.compile(
    r"(?i)(?:.*\.)?(?:example\.\w+|test\.\w+|localhost|invalid|(?:users\.)?noreply\.\S+|domain\.\w+|yourdomain\.\w+|email\.com|host\.\w+)"
)


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every address of a person."""
    place = text.find("@")
    while place >= 0:
        head = text[max(0, place - 64) : place]
        local = head[len(head.rstrip(_LOCAL)) :].lstrip(".-")
        domain = _DOMAIN.match(text, place + 1)
        if local and domain is not None and _is_email(local, domain[0], domain[1].lower()):
            yield place - len(local), domain.end()
        place = text.find("@", place + 1)


def _is_email(local: str, domain: str, top: str) -> bool:
    if top not in _TOP and (len(top) != 2 or top in _NO_COUNTRY):
        return False
    return _NOBODY.fullmatch(local) is None and _NOWHERE.fullmatch(domain) is None
