"""Text is grouped without losing or delaying any of it."""

import asyncio

from askance.chunks import coalesce


async def replay(script):
    for step in script:
        if isinstance(step, float):
            await asyncio.sleep(step)
        else:
            yield step


async def collect(script, **options):
    return [piece async for piece in coalesce(replay(script), **options)]


def test_nothing_is_lost_or_changed():
    """Whatever the pieces, the text is the same."""
    tokens = ["Hel", "lo", " wor", "ld", "\n", "```", "py\n", "x<", "1", "\n```"] * 20
    assert "".join(asyncio.run(collect(tokens))) == "".join(tokens)


def test_the_first_piece_goes_out_at_once():
    """Before the second has come, even in the middle of a word."""

    async def first():
        pieces = coalesce(replay(["Hel", 30.0, "lo"]))
        try:
            return await asyncio.wait_for(anext(pieces), 5)
        finally:
            await pieces.aclose()

    assert asyncio.run(first()) == "Hel"


def test_a_burst_becomes_few_pieces():
    """Two thousand tokens at once are not two thousand messages."""
    assert len(asyncio.run(collect(["word "] * 2000))) < 40


def test_text_is_not_held_back_when_the_model_pauses():
    """Half a word is shown after the hold, not when the next token comes."""

    async def two():
        pieces = coalesce(replay(["a ", "unfinished", 30.0, "x"]), interval=0.01, hold=0.05)
        try:
            return [await asyncio.wait_for(anext(pieces), 5) for _ in range(2)]
        finally:
            await pieces.aclose()

    assert asyncio.run(two()) == ["a ", "unfinished"]


def test_a_placeholder_is_never_cut():
    """The gate must see it whole to put the original back."""
    script = [piece for token in ["use ", "<SEC", "RET_", "1> ", "here "] for piece in (token, 0.02)]
    pieces = asyncio.run(collect(script, interval=0.001, hold=0.005))
    assert "".join(pieces) == "use <SECRET_1> here "
    assert any("<SECRET_1>" in piece for piece in pieces)


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
        source = endless()
        pieces = coalesce(source)
        await anext(pieces)
        await pieces.aclose()
        await source.aclose()

    asyncio.run(leave())
    assert closed == [True]
