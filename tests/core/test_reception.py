"""What arrives of an answer is kept, and can be shown."""

import asyncio

import pytest

from askance.reception import Reception
from askance.records import EndChunk, TextChunk, Usage, UsageChunk


def received(*chunks, reception=None):
    """The pieces of text, and the reception they came through."""
    reception = reception or Reception(lambda: 3.0, 1.0)

    async def said():
        for chunk in chunks:
            yield chunk

    async def read():
        return [text async for text in reception.texts(said())]

    return asyncio.run(read()), reception


def test_counts_times_and_the_end_are_kept():
    """The text passes, everything else stays."""
    texts, reception = received(TextChunk(""), TextChunk("a"), UsageChunk(Usage(input=3)), EndChunk("length"))
    assert texts == reception.pieces == ["a"]
    assert (reception.usage, reception.end, reception.first_text) == (Usage(input=3), EndChunk("length"), 2.0)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (["a \ud83d", "\udc0d b"], ["a ", "🐍 b"]),
        (["\ud83d", "\udc0d"], ["🐍"]),
        (["\ud83d\udc0d"], ["🐍"]),
        (["a\ud83d", "b"], ["a", "�b"]),
        (["\udc0d a"], ["� a"]),
        (["a\ud83d"], ["a", "�"]),
        (["🐍", "é"], ["🐍", "é"]),
    ],
)
def test_halves_of_a_character_are_put_together(said, shown):
    """A server may split a character in two deltas; a half alone cannot be encoded, and would break the message."""
    texts, reception = received(*map(TextChunk, said))
    assert texts == reception.pieces == shown
    assert "".join(texts).encode()
