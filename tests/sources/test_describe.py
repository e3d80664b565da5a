"""Objects in words: bounded, by exact type, and without running their code."""

import linecache
import subprocess
import sys

import pytest

from askance.sources.describe import describe, facts, fingerprint, looks_secret

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")

CALLS = []


def touched(name):
    def method(self, *args, **kwargs):
        CALLS.append(name)
        raise SystemExit(name)

    return method


DUNDERS = (
    "__getattribute__ __getattr__ __len__ __repr__ __str__ __eq__ __bool__ __iter__ __hash__ __format__ __dir__ "
    "__getitem__ __contains__ __int__ __float__ __index__ __call__ __array__ __sizeof__ __reduce__"
).split()


class Meta(type):
    def __getattribute__(cls, name):
        CALLS.append("meta " + name)
        raise SystemExit(name)

    def __hash__(cls):
        CALLS.append("meta hash")
        return 1

    def __eq__(cls, other):
        CALLS.append("meta eq")
        return True

    def __instancecheck__(cls, other):
        CALLS.append("meta instancecheck")
        return True


def hostile_class():
    """Made in a function: pytest looks at what stands in a module."""
    return Meta("Hostile", (), {name: touched(name) for name in DUNDERS})


class Liar:
    """Says it is a data frame."""

    @property
    def __class__(self):
        CALLS.append("class")
        return pd.DataFrame

    shape = (1, 1)

    def __len__(self):
        CALLS.append("len")
        return 3


Pretender = type("DataFrame", (), {"__module__": "pandas", "__len__": touched("len"), "__repr__": touched("repr")})


def objects():
    kind = hostile_class()
    hostile = object.__new__(kind)
    mixed = np.empty(2, dtype=object)
    mixed[0], mixed[1] = 1, hostile
    return {
        "hostile": hostile,
        "liar": Liar(),
        "pretender": Pretender(),
        "list": [hostile, 1],
        "dict": {"key": hostile},
        "array": mixed,
        "frame": pd.DataFrame({"a": pd.Series(mixed, dtype=object)}),
        "default": lambda x=hostile: x,
        "class": kind,
    }


@pytest.mark.parametrize("name", ["hostile", "liar", "pretender", "list", "dict", "array", "frame", "default", "class"])
def test_hostile_objects_are_never_run(name):
    """No method of an unknown type, nor of its metaclass, is called at any level, and nothing is raised."""
    obj = objects()[name]
    CALLS.clear()
    for privacy in range(4):
        for level in ("name", "outline", "excerpt", "full"):
            assert describe(obj, level, privacy)
    assert len(fingerprint(obj)) == 16
    assert {type(fact) for fact in facts(obj).values()} <= {int, str}
    assert CALLS == []


def test_unknown_objects_give_their_type_alone():
    """An object of an unknown type has one description at all levels."""
    assert {describe(Liar(), level, 3) for level in ("name", "outline", "full")} == {f"{__name__}.Liar"}


BIG = {
    "frame of 10,000 columns": lambda: pd.DataFrame(
        np.zeros((5, 10_000)), columns=[f"column_{i}" for i in range(10_000)]
    ),
    "frame of a million rows": lambda: pd.DataFrame({"a": np.arange(10**6), "b": ["x"] * 10**6}),
    "huge integer": lambda: 10**5000,
    "long string": lambda: "x" * 10**6,
    "long list": lambda: list(range(10**6)),
    "nested lists": lambda: [[[["word"] * 30] * 30] * 30] * 30,
    "large dict": lambda: {f"key {i}": "value" * 100 for i in range(10**5)},
    "array": lambda: np.zeros(10**7),
    "bytes": lambda: b"x" * 10**7,
}


@pytest.mark.parametrize("name", BIG)
def test_descriptions_are_bounded(name):
    """No level of anything exceeds 4,000 characters."""
    obj = BIG[name]()
    sizes = [
        len(describe(obj, level, privacy)) for level in ("name", "outline", "excerpt", "full") for privacy in range(4)
    ]
    assert max(sizes) < 4000


def test_wide_frames_count_what_they_leave_out():
    """The first 60 columns are named and the others counted."""
    wide = pd.DataFrame(np.zeros((1, 10_000)), columns=[f"c{i}" for i in range(10_000)])
    assert describe(wide).endswith("c59 float64, +9,940 more")


def test_privacy_decides_what_of_a_frame_is_told():
    """0 type, 1 schema, 2 statistics, 3 rows; no value below 3, and never one of a secret column."""
    frame = pd.DataFrame({"city": ["Bonn", "Kiel"] * 10, "gross": range(20), "password": ["hunter2"] * 20})
    assert describe(frame, "full", 0) == "pandas.DataFrame"
    assert "gross int64" in describe(frame, "full", 1)
    assert "mean" not in describe(frame, "full", 1)
    assert "gross: min 0, mean 9.5, max 19" in describe(frame, "full", 2)
    assert "Bonn" not in describe(frame, "full", 2)
    assert "Bonn" in describe(frame, "full", 3)
    assert "hunter2" not in describe(frame, "full", 3)


def test_small_values_are_told_from_level_two():
    """A number or a short string is its own statistic; keys that look secret keep their values."""
    assert describe(5) == "int 5"
    assert describe(5, "full", 1) == "int"
    assert describe("x" * 81).startswith("str 'xxx")
    assert (
        describe({"a": 1, "api_key": "sk"}, "excerpt")
        == "dict of 2: 'a' int, 'api_key' str\n{'a': 1, 'api_key': <str>}"
    )


