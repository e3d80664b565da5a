"""Damaged streams down the whole path of an ask: nothing hangs, nothing foreign gets out, nothing half is kept."""

import gzip
from collections import Counter

import pytest
from fuzz.asking import asked, faults, fuzzed
from fuzz.damage import BYTE_DAMAGE, EVENT_DAMAGE, PROTOCOLS, SERVER_DAMAGE, Stream

ALL = pytest.mark.parametrize("protocol", PROTOCOLS)


def judge(findings, number):
    """All is as it should be, and the streams were worth it: of every kind, some whole and some not."""
    assert faults(findings) == []
    assert len(findings.outcomes) == number
    complete = sum(outcome.answer is not None and outcome.answer.complete for outcome in findings.outcomes)
    partial = sum(outcome.answer is not None and not outcome.answer.complete for outcome in findings.outcomes)
    raised = sum(outcome.error is not None for outcome in findings.outcomes)
    assert min(complete, partial, raised) >= number // 10
    done = Counter(kind for outcome in findings.outcomes for kind in outcome.stream.damage)
    assert set(done) >= {kind.__name__ for kind in (*EVENT_DAMAGE, *BYTE_DAMAGE, *SERVER_DAMAGE)}


@ALL
def test_damaged_streams(protocol, monkeypatch):
    """A thousand of each protocol."""
    judge(fuzzed(protocol, "ci", 1000, monkeypatch), 1000)


@pytest.mark.full
@pytest.mark.timeout(1800)
@ALL
def test_ten_thousand_damaged_streams(protocol, monkeypatch):
    """The whole count."""
    judge(fuzzed(protocol, "full", 10_000, monkeypatch), 10_000)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_judge_sees_a_door_that_takes_any_end_for_a_good_one(protocol, monkeypatch):
    """With an end mark for every stream that merely stops, as the SDKs have it, hundreds are found out."""
    from askance.providers.streaming import StreamingProvider
    from askance.records import EndChunk

    answer = StreamingProvider._answer

    async def careless(self, response):
        try:
            async for chunk in answer(self, response):
                if not isinstance(chunk, EndChunk):
                    yield chunk
        except Exception:
            pass
        yield EndChunk("stop")

    monkeypatch.setattr(StreamingProvider, "_answer", careless)
    found = faults(fuzzed(protocol, "ci", 60, monkeypatch))
    assert sum("an incomplete answer was kept" in line for line in found) > 5


@ALL
def test_an_event_without_an_end_is_given_up(protocol, monkeypatch):
    """One endless line, endless lines of one event, and a small body that unzips to either: refused, in one line."""
    lines = (b"data: " + b"x" * 6_000_000, b"data: x\n" * 800_000, b": " + b"x" * 6_000_000)
    plain = [Stream((line,)) for line in lines]
    head = {"Content-Type": "text/event-stream", "Content-Encoding": "gzip"}
    small = [Stream((gzip.compress(line, 1),), headers=head) for line in lines]
    findings = asked(protocol, [*plain, *small], monkeypatch)
    assert faults(findings) == []
    assert all("without" in str(outcome.error) for outcome in findings.outcomes)
