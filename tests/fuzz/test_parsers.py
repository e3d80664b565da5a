"""Every parser of ours on texts of its own language gone wrong: its own errors alone, bounded results, bounded time."""

import json
import time
from contextlib import suppress

import pytest
from fuzz.parsers import COMMON, DEEP, ODD, PARSERS, changed, size
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EACH = pytest.mark.parametrize("name", PARSERS)
EXAMPLES = 25
LONG = 100_000
SLOW = 0.15
"""Seconds of a thread below which nobody cares how the time grows."""


def texts(parser):
    """Words of its language, of any language, and anything."""
    word = st.sampled_from([*parser.words, *COMMON]) if parser.words else st.sampled_from(COMMON)
    json_values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5) | word, inner, max_size=4),
        max_leaves=8,
    )
    pieces = st.one_of(word, word, word, st.text(max_size=6), json_values.map(json.dumps))
    made = st.lists(pieces, max_size=24).map("".join)
    deep = st.tuples(st.text(max_size=3), st.sampled_from(DEEP)).map("".join)
    if not parser.seed:
        return made | made | made | made | deep
    odd = st.builds(
        changed, st.just(parser.seed), st.lists(st.integers(0, 40), min_size=1, max_size=6), st.sampled_from(ODD)
    )
    return odd | odd | odd | made | deep


def outcome(parser, text):
    """What it gives; None for an error that it may raise. Any other error is the test's."""
    try:
        return parser.call(text)
    except parser.errors:
        return None


def look(name, examples):
    """Its own errors alone, and no more than a few times what was given."""
    parser = PARSERS[name]

    @settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=[*HealthCheck]
    )
    @given(texts(parser))
    def check(text):
        assert size(outcome(parser, text)) <= parser.grows * len(text) + 2000

    check()


@EACH
def test_a_parser_raises_its_own_errors_alone(name):
    """A few texts for each."""
    look(name, EXAMPLES)


@pytest.mark.full
@pytest.mark.timeout(1800)
@EACH
def test_a_parser_raises_its_own_errors_alone_whatever_comes(name):
    """Two thousand texts for each."""
    look(name, 2000)


def seconds(parser, text):
    """Time of this thread alone: what else the machine does has no part in it."""
    begun = time.thread_time()
    with suppress(RecursionError):
        outcome(parser, text)
    return time.thread_time() - begun


def grows_too_fast(parser, motif, length=4_000):
    """Whether four times the text takes ten times the time: so does a pattern that looks at all of it again and again."""
    text = motif * (4 * length // len(motif) + 1)
    if seconds(parser, text[: 4 * length] + "!") < SLOW:
        return False
    short, long = (min(seconds(parser, text[:size] + "!") for _ in range(2)) for size in (length, 4 * length))
    return long > max(SLOW, 10 * short)


@EACH
def test_no_text_is_looked_at_again_and_again(name):
    """Each word of its language thousands of times: the time grows with the text, and not with its square."""
    parser = PARSERS[name]
    slow = [motif for motif in (*parser.words, "a", " ", "\n", "`", "(") if grows_too_fast(parser, motif)]
    assert slow == []


@pytest.mark.full
@pytest.mark.timeout(1800)
@EACH
def test_a_long_text_takes_no_time_to_speak_of(name):
    """A hundred thousand characters of each word, and of each pair with a common one: three seconds at most."""
    parser = PARSERS[name]
    motifs = [*parser.words, *COMMON, *(word + common for word in parser.words for common in ("a", "\n", " ", '"'))]
    slow = {}
    for motif in motifs:
        taken = seconds(parser, (motif * (LONG // len(motif) + 1))[:LONG] + "!")
        if taken > 3:
            slow[motif] = taken
    assert slow == {}
