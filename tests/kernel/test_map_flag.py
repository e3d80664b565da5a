"""`%ask --map`: one prompt over a column of the user's, which is looked up and never run."""

from __future__ import annotations

import pytest
from kernel.live import Kernel
from mapping.rowserver import RowServer

from askance.errors import UsageError
from askance.kernel.mapped import column

SETUP = """import pandas as pd
df = pd.DataFrame({"text": [f"v{n}" for n in range(40)], "unit price": [str(n) for n in range(40)]})
values = ["a", "b", "c"]
class Odd:
    @property
    def trap(self): raise RuntimeError("boom")
odd = Odd()
"""


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    """A kernel with a frame, and a server that answers each row with a function of its value."""
    home = tmp_path_factory.mktemp("home")
    (home / "work").mkdir()
    with RowServer() as server:
        keys = {"OPENAI_API_KEY": "key", "OPENAI_BASE_URL": f"{server.url}/v1", "ASKANCE_MODEL": "openai:gpt-6.1-terra"}
        with Kernel(home, **keys) as running:
            running.run("%load_ext askance")
            assert not running.run(SETUP).contents("error")
            yield running, server


def test_a_column_goes_into_a_variable(one):
    """With the index and name of the Series; the bar is shown, nothing is the cell's value."""
    running, server = one
    asked = running.run('%ask --map df["unit price"] --batch 10 Mark it. << marked')
    assert not asked.contents("error")
    assert not asked.contents("execute_result")
    said = running.run(
        "marked.tolist() == [f'<{n}>' for n in range(40)], marked.name, list(marked.index) == list(df.index)"
    )
    assert said.result == "(True, 'unit price', True)"
    assert [len(seen.rows) for seen in server.seen[-4:]] == [10, 10, 10, 10]


def test_a_list_is_the_cells_value(one):
    """In a cell of its own too; asked again it is known, and --fresh asks anew."""
    running, server = one
    assert "3 rows" in running.run("%%ask --map values\nMark {it}.").result
    before = len(server.seen)
    assert "3 known" in running.run("%%ask --map values\nMark {it}.").result
    assert len(server.seen) == before
    running.run("%%ask --map values --fresh\nMark {it}.")
    assert len(server.seen) == before + 1
    assert "Mark {it}." in str(server.seen[-1].body)


def test_dry_sends_nothing(one):
    """It gives the estimate."""
    running, server = one
    before = len(server.seen)
    estimate = running.run("%ask --map df.text --dry --batch 20 Count it.").result
    assert estimate.startswith("<Estimate: 40 rows, 0 known, 40 to ask for in 2 requests")
    assert len(server.seen) == before


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("--map dff", "Did you mean df?"),
        ("--map df.txt", "leads nowhere: AttributeError at 'txt'"),
        ('--map df["nope"]', "leads nowhere: KeyError at 'nope'"),
        ("--map odd.trap", "leads nowhere: RuntimeError at 'trap'"),
        ("--map df", "A DataFrame is no column"),
        ("--map df.text.tolist()", "It takes a variable"),
        ("--map values --tools", "--map and --tools do not go together"),
        ("--batch 3", "go with --map"),
        ("--map values --batch 0", "batch is 0"),
    ],
)
def test_what_is_no_column_is_one_line(one, flags, said):
    """Nothing is asked."""
    running, server = one
    before = len(server.seen)
    (line,) = running.run(f"%ask {flags} why").error
    assert said in line
    assert len(server.seen) == before


def test_what_never_leaves_is_no_column(one):
    """By the variable's name, whatever the column is called; and what is muted."""
    running, server = one
    before = len(server.seen)
    running.run("%ctx mute df")
    (line,) = running.run("%ask --map df.text why").error
    assert "df is muted, or never leaves" in line
    running.run("%ctx unmute df")
    assert len(server.seen) == before


@pytest.mark.parametrize(
    "spelled",
    ["f()", "df[0]", "df[1:2]", "df[key]", "df[f'a']", "a + b", "[1]", "lambda: 0", "df.a()", "(x := 1)", "'text'", "df[", "df['a']()",
     "__import__('os')", "df[b'a']", "*a", "", "a b", "x" * 9 + "." * 9, "(" * 9999],
)  # fmt: skip
def test_nothing_but_names_attributes_and_keys(spelled):
    """Whatever would run code is refused before anything is looked up."""
    looked = {"df": {"a": 1}, "a": 1, "b": 2, "x": 3, "key": "a", "f": lambda: pytest.fail("it ran")}
    with pytest.raises(UsageError):
        column(spelled, looked)


def test_a_column_is_found_by_its_path():
    """Names, attributes and keys in any order."""
    thing = type("Thing", (), {"part": {"a b": [1, 2]}})()
    assert column("t.part['a b']", {"t": thing}) == ("t", [1, 2])
    assert column("t", {"t": 5}) == ("t", 5)
