"""Errors of all shapes: deep, chained, grouped, of syntax, from libraries, and hostile ones."""

import asyncio
import itertools
import linecache
import sys
from types import SimpleNamespace

import pytest

from askance.records import Ask, Cell, Privacy
from askance.sources import frames
from askance.sources.base import StaticState
from askance.sources.error import ErrorSource
from askance.sources.frames import roughly

numbers = itertools.count()


def run(source, **namespace):
    """What a cell with this source raises."""
    name = f"<cell {next(numbers)}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__", **namespace})
    except BaseException as error:
        return error
    raise AssertionError("the cell was to fail")


def source_of(error, code="", root=""):
    return ErrorSource(StaticState(cells=[Cell(id="a", number=4, source=code)], error=error), root)


def told(error, level="outline", privacy=None, levels=(), **more):
    ask = Ask(question="?", model="m", privacy=Privacy(most=privacy, levels=tuple(levels)))
    (found,) = asyncio.run(source_of(error, **more).collect(ask))
    return found.render(level)


def test_a_deep_recursion_is_one_step():
    """A function that calls itself is told once, with its last call's variables."""
    code = "def down(n):\n    return down(n + 1)\ndown(0)\n"
    error = run(code)
    lines = told(error, "full", code=code).splitlines()
    assert [line for line in lines if line.startswith("cell")] == [
        "cell[4], line 3, in <module>",
        f"cell[4], line 2, in down ({roughly(_depth(error) - 1)} times in a row)",
    ]
    assert int(next(line for line in lines if line.startswith("  n:")).rpartition(" ")[2]) > 100
    assert len(lines) < 20


def _depth(error):
    step, count = error.__traceback__, 0
    while step is not None:
        count += step.tb_frame.f_code.co_filename.startswith("<cell")
        step = step.tb_next
    return count


def test_a_thousand_different_steps_stay_few(monkeypatch):
    """Functions that call each other: the first step, the last seven, and how many more; only these are looked at."""
    looked = []
    real = frames.lines_of
    monkeypatch.setattr(frames, "lines_of", lambda name: looked.append(name) or real(name))
    code = "def a(n):\n    if n: b(n - 1)\n    else: 1 / 0\ndef b(n):\n    a(n - 1)\na(1000)\n"
    lines = told(run(code), "excerpt", code=code).splitlines()
    assert sum(line.startswith("cell[4], line") for line in lines) == 8
    assert "… some 900 more steps" in lines
    assert len(looked) == 8


def test_depths_are_rounded():
    """One digit, so that an answer holds where the stack began elsewhere."""
    assert [roughly(n) for n in (2, 9, 10, 974, 2963)] == ["2", "9", "some 10", "some 900", "some 2000"]


def test_steps_in_libraries_are_one_line():
    """Where the user's code called them, and where they ended."""
    code = "import json\ndef load(text):\n    return json.loads(text)\nload('{')\n"
    lines = told(run(code), code=code).splitlines()
    assert lines[1:] == [
        "cell[4], line 4, in <module>",
        ">    4 load('{')",
        "cell[4], line 3, in load",
        ">    3     return json.loads(text)",
        "  locals: text",
        "… 3 steps in Python's own library, the last in raw_decode",
    ]
    pd = pytest.importorskip("pandas")
    assert " in pandas, the last in " in told(run("pd.DataFrame({'a': [1]})['b']", pd=pd))


def test_files_of_the_project_have_their_own_paths(tmp_path, monkeypatch):
    """Relative to the root; an environment inside it is a library."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "own.py").write_text("def total(rows):\n    return third.total(rows)\nimport third\n")
    (tmp_path / "env/lib/python3.11/site-packages").mkdir(parents=True)
    (tmp_path / "env/lib/python3.11/site-packages/third.py").write_text("def total(rows):\n    return rows['net']\n")
    monkeypatch.syspath_prepend(str(tmp_path / "shop"))
    monkeypatch.syspath_prepend(str(tmp_path / "env/lib/python3.11/site-packages"))
    try:
        lines = told(run("import own\nown.total({})"), root=str(tmp_path)).splitlines()
    finally:
        sys.modules.pop("own", None), sys.modules.pop("third", None)
    assert "shop/own.py, line 2, in total" in lines
    assert lines[-1] == "… 1 step in third, the last in total"


def test_causes_show_where_they_came_from():
    """From excerpt on, the last steps of each."""
    code = "def inner():\n    {}['net']\ndef outer():\n    try:\n        inner()\n    except KeyError as e:\n        raise ValueError('no') from e\nouter()\n"
    error = run(code)
    assert told(error, code=code).splitlines()[:3] == [
        "ValueError: no",
        "caused by KeyError: 'net'",
        "cell[4], line 8, in <module>",
    ]
    after = told(error, "excerpt", code=code).partition("where KeyError: 'net' came from:\n")[2]
    assert "cell[4], line 2, in inner\n" in after
    assert ">    2     {}['net']" in after


def test_groups_notes_and_their_limits():
    """The members of a group, inner groups indented; added notes; a bounded number of each."""
    inner = ExceptionGroup("inner", [KeyError("k"), OSError("o")])
    error = ExceptionGroup("outer", [inner, *(ValueError(str(n)) for n in range(7))])
    for number in range(9):
        error.add_note(f"note {number}")
    assert told(error).splitlines() == [
        "ExceptionGroup: outer (8 sub-exceptions)",
        "  - ExceptionGroup: inner (2 sub-exceptions)",
        "    - KeyError: 'k'",
        "    - OSError: o",
        *(f"  - ValueError: {n}" for n in range(4)),
        "  … 3 more",
        *(f"note {number}" for number in range(5)),
    ]


def test_a_group_of_groups_of_groups_ends():
    """However deep it is."""
    error = ValueError("x")
    for _ in range(500):
        error = ExceptionGroup("g", [error])
    assert len(told(error).splitlines()) < 10


def test_syntax_errors_point_at_their_place():
    """In a cell by its number, with the text and the column; in a string of the user's own without a place."""
    code = "x = 1\ny = (2,\nz = 3 +\n"
    error = run(code)
    lines = told(error, code=code).splitlines()
    assert lines[1].startswith("cell[4], line ")
    assert lines[2].startswith(">")
    assert lines[3].strip() == "^"
    assert lines[2][lines[3].index("^")] in "(z+=3"
    assert "     1 x = 1" in told(error, "excerpt", code=code)
    assert told(run("compile('a b', 'gone.py', 'exec')")).splitlines()[1] == "code, line 1"
    assert told(SyntaxError("odd", (7, "x", None, []))).startswith("SyntaxError")


