"""Answers with calls, whole, cut and damaged: no call but what was called for, no half of one, nothing foreign, no hanging."""

import random

import pytest
from fuzz.calling import called, cut, damaged, expected, heard
from fuzz.damage import PROTOCOLS, Stream, in_pieces

from askance.errors import AskanceError, BrokenStream
from askance.records import CallChunk, EndChunk

ALL = pytest.mark.parametrize("protocol", PROTOCOLS)


def good(protocol, number, monkeypatch):
    """Whole streams, in whatever pieces they arrive: every call as it was made, in order, and the end."""
    chance = random.Random(f"{protocol} good")
    made = [called(chance, protocol) for _ in range(number)]
    streams = [Stream(in_pieces(chance, b"".join(told))) for _, told in made]
    for (calls, _), one in zip(made, heard(protocol, streams, monkeypatch), strict=True):
        assert one.error is None
        assert one.calls == expected(calls)
        assert one.chunks[-1] == EndChunk("tools")


def cut_off(protocol, number, monkeypatch):
    """Beginnings of streams: the first calls as they were made, no half of another, and no end."""
    chance = random.Random(f"{protocol} cut")
    made = [called(chance, protocol) for _ in range(number)]
    streams = [cut(chance, told) for _, told in made]
    some = 0
    for (calls, _), one in zip(made, heard(protocol, streams, monkeypatch), strict=True):
        assert one.calls == expected(calls)[: len(one.calls)]
        ended = [chunk for chunk in one.chunks if isinstance(chunk, EndChunk)]
        assert bool(ended) != isinstance(one.error, BrokenStream)  # all that was cut off may be what follows the end
        some += 0 < len(one.calls) < len(calls)
    assert some > number // 10


def spoiled(protocol, number, monkeypatch):
    """Damage of every kind: our errors alone, or a whole answer with one end, last; every call with an id of its own."""
    chance = random.Random(f"{protocol} spoiled")
    answers = heard(protocol, [damaged(chance, protocol) for _ in range(number)], monkeypatch)
    for one in answers:
        assert one.error is None or (isinstance(one.error, AskanceError) and "\n" not in str(one.error))
        ends = [place for place, chunk in enumerate(one.chunks) if isinstance(chunk, EndChunk)]
        assert ends == ([] if one.error else [len(one.chunks) - 1])
        ids = [chunk.call.id for chunk in one.chunks if isinstance(chunk, CallChunk)]
        assert len(set(ids)) == len(ids)
        for chunk in one.chunks:
            if isinstance(chunk, CallChunk):
                assert chunk.call.name
                (chunk.call.name + chunk.call.arguments + chunk.call.id).encode()
    whole = sum(one.error is None for one in answers)
    assert min(whole, number - whole, sum(bool(one.calls) for one in answers)) > number // 10


LOOKS = pytest.mark.parametrize("look", [good, cut_off, spoiled], ids=lambda look: look.__name__)


@ALL
@LOOKS
def test_calls(look, protocol, monkeypatch):
    """A hundred of each kind and protocol."""
    look(protocol, 100, monkeypatch)


@pytest.mark.full
@pytest.mark.timeout(1800)
@ALL
@LOOKS
def test_three_thousand_calls(look, protocol, monkeypatch):
    """The whole count."""
    look(protocol, 3_000, monkeypatch)
