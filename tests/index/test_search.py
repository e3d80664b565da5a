"""What can be asked of the index: words by part and whole, columns, definitions, calls, imports."""

import json

import pytest
from index.trees import write

from askance.index.parts import parts
from askance.index.project import Project
from askance.index.symbols import landmarks, names

FILES = {
    "sheet.py": "class BalanceSheet:\n    def net_total(self):\n        return 1\n",
    "http.py": "from sheet import BalanceSheet\n\ndef openURL(HTTPServer):\n    return BalanceSheet().net_total()\n",
    "notes.md": "# Ledger sheet\n\nHow the balance is made. Call net_total() by hand.\n",
    "lib/util.ts": "import {x} from './x'\nexport function parseXMLNode(a) { return net_total (a) }\n",
    "work.ipynb": json.dumps(
        {"cells": [{"cell_type": "code", "source": "def in_cell(): pass", "outputs": ["balance"]}]}
    ),
    "net.txt": "a net, and in total something else\n",
}


@pytest.fixture
def project(tmp_path):
    """A few files of several languages."""
    write(tmp_path, FILES)
    project = Project(tmp_path, watch=False)
    project.refresh()
    yield project
    project.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("balanceSheet", "balance Sheet"),
        ("HTTPServer", "HTTP Server"),
        ("parseHTTPResponse2Go", "parse HTTP Response2 Go"),
        ("a snake_case, CONSTANT_NAME and Title", ""),
        ("foo_barBaz(x)", "bar Baz"),
        ("größeNeu", "größe Neu"),
        ("", ""),
    ],
)
def test_parts_of_names(text, found):
    """Only names in camelCase have parts; capitals in a row are one."""
    assert parts(text) == found


@pytest.mark.parametrize(
    ("word", "files"),
    [
        ("sheet", {"sheet.py", "http.py", "notes.md"}),
        ("balancesheet", {"sheet.py", "http.py"}),
        ("net_total", {"sheet.py", "http.py", "notes.md", "lib/util.ts"}),
        ("total", {"sheet.py", "http.py", "notes.md", "lib/util.ts", "net.txt"}),
        ("xml", {"lib/util.ts"}),
        ("url", {"http.py"}),
        ("in_cell", {"work.ipynb"}),
        ("outputs", set()),
    ],
)
def test_names_are_found_by_part_and_whole(project, word, files):
    """CamelCase and snake_case alike, in the text as in names; a whole snake_case name wants its parts in a row."""
    assert set(project.search([word], 9)) == files


def test_columns_say_where_a_word_stands(project):
    """Definitions have a score of their own; the order is that of `search`."""
    found = project.search_columns(["sheet"], 9)
    assert list(found) == list(project.search(["sheet"], 9))
    assert {path: {name for name, score in columns.items() if score > 0} for path, columns in found.items()} == {
        "sheet.py": {"all", "symbols"},
        "http.py": {"all"},
        "notes.md": {"all"},
    }
    assert project.search_columns([], 9) == project.search_columns(["!"], 9) == {}


def test_definitions_are_found_by_their_exact_name(project):
    """Parts of names and names that are only used define nothing."""
    wanted = ["BalanceSheet", "Sheet", "net_total", "total", "balancesheet", "parseXMLNode", "in_cell", "x y", '"', ""]
    assert project.defining(wanted) == {
        "BalanceSheet": ["sheet.py"],
        "net_total": ["sheet.py"],
        "parseXMLNode": ["lib/util.ts"],
        "in_cell": ["work.ipynb"],
    }


def test_calls_are_found_by_name(project):
    """With their lines; definitions and mentions of a part are none."""
    assert project.callers("net_total") == [("http.py", 4), ("lib/util.ts", 2), ("notes.md", 3)]
    assert project.callers("BalanceSheet") == [("http.py", 4)]
    assert project.callers("total") == project.callers('x" OR "a') == []


def test_imports_and_neighbours(project):
    """As they are written, and as files."""
    assert project.imports()["http.py"] == ("sheet:BalanceSheet",)
    assert project.imports()["notes.md"] == ()
    assert project.neighbours(["sheet.py"]) == {"http.py": 1}
    write(project.root, {"http.py": "x = 1\n", "third.py": "import sheet\n"})
    project.refresh()
    assert project.neighbours(["sheet.py"]) == {"third.py": 1}
    (project.root / "third.py").unlink()
    project.refresh()
    assert project.neighbours(["sheet.py"]) == {}


def test_the_fast_way_to_names_finds_what_landmarks_are():
    """On this project's own code."""
    from pathlib import Path

    import askance

    for path in sorted(Path(askance.__file__).parent.rglob("*.py")):
        text = path.read_text()
        assert sorted(names("x.py", text)[0]) == sorted(mark.name for mark in landmarks("x.py", text)), path