def test_an_unchanged_error_keeps_its_fingerprint():
    """In another kernel, as another cell, at another address and depth."""
    code = "def f(n):\n    return f(n + 1)\ntry:\n    f(0)\nexcept RecursionError as e:\n    raise ValueError(object()) from e\n"
    prints = set()
    for number, limit in ((4, 1000), (9, 1010)):
        sys.setrecursionlimit(limit)
        try:
            error = run(code)
        finally:
            sys.setrecursionlimit(1000)
        prints.add(
            ErrorSource(StaticState(cells=[Cell(id="a", number=number, source=code)], error=error)).fingerprint("error")
        )
    assert len(prints) == 1


def test_hostile_exceptions_are_read_past_their_class():
    """Lies about causes, notes, members, and class are not asked; of a `__str__` of the user's own, the arguments are told."""

    class Evil(Exception):
        def __getattribute__(self, name):
            raise AssertionError(f"asked for {name}")

        def __str__(self):
            raise AssertionError("asked for its message")

    Evil.__notes__ = Evil.__cause__ = Evil.__context__ = Evil.exceptions = property(lambda self: 1 / 0)
    error = run("raise Evil", Evil=Evil)
    assert told(error, "full").splitlines()[0].endswith("Evil (its message cannot be read)")
    assert told(run("raise Evil('fine', 7)", Evil=Evil), "full").splitlines()[0].endswith("Evil: 'fine', 7")
    odd = ValueError("odd")
    odd.__notes__ = 7
    assert told(odd) == "ValueError: odd"
    odd.__notes__ = [object(), "one\nline"]
    assert told(odd).splitlines() == ["ValueError: odd", "one line"]


def test_nothing_but_the_type_without_privacy():
    """Neither message, notes nor source."""
    error = run("raise ValueError('sk-1')")
    error.add_note("sk-2")
    assert {told(error, level, privacy=0) for level in ("name", "outline", "excerpt", "full")} == {"ValueError"}


HOLDING = "def total(rows):\n    limit = 'value-1'\n    raise ValueError('value-2')\ntotal(['value-3'])\n"


def test_a_message_is_a_value_and_a_line_is_code():
    """0 the type, 1 places and names, 2 the message; lines as their cell, locals as variables of that name."""
    error = run(HOLDING)
    places = ["cell[4], line 4, in <module>", "cell[4], line 3, in total", "  locals: rows, limit"]
    assert told(error, "full", 0, code=HOLDING) == "ValueError"
    assert told(error, "full", 1, code=HOLDING).splitlines() == ["ValueError", *places]
    assert told(error, "excerpt", 2, code=HOLDING).splitlines() == ["ValueError: value-2", *places]
    usual = told(error, "full", code=HOLDING)
    assert ">    3     raise ValueError('value-2')" in usual
    assert "  limit: str 'value-1'" in usual
    lines_alone = told(error, "full", code=HOLDING, levels=[("error", 1)])
    assert lines_alone.splitlines() == ["ValueError", *places]
    assert "raise" not in told(error, "full", code=HOLDING, levels=[("cells", 2)])
    without = told(error, "full", code=HOLDING, levels=[("limit", 0)])
    assert "  limit: str\n" in without + "\n"


def test_a_group_without_its_messages():
    """At level 1 not even its members': there may be one for each value."""
    error = ExceptionGroup("value-1", [KeyError("value-2")])
    error.add_note("value-3")
    assert told(error, "full", 1) == "ExceptionGroup"


def test_code_that_nobody_knows_keeps_its_lines_and_variables():
    """It may come from a notebook that is left out, and was run by a cell."""
    lines = told(run(HOLDING), "full").splitlines()
    assert lines == ["ValueError: value-2", "cell, line 4, in <module>", "cell, line 3, in total"]


def test_a_cell_is_known_by_its_other_lines_where_it_has_magics():
    """What runs has calls in their place."""
    cell = "%matplotlib inline\n    1 / 0\n"
    code = "get_ipython().run_line_magic('matplotlib', 'inline')\n1 / 0\n"
    error = run(code, get_ipython=lambda: SimpleNamespace(run_line_magic=lambda *_: None))
    assert told(error, code=cell).splitlines()[1:] == ["cell[4], line 2, in <module>", ">    2 1 / 0"]
    assert told(error, code="2 / 0").splitlines()[1:] == ["cell, line 2, in <module>"]
