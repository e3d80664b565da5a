"""Several questions as one, and the answer taken apart."""

from hypothesis import given
from hypothesis import strategies as st

from askance.merging.sections import Sections, heading, joined
from askance.merging.share import divided
from askance.records import Usage

MARK = "qwertyui"
LINES = st.lists(st.text(alphabet="ab =-#`\r\x0b\u2028q1", max_size=12), max_size=6).map("\n".join)


def taken_apart(pieces, count, whole=True):
    """The answers' texts, and the numbers of those that are whole."""
    sections = Sections(count, MARK)
    texts = [""] * count
    for piece in pieces:
        for number, text in sections.feed(piece):
            texts[number - 1] += text
    for number, text in sections.end(whole=whole):
        texts[number - 1] += text
    return [text.strip() for text in texts], sections.whole


@given(st.lists(LINES, min_size=1, max_size=5), st.data())
def test_what_was_put_together_comes_apart(answers, data):
    """Wherever the stream is cut, and whatever stands in the answers."""
    text = "".join(f"{heading(MARK, number)}\n{answer}\n" for number, answer in enumerate(answers, 1))
    text += heading(MARK, 0)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=20)))
    pieces = [text[one:other] for one, other in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    texts, whole = taken_apart(pieces, len(answers))
    assert texts == [answer.strip() for answer in answers]
    assert whole == set(range(1, len(answers) + 1))


def test_headings_in_other_dress_are_headings():
    """Models put them in bold, in fences' signs, with a colon."""
    for dress in ("**=== {} 1 ===**", "### {} 1", "{} 1:", "=== {} 1 ===\r", "  === {} 1 ==="):
        texts, _ = taken_apart([f"{dress.format(MARK)}\nyes\n{heading(MARK, 0)}"], 1)
        assert texts == ["yes"], dress


def test_a_word_about_a_heading_is_none():
    """The mark in the middle of a sentence, or of another answer's code, divides nothing."""
    texts, whole = taken_apart([f"{heading(MARK, 1)}\nsee {MARK} 2\nx = '{heading(MARK, 2)}'\n"], 2, whole=False)
    assert texts == [f"see {MARK} 2\nx = '{heading(MARK, 2)}'", ""]
    assert whole == set()


def test_a_heading_that_comes_again_or_from_nowhere_begins_nothing():
    """Nobody's answer is overwritten or lengthened by it."""
    said = "\n".join(
        [heading(MARK, 1), "one", heading(MARK, 2), "two", heading(MARK, 1), "other", heading(MARK, 9), "nine"]
    )
    assert taken_apart([said], 2)[0] == ["one", "two"]


def test_pieces_come_as_they_are_spoken():
    """A line that can be no heading is not held back until its end."""
    sections = Sections(1, MARK)
    _ = list(sections.feed(f"{heading(MARK, 1)}\n"))
    assert list(sections.feed("The answ")) == [(1, "The answ")]
    assert list(sections.feed("== q")) == [(1, "== q")]
    assert list(sections.feed("\n==")) == [(1, "\n")]
    assert list(sections.feed("= qwer")) == []


def test_questions_stand_as_they_were_written():
    """Braces and all: nothing is formatted."""
    text = joined(["what is {x}?", "and %s"], MARK)
    assert "\nwhat is {x}?\n" in text
    assert text.endswith("\nand %s")


def test_what_it_took_is_divided_without_a_rest():
    """The shares add up to the whole."""
    usage = Usage(input=101, output=37, cached=50, written=3)
    shares = divided(usage, [10, 0, 27])
    assert sum(shares, Usage()) == usage
    assert divided(Usage(output=3), [0, 0])[0].output == 3