class Told:
    def __init__(self, say):
        self.say = say

    def _repr_ask_(self, level):
        return self.say(level)


def test_a_class_may_speak_for_itself():
    """`_repr_ask_` is used if it gives a string; raising, lying and endless ones give the type."""
    assert describe(Told(lambda level: f"seen at {level}"), "excerpt") == f"{__name__}.Told: seen at excerpt"
    assert describe(Told(lambda level: 3)) == f"{__name__}.Told"
    assert describe(Told(lambda level: sys.exit("no"))) == f"{__name__}.Told"
    assert len(describe(Told(lambda level: "x" * 10**6), "full")) < 4000
    assert describe(Told(lambda level: "x"), "full", 0) == f"{__name__}.Told"


def test_functions_give_signature_docstring_and_source():
    """Signature and first line at outline; the source, cells' included, at full."""
    source = 'def f(a, b=2, *rest, key="k", **more):\n    """First.\n\n    Second."""\n    return (\n        a\n    )\n'
    linecache.cache["<cell>"] = (len(source), None, source.splitlines(keepends=True), "<cell>")
    space = {"__name__": "__main__"}
    exec(compile(source, "<cell>", "exec"), space)
    assert describe(space["f"]) == 'function f(a, b=2, *rest, key=\'k\', **more)\n  """First."""'
    assert describe(space["f"], "full").endswith(source.rstrip())
    assert describe(space["f"], "outline", 1).startswith("function f(a, b=…")


CHANGES = {
    "a cell of a small frame": (lambda: pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), lambda d: d.assign(b=["x", "z"])),
    "a column more": (lambda: pd.DataFrame({"a": range(10**5)}), lambda d: d.assign(b=1)),
    "a row more": (lambda: pd.DataFrame({"a": range(10**5)}), lambda d: pd.concat([d, d[:1]])),
    "the last row": (lambda: pd.DataFrame({"a": range(10**5)}), lambda d: d.assign(a=[*range(10**5 - 1), -1])),
    "a column renamed": (lambda: pd.DataFrame({"a": [1]}), lambda d: d.rename(columns={"a": "b"})),
    "a dtype": (lambda: np.zeros(5), lambda a: a.astype("float32")),
    "an element": (lambda: np.zeros(1000), lambda a: np.append(a[:-1], 1)),
    "a shape": (lambda: np.zeros(6), lambda a: a.reshape(2, 3)),
    "a list's element": (lambda: [1, [2, 3]], lambda v: [1, [2, 4]]),
    "a set's element": (lambda: {"a", "b"}, lambda v: {"a", "c"}),
    "a string": (lambda: "one", lambda v: "two"),
    "the last digit of a huge integer": (lambda: 10**5000, lambda v: v + 1),
}


@pytest.mark.parametrize("name", CHANGES)
def test_fingerprints_change_with_what_is_told(name):
    """Equal objects made twice agree, a changed one differs."""
    make, change = CHANGES[name]
    assert fingerprint(make()) == fingerprint(make())
    assert fingerprint(change(make())) != fingerprint(make())


SCRIPT = """
import numpy as np, pandas as pd
from askance.sources.describe import fingerprint
class Own: pass
def f(a, b={1, 2}): return {"x", "y", a}
frame = pd.DataFrame({"s": ["a", None] * 50, "t": pd.date_range("2020", periods=100, tz="UTC"), "c": pd.Categorical(["u"] * 100)})
for obj in (3, "s", {"b", "a", "c"}, frozenset("xyz"), [object()], {"k": {"v"}}, np.arange(9), frame, frame["t"], frame.index, Own(), Own, f):
    print(fingerprint(obj))
"""


def test_fingerprints_are_equal_in_fresh_processes():
    """Neither addresses nor hash seeds enter a fingerprint."""
    runs = [
        subprocess.run(
            [sys.executable, "-c", SCRIPT], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        )
        for seed in ("1", "2")
    ]
    assert len(runs[0].stdout.split()) == 13
    assert runs[0].stdout == runs[1].stdout


def test_names_that_look_secret():
    """Secrets are caught, look-alikes are not."""
    secret = (
        "api_key",
        "API_KEY",
        "hf_token",
        "hfToken",
        "DB_PASSWORD",
        "password_hash",
        "credentials",
        "apiKey",
        "access_tokens",
    )
    harmless = ("tokenizer", "n_tokens", "tokens", "key", "author", "sort_key", "passenger", "monkey", "x")
    assert [name for name in secret if not looks_secret(name)] == []
    assert [name for name in harmless if looks_secret(name)] == []


def test_polars_frames_and_lazy_frames():
    """A polars frame is a table; of a LazyFrame only the schema is read and no function of the user runs."""
    pl = pytest.importorskip("polars")
    ran = []
    lazy = pl.LazyFrame({"a": [1]}).with_columns(pl.col("a").map_elements(ran.append, return_dtype=pl.Int64).alias("b"))
    assert describe(lazy, "full", 3) == "polars.LazyFrame, not collected\ncolumns: a Int64, b Int64"
    assert len(fingerprint(lazy)) == 16
    assert ran == []
    frame = pl.DataFrame({"a": range(10), "s": ["x"] * 10})
    assert "a: min 0, max 9" in describe(frame, "excerpt", 2)
    assert fingerprint(frame) != fingerprint(frame.with_columns(a=pl.lit(1)))
