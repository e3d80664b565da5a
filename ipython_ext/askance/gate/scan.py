"""Everything that must not leave a text.

Enters: a text, the known values, a privacy level. Leaves: spans, none meeting another.

    known values -> forms of keys -> names beside values -> personal data; then the same in what the text says decoded

The order decides which kind a stretch is called by; how wide it is, all of them together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from . import encoded, formats, shapes
from .formats.whole import private_keys, tokens
from .known import Known
from .named import addresses, named
from .personal import SAMPLES, personal
from .runs import narrow, runs
from .spans import FORMAT, Span, merged
from .views import views

DEPTH = 2
"""Layers of encoding that are taken off."""

_NO_KEY = "abcdefghijklmnopqrstuvwxyz_-/"
"""What names and paths are made of, and hardly any key."""

_UNBROKEN = re.compile(r"[a-z]{16,}")
"""No word is that long."""

Check = Callable[[], None]


def _unhurried() -> None:
    """No limit of time."""


def scan(text: str, known: Known, level: int = SAMPLES, in_time: Check = _unhurried) -> list[Span]:
    """Where something stands that must not leave.

    Args:
        text: anything.
        known: values that are known to be secret.
        level: the privacy level of what the text belongs to; below 3 personal data counts.
        in_time: called now and then; raises when it has taken too long.
    """
    return merged(_Scan(known, level, in_time).spans(text, 0))


BLOB = 600
"""Characters of a run that is data: a key can begin it, but what looks like a key inside is chance."""

NEAR = 1000
"""Characters around a replaced stretch that are looked at again: what stood there may have hidden something."""


def rescan(text: str, near: list[int], fresh: Known, known: Known, level: int, in_time: Check) -> list[Span]:
    """What is still in a text after something in it was replaced: around those places, and values known only since.

    Args:
        text: as it now is.
        near: the places, in order.
        fresh: values that are known only since.
        known: all known values.
        level: the privacy level.
        in_time: raises when it has taken too long.
    """
    found: list[Span] = []
    if len(fresh):
        found += fresh.spans(text, "\n".join(text[start:end] for start, end in runs(narrow(text))))
    start = end = -1
    for place in (*near, None):
        if start >= 0 and (place is None or place - NEAR > end):
            inner = scan(text[start:end], known, level, in_time)
            found += (one.moved(start) for one in inner)
            start = -1
        if place is not None:
            start = max(0, place - NEAR) if start < 0 else start
            end = place + NEAR
    return merged(found)


class _Scan:
    def __init__(self, known: Known, level: int, in_time: Check) -> None:
        self._known = known
        self._level = level
        self._in_time = in_time

    def spans(self, text: str, depth: int) -> Iterator[Span]:
        """All of a text, and of what it says at most so many layers down."""
        if len(text) < 4:
            return
        whole_text, text = text, _lined(text)
        data = narrow(text)
        places = list(runs(data))
        self._in_time()
        if len(self._known):
            yield from self._known.spans(whole_text, "\n".join(text[start:end] for start, end in places))
            self._in_time()
        for whole in (private_keys, tokens):
            yield from (Span(start, end, kind, FORMAT) for start, end, kind in whole(whole_text))
        yield from self._runs(text, places, depth)
        self._in_time()
        yield from addresses(text)
        yield from named(text, data.lower())
        self._in_time()
        yield from personal(text, data, self._level)
        self._in_time()
        if depth < DEPTH:
            yield from self._disguised(whole_text, depth)

    def _runs(self, text: str, places: list[tuple[int, int]], depth: int) -> Iterator[Span]:
        done = 0
        for count, (start, end) in enumerate(places):
            if not count % 256:
                self._in_time()
            run = text[start:end]
            if not run.strip(_NO_KEY) and _UNBROKEN.search(run) is None:
                continue
            for from_, to, kind in _forms(text, start, end):
                yield Span(from_, to, kind, FORMAT)
            if depth < DEPTH and end > done and encoded.likely(run):
                run, done = encoded.whole(text, start, end)
                inner = self._inner(run, depth)
                if inner is not None:
                    yield Span(start, done, inner.kind, inner.rank)

    def _inner(self, run: str, depth: int) -> Span | None:
        """The gravest of what a run says decoded."""
        found = [
            span
            for words in encoded.readable(run, foreign=self._known.foreign)
            for span in self.spans(words, depth + 1)
        ]
        return min(found, key=lambda span: (span.rank, span.start), default=None)

    def _disguised(self, text: str, depth: int) -> Iterator[Span]:
        for view in views(text, foreign=self._known.foreign):
            self._in_time()
            for span in self.spans(view.text, depth + 1):
                origin = view.origin(span.start, span.end)
                if origin is not None:
                    yield Span(*origin, span.kind, span.rank)


def _lined(text: str) -> str:
    r"""A text as long, in which lines begin where they do when it is printed: `\\n` in a literal is no part of a name."""
    if "\\" not in text:
        return text
    return text.replace("\\n", " \n").replace("\\t", "  ")


def _forms(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """What a run of key characters is, by its form; with the lines that it goes on in."""
    first = _first(text, start)
    blob = end - start >= BLOB and "_" not in text[start:end] and "-" not in text[start:end]
    found = formats.anchored(text, first, first + 64 if blob else end)
    if found:
        return [(from_, _continued(text, from_, to), kind) for from_, to, kind in found]
    other = _other(text, start, end)
    return [other] if other is not None else []


def _other(text: str, start: int, end: int) -> tuple[int, int, str] | None:
    joined = shapes.joined(text, start, end) if text[start - 1 : start] in shapes.JOINED else None
    if joined is not None:
        return joined
    exact = shapes.exact(text, start, end)
    if exact is not None:
        return exact
    if end - start >= 24 and ("_" in text[start:end] or "-" in text[start:end]):
        for piece_start, piece_end in _pieces(text, start, end):
            if piece_end - piece_start >= 24 and shapes.prefixed(text[piece_start:piece_end]):
                return piece_start, _continued(text, piece_start, piece_end), "KEY"
    return _broken(text, start) if text[start - 1 : start] in _MARGIN else None


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a run between slashes and plus signs."""
    place = start
    for word in text[start:end].replace("+", "/").split("/"):
        yield place, place + len(word)
        place += len(word) + 1


