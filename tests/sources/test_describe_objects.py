"""Instances of the user's classes, subclasses of Python's own types, callables, classes, and `_repr_ask_`."""

import collections
import dataclasses
import enum
import fractions
import functools
import linecache
import pathlib
import threading
import types
import typing
import uuid
import zoneinfo
from datetime import UTC, datetime

import pytest
from counting import calls_during

from askance.sources.describe import describe, fingerprint, own


@dataclasses.dataclass
class Order:
    """What was bought."""

    number: int
    item: str = "tea"
    api_key: str = "sk-1"
    _private: int = 0

    def total(self, tax: float = 0.19) -> float:
        """With tax."""
        return self.number * (1 + tax)

    @staticmethod
    def parse(text):
        return Order(int(text))

    @property
    def price(self):
        raise AssertionError


@dataclasses.dataclass(slots=True)
class Slim:
    width: int
    height: int


class Point(typing.NamedTuple):
    x: int
    y: str


class Colour(enum.Enum):
    RED = 1


class Bag(list):
    pass


def test_instances_are_told_by_what_they_store():
    """Attributes' types at outline, small values from excerpt and privacy 2, never secrets nor private ones."""
    name = f"{__name__}.Order"
    assert describe(Order(3)) == f"{name} with number int, item str, api_key str"
    assert describe(Order(3), "excerpt", 2) == f"{name} with number=3, item='tea', api_key str"
    assert describe(Order(3), "excerpt", 1) == describe(Order(3))
    assert describe(Slim(2, 3), "excerpt") == f"{__name__}.Slim with width=2, height=3"
    assert describe(types.SimpleNamespace(a=1)) == "types.SimpleNamespace with a int"
    many = Slim.__class__("Many", (), {})()
    vars(many).update({f"a{place}": place for place in range(10_001)})
    assert describe(many).endswith("Many")


def test_instances_change_with_what_they_store():
    """A changed attribute changes the fingerprint, a secret one does not."""
    assert fingerprint(Order(3)) == fingerprint(Order(3))
    assert fingerprint(Order(3)) != fingerprint(Order(4))
    assert fingerprint(Order(3)) == fingerprint(Order(3, api_key="sk-2"))
    assert fingerprint(Slim(2, 3)) != fingerprint(Slim(2, 4))


SUBCLASSES = {
    "named tuple": (Point(1, "b"), f"{__name__}.Point of 2: x int, y str"),
    "ordered": (collections.OrderedDict(a=1), "collections.OrderedDict of 1: 'a' int"),
    "default": (collections.defaultdict(list, a=[1]), "collections.defaultdict of 1: 'a' list"),
    "counter": (collections.Counter("aab"), "collections.Counter of 2: 'a' int, 'b' int"),
    "deque": (collections.deque([1, 2]), "collections.deque of 2: int"),
    "list": (Bag([1, 2]), f"{__name__}.Bag of 2: int"),
    "enumeration": (Colour.RED, f"{__name__}.Colour.RED = 1"),
}


@pytest.mark.parametrize("name", SUBCLASSES)
def test_subclasses_of_builtins(name):
    """They are described as what they are stored as, under their own name."""
    obj, said = SUBCLASSES[name]
    assert describe(obj) == said


