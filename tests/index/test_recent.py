"""What was touched and what was edited lately, bounded, and in order."""

import threading

import pytest

from askance.index.recent import MOST_LINES, RecentEdits, RecentFiles


def test_files_latest_first_and_bounded():
    """A file touched again comes first; the oldest leave; of equal times the later call wins."""
    recent = RecentFiles(limit=3)
    for when, path in enumerate(["a", "b", "c", "a", "d"]):
        recent.touch(path, when)
    assert recent.files() == ("d", "a", "c")
    recent.touch("e", 4.0)
    assert recent.files() == ("e", "d", "a")


def test_an_older_report_changes_no_order():
    """The front end may tell late what it saw early."""
    recent = RecentFiles()
    recent.touch("a", 5.0)
    recent.touch("b", 6.0)
    recent.touch("a", 4.0)
    recent.touch("old", 1.0)
    assert recent.files() == ("b", "a", "old")


BEFORE = """\
import os

class Ledger:
    def total(self):
        return 1

    async def close(self):
        pass

def unused(
    x,
):
    return x

limit = 3
"""


@pytest.mark.parametrize(
    ("old", "new", "added", "removed", "names"),
    [
        ("return 1", "return 2", ("        return 2",), ("        return 1",), ("total",)),
        ("pass\n", "pass\n        x = 1\n", ("        x = 1",), (), ("close",)),
        ("    x,\n", "    x,\n    y,\n", ("    y,",), (), ("unused",)),
        ("limit = 3", "limit = 4", ("limit = 4",), ("limit = 3",), ()),
        ("def unused(", "def used(", ("def used(",), ("def unused(",), ("used", "unused")),
        ("class Ledger:", "class Ledger:\n    size = 0", ("    size = 0",), (), ("Ledger",)),
        ("import os\n", "", (), ("import os",), ()),
        ("\n\nclass", "\n\n\n\nclass", (), (), ()),
        ("\n", "\r\n", (), (), ()),
    ],
)
def test_lines_and_definitions_of_an_edit(old, new, added, removed, names):
    """Lines that are new or gone, and the innermost definition each of them belongs to."""
    edits = RecentEdits()
    edits.edited("a.py", BEFORE, BEFORE.replace(old, new), 7.0)
    (edit,) = edits.edits()
    assert (edit.path, edit.when) == ("a.py", 7.0)
    assert (edit.added, edit.removed, edit.names) == (added, removed, names)


def test_two_places_and_a_move():
    """Definitions between two edits are not named; a block that moved counts neither as new nor as gone."""
    edits = RecentEdits()
    edits.edited("a.py", BEFORE, BEFORE.replace("return 1", "return 2").replace("return x", "return y"), 1.0)
    assert edits.edits()[0].names == ("total", "unused")
    edits.edited("a.py", BEFORE, "limit = 3\n" + BEFORE.removesuffix("limit = 3\n"), 2.0)
    assert edits.edits()[0].added == edits.edits()[0].removed == ()


def test_new_and_deleted_files():
    """All of a new file is added, all of a deleted one removed, up to a bound."""
    edits = RecentEdits()
    long = "".join(f"x{number} = {'1' * 1000}\n" for number in range(1000))
    edits.edited("a.py", None, long, 1.0)
    edits.edited("a.py", long, None, 2.0)
    gone, new = edits.edits()
    assert len(new.added) == len(gone.removed) == MOST_LINES
    assert max(map(len, new.added)) == 200
    assert new.removed == gone.added == ()


def test_scripts_end_their_definitions_with_braces():
    """A line after a closed function does not belong to it."""
    before = "function f() {\n  return 1;\n}\nconst run = 1;\nlet x = 2;\n"
    edits = RecentEdits()
    edits.edited("a.js", before, before.replace("return 1", "return 3").replace("x = 2", "x = 5"), 1.0)
    assert edits.edits()[0].names == ("f",)


def test_equal_texts_are_no_edit_and_the_number_is_bounded():
    """The same bytes written again are nothing; the latest edits stay."""
    edits = RecentEdits(limit=3)
    edits.edited("a.py", "x", "x", 0.0)
    for when in range(5):
        edits.edited("a.py", f"x{when}", f"x{when + 1}", when)
    assert [edit.when for edit in edits.edits()] == [4, 3, 2]


def test_several_threads():
    """Watching thread and front end write while an ask reads: nothing raises, and bounds hold."""
    files, edits, failures = RecentFiles(limit=10), RecentEdits(limit=10), []

    def work(name):
        try:
            for when in range(300):
                files.touch(f"{name}{when % 20}", when)
                edits.edited(name, str(when), str(when + 1), when)
                assert len(files.files()) <= 10
                assert len(edits.edits()) <= 10
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (len(files.files()), len(edits.edits())) == (10, 10)
