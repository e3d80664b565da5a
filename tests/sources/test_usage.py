"""What cells do with names: needs, gives values, changes, takes away."""

import pytest

from askance.sources.usage import usage


@pytest.mark.parametrize(
    ("source", "needs", "made"),
    [
        ("y = x + 1", {"x"}, {"y": "value"}),
        ("x = 1\ny = x", set(), {"x": "value", "y": "value"}),
        ("x += 1", {"x"}, {"x": "value"}),
        ("a, (b, *c) = d", {"d"}, {"a": "value", "b": "value", "c": "value"}),
        ("for i, row in rows: total = total + row", {"rows", "total"}, {"i": "loop", "row": "loop", "total": "value"}),
        ("def f(a, b=k): c = a + g; return c", {"k", "g"}, {"f": "function"}),
        ("class A(B):\n    x = y\n    def m(self): return z", {"B", "y", "z"}, {"A": "class"}),
        ("s = [x * w for x in xs if x]", {"xs", "w"}, {"s": "value"}),
        ("f = lambda a, *b: a + c", {"c"}, {"f": "value"}),
        ("import numpy as np, os.path\nfrom x import *", set(), {"np": "import", "os": "import"}),
        ("with open(p) as f: t = f.read()", {"open", "p"}, {"f": "value", "t": "value"}),
        ("n: int", set(), {}),
        ("if (n := len(q)) > 1: n", {"len", "q"}, {"n": "value"}),
    ],
)
def test_scopes(source, needs, made):
    """Only what comes from before is needed, only the cell's own level is made."""
    found = usage(source)
    assert found.needs == needs
    assert {name: how.kind for name, how in found.made.items()} == made


@pytest.mark.parametrize(
    ("source", "changed"),
    [
        ("df['a'] = 1", {"df"}),
        ("df.x.y = 1", {"df"}),
        ("rows.append(1)", {"rows"}),
        ("n += 1", {"n"}),
        ("df['a'], b = 1, 2", {"df"}),
        ("df.head()", set()),
    ],
)
def test_what_changes_in_place(source, changed):
    """Items, attributes, augmented assignments, and methods that change by habit."""
    assert usage(source).changed == changed


def test_how_a_name_was_made():
    """Its statement's text, and the names that it reads; where a name is spoken of last."""
    found = usage("a = 1\nb = f(a,\n      c)\nprint(a)\nd")
    assert found.made["b"].statement == "b = f(a,\n      c)"
    assert found.made["b"].sources == {"f", "a", "c"}
    assert found.own == {"a"}
    assert (found.touched["b"], found.touched["a"], found.touched["d"]) == (0.5, 0.75, 1.0)


def test_what_is_deleted_is_not_made():
    """`del` undoes what the cell made; made again it stays."""
    assert (usage("x = 1\ndel x").made, usage("x = 1\ndel x").deleted) == ({}, {"x"})
    assert (set(usage("del x\nx = 1").made), usage("del x\nx = 1").deleted) == ({"x"}, set())


@pytest.mark.parametrize(
    ("source", "needs", "made"),
    [
        ("%%time\ny = x", {"x"}, {"y"}),
        ("%time y = f(x)", {"f", "x"}, {"y"}),
        ("%timeit -n 10 f(x)", {"f", "x"}, set()),
        ("%matplotlib inline\n!ls {x}\ny = 1", set(), {"y"}),
        ("files = !ls\ndf?\ny = files", set(), {"files", "y"}),
        ("%%bash\nx=1", set(), set()),
        ("if z:\n    %time y = x", {"z", "x"}, {"y"}),
        ("print x", {"print", "x"}, set()),
    ],
)
def test_magics_and_old_prints(source, needs, made):
    """Python behind magics is read, everything else blanked."""
    assert (usage(source).needs, usage(source).made.keys()) == (needs, made)


@pytest.mark.parametrize("source", ["y = (x\nz = y", "def f(a):\n  y = \n", "\x00x = 1", "x" * 30_000, "(" * 5000, ""])
def test_what_cannot_be_parsed_never_raises(source):
    """Broken cells are read line by line; the names in them still count."""
    found = usage(source)
    assert found.made.keys() <= found.touched.keys()
    if source.startswith("y = (x"):
        assert (found.needs, found.made.keys()) == ({"x"}, {"y", "z"})