VALUES = {
    "path": (pathlib.PurePosixPath("a/b"), "a/b"),
    "moment": (datetime(2020, 1, 2, tzinfo=UTC), "2020-01-02 00:00:00+00:00"),
    "moment in a zone": (datetime(2020, 1, 2, tzinfo=zoneinfo.ZoneInfo("UTC")), "2020-01-02 00:00:00+00:00"),
    "fraction": (fractions.Fraction(1, 3), "1/3"),
    "uuid": (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
}


@pytest.mark.parametrize("name", VALUES)
def test_single_values(name):
    """The value from privacy 2 on, else the type."""
    obj, said = VALUES[name]
    assert describe(obj).endswith(f" {said}")
    assert said not in describe(obj, "full", 1)


def test_callables():
    """Methods, partials, cached and decorated functions lead to what the user wrote."""

    def plain(first, second=2):
        """Add."""

    @functools.wraps(plain)
    def wrapper(*args):
        raise AssertionError

    assert describe(wrapper) == 'function plain(first, second=2)\n  """Add."""'
    assert describe(functools.partial(plain, 1)).startswith("functools.partial of function plain(first, second=2)")
    assert "of function plain(first, second=2)" in describe(functools.lru_cache(plain))
    assert describe(Order(3).total).startswith("method of function total(self, tax=0.19)")
    assert fingerprint(functools.partial(plain, 1)) != fingerprint(functools.partial(wrapper.__wrapped__.__class__, 1))


def test_classes():
    """Name and docstring at outline, methods' signatures and fields at excerpt, the source at full."""
    assert describe(Order) == 'class Order\n  """What was bought."""'
    lines = describe(Order, "excerpt").splitlines()
    assert {"  total(self, tax=0.19)", "  static parse(text)", "  price: property", "  number: int"} <= set(lines)
    assert "raise AssertionError" in describe(Order, "full")
    assert describe(Bag).startswith("class Bag(list)")


def test_classes_of_the_notebook():
    """The source of a class defined in a cell is found where IPython keeps it."""
    source = "class Cell:\n    def run(self):\n        return 1\n"
    linecache.cache["<cell 1>"] = (len(source), None, source.splitlines(keepends=True), "<cell 1>")
    space = {"__name__": "__main__"}
    exec(compile(source, "<cell 1>", "exec"), space)
    assert describe(space["Cell"], "full") == f"class Cell\n{source.rstrip()}"


class Frame(dict):
    def _repr_ask_(self, level):
        return f"mine at {level}"


def test_a_class_speaks_for_itself_before_what_it_inherits():
    """`_repr_ask_` wins over the describer of a known base; a later one is found at once."""
    assert describe(Frame(a=1), "excerpt") == f"{__name__}.Frame: mine at excerpt"

    class Late(list):
        pass

    assert describe(Late([1])).endswith("Late of 1: int")
    Late._repr_ask_ = lambda self, level: "told"
    assert describe(Late([1])).endswith("Late: told")
    Late._repr_ask_ = 3
    assert describe(Late([1])).endswith("Late of 1: int")


def test_a_class_that_blocks_is_asked_once(monkeypatch):
    """A `_repr_ask_` that does not return costs its time limit once; from then on the type is told."""
    monkeypatch.setattr(own, "SECONDS", 0.01)
    asked, go_on = [], threading.Event()

    class Slow:
        def _repr_ask_(self, level):
            asked.append(level)
            go_on.wait(60)
            return "late"

    said = [describe(Slow(), "excerpt") for _ in range(3)]
    assert len(fingerprint(Slow())) == 16
    go_on.set()
    assert asked == ["excerpt"]
    assert set(said) == {f"{__name__}.test_a_class_that_blocks_is_asked_once.<locals>.Slow"}


def test_a_class_may_describe_others():
    """A `_repr_ask_` may call `describe` for an object that has one too."""

    class Inner:
        def _repr_ask_(self, level):
            return "inner"

    class Outer:
        def _repr_ask_(self, level):
            return describe(Inner(), level)

    assert describe(Outer()).endswith("Inner: inner")


@pytest.mark.parametrize(
    "make",
    [
        lambda size: list(range(size)),
        lambda size: {f"k{place}": place for place in range(size)},
        lambda size: Bag(range(size)),
        lambda size: [[0] * 50] * size,
        lambda size: collections.deque(range(size)),
    ],
)
def test_work_does_not_grow_with_size(make):
    """A container of a million elements costs hardly more calls than one of a hundred thousand."""
    small, large = make(10**5), make(10**6)
    for ask in (describe, fingerprint, lambda obj: describe(obj, "full", 3)):
        ask(small), ask(large)
        assert calls_during(lambda ask=ask: ask(large)) <= 1.2 * calls_during(lambda ask=ask: ask(small))
