"""Text is grouped without losing or delaying any of it, and cut where a reader would pause."""

import asyncio
import itertools
import selectors
from contextlib import aclosing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from askance.chunks import HOLD, INTERVAL, coalesce

EPSILON = 1e-6


class _NoWaiting(selectors.DefaultSelector):
    """Passes the time instead of waiting for it."""

    now = 0.0

    def select(self, timeout=None):
        """What is ready; the clock moves on by the timeout."""
        self.now += timeout or 0.0
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock is moved by its own sleeping."""

    def __init__(self):
        self.clock = _NoWaiting()
        super().__init__(self.clock)

    def time(self):
        """Seconds since its beginning."""
        return self.clock.now


async def replay(script):
    """A source: text is said, a number is a pause in seconds, an exception is raised."""
    for step in script:
        if isinstance(step, float):
            await asyncio.sleep(step)
        elif isinstance(step, Exception):
            raise step
        else:
            yield step


def collect(script, pieces=None, **options):
    """(second, piece) of all that comes out, by a clock that takes no time."""
    pieces = [] if pieces is None else pieces
    with asyncio.Runner(loop_factory=_Loop) as runner:
        clock = runner.get_loop().time

        async def run():
            async with aclosing(coalesce(replay(script), clock, **options)) as stream:
                async for piece in stream:
                    pieces.append((clock(), piece))

        runner.run(run())
    return pieces


def arrivals(script):
    """When each character arrived."""
    now, times = 0.0, []
    for step in script:
        if isinstance(step, float):
            now += step
        else:
            times += [now] * len(step)
    return times


PAUSES = st.sampled_from([0.0, 0.001, 0.005, 0.02, 0.033, 0.06, 0.15, 0.24, 0.4])
TOKENS = st.one_of(
    st.text("ab .!\n`~\u0301\u200d🐍é_", max_size=12),
    st.sampled_from(
        ["\n", " word", "Done. ", "- item\n", "```py\n", "\n```\n", "語です。", "1. ", "e\u0301", "👩\u200d🔬"]
    ),
)
SCRIPTS = st.lists(st.one_of(TOKENS, PAUSES), max_size=120)


@settings(max_examples=300)
@given(SCRIPTS, st.sampled_from([0.0, INTERVAL, 0.1, 0.2, 5.0]))
def test_nothing_is_lost_changed_or_kept_waiting(script, pace):
    """The text is the same; each character is out 0.25 s after its own arrival; pieces keep the front end's pace."""
    pieces = collect(script, interval=lambda: pace)
    assert "".join(text for _, text in pieces) == "".join(step for step in script if isinstance(step, str))
    assert all(text for _, text in pieces)
    shown = [when for when, text in pieces for _ in text]
    assert all(out - came <= 0.25 for out, came in zip(shown, arrivals(script), strict=True))
    # the last one may come as soon as the answer ends
    times = [when for when, _ in pieces[:-1]]
    least = min(max(pace, INTERVAL), HOLD) - EPSILON
    assert all(later - sooner >= least for sooner, later in itertools.pairwise(times))


@given(
    st.lists(
        st.sampled_from(["One two. ", "three", " four", "\n", "- item\n", "x = 1\n", "```py\n", "```\n"]), min_size=1
    )
)
def test_a_quick_stream_is_cut_between_words_at_least(words):
    """At two hundred tokens a second every piece but the first and the last ends where a word does."""
    script = [step for word in words for step in (word, 0.005)]
    pieces = collect(script)
    for _, text in pieces[1:-1]:
        assert text[-1].isspace()


def test_the_first_piece_goes_out_at_once():
    """Before the second has come, even in the middle of a word, and when the source never pauses."""
    assert collect(["Hel", 30.0, "lo"])[0] == (0.0, "Hel")
    assert collect(["Hel", "lo"])[0] == (0.0, "Hel")


def test_a_burst_becomes_few_pieces():
    """Two thousand tokens at once are not two thousand messages."""
    assert len(collect(["word "] * 2000)) == 2


