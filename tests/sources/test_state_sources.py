"""Variables, cells, errors: what is offered, in which order, with which words."""

import asyncio
import linecache
import sys

from askance.records import Ask, Cell
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.error import ErrorSource
from askance.sources.variables import OFFERED, VariablesSource

ASK = Ask(question="?", model="local")


def collect(source, ask=ASK):
    return asyncio.run(source.collect(ask))


def cell(number, source, **more):
    return Cell(id=f"id{number}", number=number, source=source, **more)


def test_variables_leave_out_what_is_not_the_users():
    """Modules, private names and IPython's own are not offered."""
    state = StaticState({"x": 1, "_y": 2, "In": [], "Out": {}, "exit": 3, "get_ipython": 4, "sys": sys})
    assert [c.name for c in collect(VariablesSource(state))] == ["x"]
    assert VariablesSource(state).fingerprint("sys") is None


def test_private_names_are_offered_if_a_cell_made_them():
    """A user's `_helper` is the user's; `_`, and what IPython or a library put there, is not."""
    cells = [cell(1, "def _helper(): pass\n_, _rest = _1")]
    source = VariablesSource(StaticState({"_helper": len, "_": 1, "_rest": 2, "_1": 3, "_i1": "x"}, cells))
    assert [c.name for c in collect(source)] == ["_rest", "_helper"]
    assert source.fingerprint("_rest") is not None
    assert source.fingerprint("_1") is None


def test_of_too_many_variables_those_stay_for_which_most_speaks():
    """What is mentioned, and the last cells' names, the latest first."""
    state = StaticState({f"v{i}": i for i in range(1500)}, [cell(1, "v3"), cell(2, "v7 = v9")])
    found = collect(VariablesSource(state), Ask(question="?", model="m", mentions=("v0",)))
    assert len(found) == OFFERED
    assert found[0].name == "v0"
    assert {c.name for c in found[1:3]} == {"v9", "v7"}
    assert [c.name for c in found[3:5]] == ["v3", "v1499"]
    recency = [candidate.signals["recency"] for candidate in found[1:]]
    assert recency[0] == recency[1] == 1.0
    assert 1 > recency[2] > recency[3] == recency[4] > 0  # what no cell speaks of counts as made before the first


def test_secret_variables_give_neither_value_nor_hash():
    """Two different passwords have the same text and the same fingerprint."""
    one, two = (collect(VariablesSource(StaticState({"db_password": value})))[0] for value in ("hunter2", "swordfish"))
    assert one.render("full") == "db_password: str"
    assert one.fingerprint() == two.fingerprint()


def test_cells_leave_out_questions_and_setup():
    """Cells that only ask us or load things are no context; numbers are aliases; the asking cell is left out."""
    sources = [
        "%load_ext askance",
        "%%ask\nwhy?",
        "%config Askance.model = 'x'\n%ctx",
        "x = 1",
        "%matplotlib inline\ny = 2",
        "z",
    ]
    state = StaticState(cells=[cell(n, text) for n, text in enumerate(sources, 1)])
    found = collect(CellsSource(state), Ask(question="?", model="m", cell="id6"))
    assert [(c.name, c.aliases) for c in found] == [("id5", ("cell[5]",)), ("id4", ("cell[4]",))]
    assert [c.defines for c in found] == [("variables:y",), ("variables:x",)]
    again = Ask(question="?", model="m", cell="id6#2")  # the second ask of one execution
    assert [c.name for c in collect(CellsSource(state), again)] == ["id5", "id4"]


def test_a_cell_run_again_unchanged_keeps_its_fingerprint():
    """Its number is no part of it, its source is."""
    prints = [
        CellsSource(StaticState(cells=[Cell(id="a", number=number, source=source)])).fingerprint("a")
        for number, source in ((1, "x"), (9, "x"), (9, "y"))
    ]
    assert prints[0] == prints[1] != prints[2]


def run_cell(source):
    linecache.cache["<cell 1>"] = (len(source), None, source.splitlines(keepends=True), "<cell 1>")
    try:
        exec(compile(source, "<cell 1>", "exec"), {"__name__": "__main__"})
    except BaseException as error:
        return error
    raise AssertionError("the cell was to fail")


def test_the_error_shows_the_frames_of_cells_with_locals():
    """Message, cell, failing line, names of locals; their values at full, secret ones never; the cause in one line."""
    source = "def total(rows, token):\n    try:\n        {}['net']\n    except KeyError as e:\n        raise ValueError('no net') from e\ntotal([1], 'sk-1')\n"
    error = run_cell(source)
    source_ = ErrorSource(StaticState(cells=[cell(4, source)], error=error))
    (found,) = collect(source_)
    outline, full = found.render("outline"), found.render("full")
    assert outline.splitlines()[:2] == ["ValueError: no net", "caused by KeyError: 'net'"]
    assert "cell[4], line 5, in total" in outline
    assert "locals: rows, token" in outline
    assert "rows: list of 1: int" in full
    assert ">    5         raise ValueError('no net') from e" in full
    assert "sk-1" not in full.split("total([1]")[0]
    assert "err" in found.aliases


def test_an_exception_that_cannot_be_printed_gives_its_type():
    """Even SystemExit from __str__ stays inside."""
    error = run_cell("class Bad(Exception):\n    def __str__(self): raise SystemExit\nraise Bad")
    (found,) = collect(ErrorSource(StaticState(error=error)))
    assert found.render("name") == "Bad (its message cannot be read)"


def test_a_circle_of_causes_ends():
    """Exceptions that cause each other are told once."""
    one, two = ValueError("1"), ValueError("2")
    one.__cause__, two.__cause__ = two, one
    (found,) = collect(ErrorSource(StaticState(error=one)))
    assert found.render("outline") == "ValueError: 1\ncaused by ValueError: 2"


def test_no_error_no_candidate():
    """After a cell that went well there is nothing to say."""
    assert collect(ErrorSource(StaticState())) == []


def test_a_constant_is_looked_at_once_and_another_one_anew(monkeypatch):
    """The same object of a type that never changes has the same fingerprint; nothing large or changeable is kept."""
    looked = []
    module = sys.modules["askance.sources.variables"]
    monkeypatch.setattr(module, "fingerprint", lambda obj: looked.append(obj) or str(obj)[:5])
    namespace = {"number": 12345, "words": "ab" * 1000, "rows": [1]}
    source = VariablesSource(StaticState(namespace))
    assert [source.fingerprint("number") for _ in range(3)] == ["12345"] * 3
    assert looked == [12345]
    namespace["number"] = 54321
    assert source.fingerprint("number") == "54321"
    for name in ("words", "rows"):
        assert [source.fingerprint(name) for _ in range(2)] == [str(namespace[name])[:5]] * 2
    assert len(looked) == 6
    del namespace["number"]
    assert source.fingerprint("number") is None
