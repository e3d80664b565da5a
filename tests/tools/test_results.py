"""What a tool gave, as text: bounded, whatever it is."""

import asyncio
import dataclasses
import sys
import tracemalloc

import pytest

from askance.tools.results import MOST_CHARACTERS, Told, problem, told


def text(result, level=3):
    return asyncio.run(told(result, level))


@dataclasses.dataclass
class Point:
    x: int = 1


class Loud(str):
    __slots__ = ()

    def __str__(self):
        return "not this"


@pytest.mark.parametrize(
    ("result", "said"),
    [
        ("as it is\n", "as it is\n"),
        (Loud("mine"), "mine"),
        (None, "null"),
        (True, "true"),
        (3.5, "3.5"),
        ({"a": [1, (2, None)], "ü": "x"}, '{"a": [1, [2, null]], "ü": "x"}'),
        (Point(), "tests.tools.test_results.Point with x=1"),
        ({"a": Point()}, "dict of 1"),
        (object(), "object"),
        (b"abc", "bytes of length 3"),
        ({1, 2}, "set of 2: int"),
    ],
)
def test_texts_stay_data_is_json_and_objects_are_described(result, said):
    """What an object is described as depends on its type alone."""
    assert text(result).text.startswith(said)


def test_pieces_are_joined_whoever_gives_them():
    """A generator, one that awaits, and something to await that gives either."""

    async def awaited():
        return (one for one in ("a", "b"))

    async def pieces():
        yield "a"
        await asyncio.sleep(0)
        yield "b"

    assert [text(iter_).text for iter_ in ((one for one in ("a", 1)), pieces())] == ["a1", "ab"]
    coroutine = awaited()
    assert asyncio.run(told(asyncio.run(told(coroutine, 3)), 3)) == Told("ab", 2)


@pytest.mark.parametrize("kind", ["generator", "async"])
def test_an_endless_generator_is_asked_for_no_more_than_is_told(kind):
    """And is closed."""
    given, closed = [], []

    def pieces():
        try:
            while True:
                given.append(1)
                yield "x" * 1000
        finally:
            closed.append(1)

    async def awaited():
        try:
            while True:
                given.append(1)
                yield "x" * 1000
        finally:
            closed.append(1)

    found = text(pieces() if kind == "generator" else awaited())
    assert len(found.text) <= MOST_CHARACTERS + 201
    assert (len(given), closed) == (MOST_CHARACTERS // 1000 + 1, [1])


def test_empty_pieces_do_not_go_on_for_ever():
    """Their number is bounded too."""

    def pieces():
        while True:
            yield ""

    assert text(pieces()).text == ""


@pytest.mark.parametrize(
    "make",
    [
        lambda: "word " * 20_000_000,
        lambda: ["word " * 20_000_000] * 3,
        lambda: list(range(3_000_000)),
        lambda: {"k" * 5_000_000: 1, "a": [[{}] * 100_000] * 50},
    ],
)
def test_a_huge_result_is_cut_before_it_costs_anything(make):
    """Its beginning is told, and that it is one; no second copy of it is made."""
    huge = make()
    tracemalloc.start()
    try:
        found = text(huge)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.text) <= MOST_CHARACTERS + 201
    assert found.size > MOST_CHARACTERS or found.text.endswith("there is more")
    assert most < 40_000_000


def test_what_refers_to_itself_or_is_too_deep_is_described():
    """Nothing hangs, and nothing overflows."""
    loop = []
    loop.append(loop)
    deep = []
    for _ in range(sys.getrecursionlimit() * 5):
        deep = [deep]
    assert text(loop).text.startswith("list of 1")
    assert text(deep).text.startswith("list of 1")


def test_an_objects_values_are_told_at_the_level_of_what_was_read():
    """Below 3 no rows of a table leave."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"name": ["Ann", "Bob"]})
    assert "Ann" in text(frame, 3).text
    assert "Ann" not in text(frame, 2).text


def test_an_exception_that_cannot_be_told_is_its_name():
    """Its text is code of anybody's."""

    class Broken(Exception):
        def __str__(self):
            raise ValueError

    assert problem(Broken()) == "Broken"


@pytest.mark.parametrize(
    ("said", "told_"),
    [
        ("cannot open /home/ann/secret/x.csv now", "cannot open x.csv now"),
        (r"cannot open C:\Users\ann\x.csv", "cannot open x.csv"),
        ("see https://example.org/a/b and src/a/b.py", "see https://example.org/a/b and src/a/b.py"),
        ("1/2 of a/b", "1/2 of a/b"),
    ],
)
def test_a_path_loses_its_folders_and_other_things_nothing(said, told_):
    """Whose machine it is does not matter to a model."""
    assert problem(ValueError(said)) == f"ValueError: {told_}"