def test_ten_seconds_become_about_ten_pieces_a_second():
    """Two hundred tokens a second of one long sentence: word ends, ten times a second."""
    pieces = collect([step for _ in range(2000) for step in (" word", 0.005)])
    assert 90 <= len(pieces) <= 110


def test_little_text_waits_for_a_tenth_of_a_second():
    """Short lines go together: a message costs 650 bytes before it says anything."""
    pieces = collect([step for _ in range(400) for step in ("A line.\n", 0.005)])
    assert 25 <= len(pieces) <= 35
    assert all(len(text) >= 96 for _, text in pieces[1:-1])


def test_lines_and_sentences_come_before_words():
    """A finished line goes at the next look, a sentence too; words wait for a tenth of a second."""
    script = [
        "First. ",
        0.04,
        "A line\nand a ",
        0.04,
        "sentence. And ",
        0.04,
        "some words with no en",
        0.1,
        "d",
        0.3,
        "!",
    ]
    texts = [text for _, text in collect(script)]
    assert texts == ["First. ", "A line\n", "and a sentence. ", "And some words with no ", "end", "!"]


@pytest.mark.parametrize(
    "tokens",
    [
        ["use ", "<SEC", "RET_", "1> ", "here "],
        ["text\n", "``", "`pyth", "on title", "=x\n", "a\n"],
        ["one ", "👩\u200d", "🔬 ", "two "],
        ["one ", "e", "\u0301 ", "two "],
    ],
)
def test_what_belongs_together_is_never_cut(tokens):
    """A gate's placeholder, the line that opens a fence, a character of several code points."""
    whole = "".join(tokens)
    inside = {"<SECRET_1>", "```python title=x\n", "👩\u200d🔬", "e\u0301"}
    (kept,) = [part for part in inside if part in whole]
    for pause in (0.004, 0.01, 0.02, 0.034, 0.045):
        pieces = [text for _, text in collect([step for token in tokens for step in (token, pause)])]
        assert any(kept in piece for piece in pieces)


def test_a_placeholder_is_not_cut_however_late_it_is():
    """The gate must see it whole to put the original back."""
    pieces = collect(["use ", "<SEC", 1.0, "RET_", 1.0, "1> ", "here "])
    assert any("<SECRET_1>" in piece for _, piece in pieces)


def test_the_front_end_says_how_fast():
    """A page that can draw five times a second gets five pieces a second, from the moment it says so."""
    pace = [0.0]
    script = [step for _ in range(400) for step in ("A long line " * 9 + "\n", 0.005)]
    fast = len(collect(script, interval=lambda: pace[0]))
    pace[0] = 0.2
    assert 55 <= fast <= 62
    assert len(collect(script, interval=lambda: pace[0])) <= 12


def test_a_fault_comes_after_the_text_before_it():
    """What arrived is shown, then the error is raised."""
    pieces = []
    with pytest.raises(ValueError, match="broken"):
        collect(["Hello ", "wor", ValueError("broken")], pieces)
    assert "".join(text for _, text in pieces) == "Hello wor"


def test_closing_closes_the_source():
    """Leaving early closes the provider's stream, and so its socket."""
    closed = []

    async def endless():
        try:
            while True:
                yield "x "
                await asyncio.sleep(0.001)
        finally:
            closed.append(True)

    async def leave():
        pieces = coalesce(endless())
        await anext(pieces)
        await pieces.aclose()
        return list(closed)

    assert asyncio.run(leave()) == [True]


def test_cancelling_closes_the_source():
    """The same for a task that is cancelled while it waits for text."""
    closed = []

    async def silent():
        try:
            yield "x "
            await asyncio.sleep(3600)
        finally:
            closed.append(True)

    async def leave():
        pieces = coalesce(silent())
        await anext(pieces)
        waiting = asyncio.create_task(anext(pieces))
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.wait({waiting})
        return list(closed)

    assert asyncio.run(leave()) == [True]
