"""What is cut ends in a whole key or before it, and stays short."""

import random
import string

import pytest

from askance.beginning import MORE, beginning


@pytest.mark.parametrize("seed", range(50))
def test_a_key_is_told_whole_or_not_at_all(seed):
    """Wherever the cut falls, and whatever stands before."""
    rng = random.Random(seed)
    key = "".join(rng.choices(string.ascii_letters + string.digits + "_-+/", k=rng.randrange(20, 400)))
    text = f"the key = {key} and more words of a text that goes on"
    told = beginning(text, rng.randrange(16, len(key) + 10))
    assert text.startswith(told)
    assert key in told or not any(key[at : at + 6] in told for at in range(len(key) - 5))
    assert len(key) > MORE or key in told


@pytest.mark.parametrize(
    "text", ["only words of one case here", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "an_identifier_of_many_words_in_one"]
)
def test_words_are_cut_where_the_room_ends(text):
    """Names and prose are no keys."""
    assert beginning(text, 20) == text[:20]


def test_of_an_address_only_the_part_that_is_cut_is_looked_at():
    """What comes before is whole."""
    address = "see https://example.org/a/b/" + "x1Y2" * 100
    assert beginning(address, 40) == "see https://example.org/a/b/"


@pytest.mark.parametrize("room", [0, 1, 10, 100])
def test_a_text_that_fits_is_whole(room):
    """And one that does not is bounded."""
    assert beginning("k" * room, room) == "k" * room
    assert len(beginning("aB1" * 10_000, room)) <= room + MORE