_BEFORE = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+/-.~:|"


def _first(text: str, start: int) -> int:
    """Where the word begins that a run is the end of: `SG.` and `dp.pt.` are no part of a run."""
    sign = text[start - 1 : start]
    if not sign or sign not in ".~:|":
        return start
    head = text[max(0, start - 48) : start]
    return start - len(head) + len(head.rstrip(_BEFORE))


def _continued(text: str, start: int, end: int) -> int:
    """Where a key ends that may go on in the next lines."""
    width, sure = end - start, False
    for _ in range(60):
        following = encoded.next_line(text, end, width, sure=sure or _closes(text, start, end))
        if following is None or formats.begins(following[1]):
            break
        end = following.end()
        if sure and len(following[1]) < width:
            break
        sure = len(following[1]) == width
    return end


def _closes(text: str, start: int, end: int) -> bool:
    """Whether the literal that a key begins ends in the next line."""
    quote = text[start - 1 : start]
    following = encoded.next_line(text, end, end - start, sure=True) if quote in ("'", '"', "`") else None
    return following is not None and text[following.end() : following.end() + 1] == quote


_MARGIN = frozenset("\n \t>#|+*\"'")


def _broken(text: str, start: int) -> tuple[int, int, str] | None:
    """A key whose first characters stand at the end of the line before."""
    line = text.rfind("\n", max(0, start - 80), start)
    if line < 0 or text[line + 1 : start].strip(" \t>#|+*\"'"):
        return None
    head = text[max(0, line - 60) : line].rstrip("\\\"' \t\r+")
    word = head[len(head.rstrip(_BEFORE)) :]
    if not word or not formats.begins(word):
        return None
    from_ = max(0, line - 60) + len(head) - len(word)
    following = encoded.NEXT_LINE.match(text, from_ + len(word))
    if following is None or following.start(1) != start:
        return None
    for at, to, kind in formats.anchored(word + following[1], 0, len(word)):
        if to > len(word):
            return from_ + at, _continued(text, following.start(1), following.end()), kind
    return None
