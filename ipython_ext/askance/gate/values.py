"""The value that stands beside a telling name.

Enters: a text, and where the name ends. Leaves: the stretches that hold its value, if it looks like a secret.
Between them stands `=`, `:`, `=>`, "is", a comma in a call, an element of XML, or white space after a flag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from . import harmless, look
from .names import FAIR, NONE, STRONG, WEAK, Hint

LONGEST = 4096
"""Characters of a value: what is longer is no value of a name."""

_BETWEEN = re.compile(
    r"""(?x)
    (?P<close> (?: \\{0,3} ["'`] )? [\])]{0,2} \*{0,2} )
    (?:
      (?P<assign> [ \t]{0,40}
          (?: :[ \t]{0,4} [A-Za-z_][\w.\[\], |]{0,60} =(?!=) | => | := | -> | \?\?= | \|\|= | \?= | ={1,3} | ~= | :{1,2} | > )
          (?: [ \t]* [|>][+-]? [ \t]* (?=\n) )?
          (?: [ \t(]{0,40} (?:\\?\r?\n[ \t]{0,80} (?: [+>] [ \t]{0,8} )? (?=\\{0,3}[rbfuRBFU]{0,2}["'] | [^\s=:]{8,200}\s*?(?:\n|\Z)) )? )
      )
    | (?P<value> ["']? [ \t]* ,? \s{0,60} ["']? (?i:value|content|default) ["']? [ \t]* [:=] [ \t]* )
    | (?P<comma> (?<=["'`]) [\])]{0,1} [ \t]*,\s{0,40} (?= \\{0,3}["'`] ) )
    | (?P<is> [ \t]{1,3} (?:is|was|are|:=|will[ ]be|should[ ]be|set[ ]to|to) [ \t]{0,2} :? [ \t]{1,2} )
    | (?P<space> [ \t]{1,80} )
    )
    """
)
_SCHEME = re.compile(
    r"(?i)(?:basic|bearer|token|apikey|api-key|digest|negotiate|sharedkey|key|oauth|jwt|bot|sso-key|ssws)[ \t]{1,4}"
)
_QUOTE = re.compile(r"[rbfuRBFU@$]{0,2}(\\{0,3}(?:\"\"\"|'''|[\"'`]))")
_BARE = re.compile(r"[^\s\"'`<>,;|(){}\[\]&]{1,512}")
_LINE = re.compile(r"[^\s\"'`][^\n\"'`]{0,1024}")
_LIST_GAP = re.compile(r"[\s,]{0,80}(?=\\{0,3}[\"'])")
_END = re.compile(r"[ \t]*(?:[#;].*)?(?:\r?\n|\Z)")
_TABLE_TYPE = re.compile(r"\d+ non-null|non-null|object|bool|category")
_TRAILING = ".,:;!?*"


class Value(NamedTuple):
    """A stretch of text beside a name, and how it stands there."""

    start: int
    end: int
    quoted: bool
    sign: str
    """The group of `_BETWEEN`: "assign", "value", "comma", "is" or "space"."""


def values(text: str, start: int, end: int, hint: Hint) -> Iterator[tuple[int, int]]:
    """The stretches beside a name that must not leave.

    Args:
        text: anything.
        start: where the name begins.
        end: where it ends.
        hint: what the name says.
    """
    between = _BETWEEN.match(text, end)
    if between is None or hint.strength == NONE:
        return
    sign = between.lastgroup or ""
    sign = next(group for group in ("assign", "value", "comma", "is", "space") if between[group] is not None)
    place = between.end()
    if sign == "space" and not _may_follow(text, start, place):
        bare = _BARE.match(text, place) if hint.strength >= FAIR else None
        if (
            bare is not None
            and look.random(bare[0].rstrip(_TRAILING), 16)
            and not harmless.code(bare[0], text[bare.end() : bare.end() + 1])
        ):
            yield bare.start(), bare.end()  # whatever stands around: nothing but a key looks so
        return
    for value in _read(text, start, place, sign):
        if secret(text, text[start:end], value, hint):
            yield value.start, _to_its_end(text, value)


def _to_its_end(text: str, value: Value) -> int:
    """Where a value ends that is longer than what was looked at of it."""
    end = value.end
    while not value.quoted and (more := _BARE.match(text, end)) is not None:
        end = more.end()
    return end


def _head(text: str, place: int) -> str | None:
    """A line up to a place; None if that is more than a name and what may stand before it."""
    line = text.rfind("\n", max(0, place - 200), place)
    return None if line < 0 and place > 200 else text[line + 1 : place]


def _may_follow(text: str, start: int, place: int) -> bool:
    """Whether white space alone parts a name from its value here: after a flag, before a quote, or on a line of its own."""
    if text.startswith("--", start) or text[place : place + 1] in ("'", '"'):
        return True
    head = _head(text, start)
    return head is not None and (not head.strip(" \t+->#|\"'") or "login" in head)


def _read(text: str, start: int, place: int, sign: str) -> Iterator[Value]:
    scheme = _SCHEME.match(text, place)
    if scheme is not None:
        place = scheme.end()
    opening = text[place : place + 1]
    if opening in "[(" and sign in ("assign", "value", "comma") and opening:
        yield from _listed(text, place + 1, sign)
        return
    quote = _QUOTE.match(text, place)
    if quote is not None:
        yield from _quoted(text, quote, sign)
    elif sign != "comma":
        yield from _bare(text, start, place, sign)


def _listed(text: str, place: int, sign: str) -> Iterator[Value]:
    for _ in range(64):
        gap = _LIST_GAP.match(text, place)
        quote = _QUOTE.match(text, gap.end()) if gap is not None else None
        if quote is None:
            return
        for value in _quoted(text, quote, sign):
            yield value
            place = value.end + len(quote[1])


def _quoted(text: str, quote: re.Match[str], sign: str) -> Iterator[Value]:
    start, mark = quote.end(), quote[1]
    limit = min(len(text), start + LONGEST)
    end = text.find(mark, start, limit)
    while (
        end > start
        and len(mark) == 1
        and text[end - 1] == "\\"
        and (end - len(text[start:end].rstrip("\\")) - start) % 2
    ):
        end = text.find(mark, end + 1, limit)
    line = text.find("\n", start, limit)
    if len(mark.lstrip("\\")) == 1 and line >= 0 and (line < end or end < 0) and text[line - 1] != "\\":
        end = line
    if end < 0:
        end = limit
    scheme = _SCHEME.match(text, start)
    if scheme is not None and scheme.end() < end:
        start = scheme.end()
    yield Value(start, end, True, sign)


def _bare(text: str, start: int, place: int, sign: str) -> Iterator[Value]:
    bare = _BARE.match(text, place)
    if bare is None:
        return
    end = bare.end()
    head = _head(text, start)
    head = "?" if head is None else head.strip(" \t+-")
    if (
        sign == "assign"
        and place - start < 80
        and text[place - 1] == "="
        and head in ("", "export", "set", "ENV", "ARG", "setx")
    ):
        whole = _LINE.match(text, place)  # a line of .env: signs are part of the value
        if whole is not None and " " not in whole[0].strip() and _END.match(text, whole.end()):
            end = place + len(whole[0].rstrip())
    while end > place and text[end - 1] in _TRAILING and sign == "is":
        end -= 1
    yield Value(place, end, False, sign)


def secret(text: str, name: str, value: Value, hint: Hint) -> bool:
    """Whether a value beside a name is one that must not leave.

    Args:
        text: that it stands in.
        name: beside it.
        value: where it stands.
        hint: what the name says.
    """
    word = text[value.start : value.end]
    if value.quoted:
        word = word.strip()
    least = 4 if hint.kind in ("PASSWORD", "PIN", "SSN", "CVV", "CVC", "OTP") else 6
    if len(word) < least and not (hint.kind in ("CVV", "CVC", "PIN") and len(word) >= 3 and word.isdigit()):
        return False
    if len(word) <= 100 and (harmless.stand_in(word) or word.strip("_-").lower() == name.strip("_-").lower()):
        return False
    if hint.strength == WEAK:
        return look.random(word, 20) and (look.mixed(word) or _in_address(text, value.start)) and "/" not in word
    if value.quoted:
        return _quoted_secret(word, value, hint)
    return _bare_secret(text, word, value, hint)


def _in_address(text: str, place: int) -> bool:
    """Whether a place is a parameter of a URL."""
    return re.search(r"[?&;][\w.%-]{0,60}=$", text[max(0, place - 64) : place]) is not None


def _quoted_secret(word: str, value: Value, hint: Hint) -> bool:
    if harmless.named_after(word) or harmless.prose(word) or "://" in word[:12]:
        return False
    plain = look.wordy(word) and not look.digits(word)
    if value.sign == "comma":
        return not plain and (look.digits(word) > 0 or hint.strength == STRONG)
    if hint.strength == FAIR:
        return not plain and (look.digits(word) > 0 or look.random(word))
    return hint.kind in ("PASSWORD", "SECRET", "KEY", "TOKEN") or look.digits(word) > 0


def _bare_secret(text: str, word: str, value: Value, hint: Hint) -> bool:
    after = text[value.end : value.end + 1]
    if hint.strength == STRONG and _env_line(text, value) and not harmless.named_after(word) and "://" not in word:
        return True
    if (value.sign != "space" and harmless.code(word, after)) or harmless.named_after(word) or "://" in word[:12]:
        return False
    digits = look.digits(word)
    if digits == len(word):
        return (hint.kind in ("PIN", "SSN", "OTP", "CVV", "CVC")) or (
            hint.kind == "PASSWORD" and digits >= 6 and value.sign != "space"
        )
    if value.sign == "space" and (
        _TABLE_TYPE.match(text, value.start) or (hint.strength < STRONG and not look.random(word))
    ):
        return False
    if value.sign == "is":
        return (digits > 0 and len(word) >= 6) or bool(re.search(r"[!@#$%^*+~]", word[:-1]))
    if hint.strength == FAIR:
        return (
            digits > 0
            and (len(word) >= 8)
            and (look.random(word, 8) or not look.wordy(word))
            and not look.counted(word)
            and not look.number(word)
        )
    if look.number(word):
        return False
    return digits > 0 or re.search(r"[!@#$%^*+~?]", word) is not None or look.random(word)


def _env_line(text: str, value: Value) -> bool:
    """Whether the value is all of a line `NAME=value`, as in .env files, and no word of a language."""
    head = _head(text, value.start) or ""
    return re.fullmatch(r"(?:export )?[A-Z][A-Z0-9_]*=", head) is not None and _END.match(text, value.end) is not None
