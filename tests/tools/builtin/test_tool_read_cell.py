"""read_cell: by number, id and "last"; levels; what is left out; long cells."""

import pytest

from askance.records import Cell


@pytest.fixture
def notebook(world):
    """Three cells that ran, one of them twice, and a question."""
    world.cells = [
        Cell(id="a", number=1, source="import pandas as pd\nx = 1"),
        Cell(id="b", number=4, source="def f(n):\n    return 'private words'\nf(2)", failed=True),
        Cell(id="q", number=5, source="%%ask\nwhat?"),
    ]
    return world


@pytest.mark.parametrize("cell", [4, "4", "last", "cell[4]", "In [4]:", "cell 4", "#4", "b", " Last "])
def test_a_cell_has_many_names(notebook, cell):
    """All of them give it whole, and read the same resource; questions are no cells."""
    assert notebook.call("read_cell", cell=cell) == "# cell[4] (failed)\ndef f(n):\n    return 'private words'\nf(2)"
    assert notebook.reads("read_cell", cell=cell) == {"cells:b"}


def test_less_is_told_below_level_3(notebook):
    """Names of what it defines and calls; nothing but its number at 0."""
    said = [notebook.call("read_cell", notebook.ask(most=most), cell=4) for most in (0, 1, 2)]
    assert said == ["cell[4] (failed)", *["cell[4] (failed)\ndefines f\ncalls f"] * 2]


def test_no_such_cell(notebook):
    """What ran is said; of a muted cell there is not even the number."""
    assert notebook.refused("read_cell", cell=2) == "There is no cell 2 that may be told of. Cells that ran: 1, 4."
    ask = notebook.ask(mutes=frozenset({"cells:b"}))
    assert notebook.refused("read_cell", ask, cell="b") == "There is no cell b that may be told of. Cells that ran: 1."
    assert notebook.fingerprint("read_cell", cell=2) is None
    notebook.cells = []
    assert "No cell has run." in notebook.refused("read_cell", cell="last")


def test_the_fingerprint_is_that_of_the_text(notebook):
    """Not of its number; "last" changes with what is last."""
    before = [notebook.fingerprint("read_cell", cell=cell) for cell in (1, "last")]
    notebook.cells = [Cell(id="a", number=9, source=notebook.cells[0].source)]
    assert notebook.fingerprint("read_cell", cell=9) == notebook.fingerprint("read_cell", cell="last") == before[0]
    assert notebook.fingerprint("read_cell", cell=1) is None
    assert before[1] not in (None, before[0])


def test_a_long_cell_comes_in_pages(notebook):
    """Whole lines, and how to get the rest."""
    notebook.cells = [Cell(id="l", number=1, source="\n".join(f"value_{number} = {number}" for number in range(900)))]
    first = notebook.call("read_cell", cell=1)
    assert len(first) < 8200
    start = int(first.rpartition("start=")[2])
    assert notebook.call("read_cell", cell=1, start=start).startswith(f"value_{start - 2} = ")


def test_a_cell_that_holds_a_file_that_is_left_out(notebook):
    """It is told by its first line; once the file may be told of, whole, and the fingerprint says so."""
    rules = notebook.write(".askignore", "hidden.py\n")
    notebook.cells = [Cell(id="w", number=1, source="%%writefile hidden.py\nTREASURE = 1")]
    assert "TREASURE" not in notebook.call("read_cell", cell=1)
    before = notebook.fingerprint("read_cell", cell=1)
    rules.unlink()
    assert "TREASURE" in notebook.call("read_cell", cell=1)
    assert notebook.fingerprint("read_cell", cell=1) != before
