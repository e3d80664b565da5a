"""No path, however it is written and by whatever way it comes, leads out of the project or to a file that is denied."""

import os
import threading
import time

import pytest
from faults.reaching import TREASURE, build
from faults.running import counted

from askance.index.files import Tree, read_bytes, scan
from askance.index.inside import is_inside, stat_inside
from askance.index.project import Project
from askance.index.root import find_root, path_inside


def test_no_path_leads_out(tmp_path):
    """Eighty paths by nine ways, in a process of its own with a hook on all that is opened."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    build(root, outside)
    found = counted("reaching", root, outside)
    assert found["count"] >= 60
    assert found["reached"] == []
    assert found["raised"] == []
    assert found["elsewhere"] == []
    assert all(text not in ("None", "[]") for text in found["good"].values())


class Swapping(threading.Thread):
    """Puts a link in a folder's place and takes it away again, as fast as it goes."""

    def __init__(self, root, outside):
        super().__init__(daemon=True)
        self.folder, self.aside, self.outside = root / "d", root / "aside.bin", outside
        self.swaps = 0
        self.ended = False

    def run(self):
        """Until told to end."""
        link = self.folder.with_name("link.bin")
        while not self.ended:
            link.symlink_to(self.outside)
            os.rename(self.folder, self.aside)
            os.rename(link, self.folder)
            self.swaps += 1
            time.sleep(0.0001)
            os.unlink(self.folder)
            os.rename(self.aside, self.folder)
            time.sleep(0.0001)


@pytest.fixture
def swapping(tmp_path):
    """A folder that is a link out of the project every other moment."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder, text in ((root / "d", "mine"), (outside, TREASURE)):
        folder.mkdir(parents=True)
        (folder / "x.py").write_text(text)
    (outside / "theirs.py").write_text(TREASURE)
    thread = Swapping(root, outside)
    thread.start()
    yield root, thread
    thread.ended = True
    thread.join()


def race(swapping, rounds):
    """Reads and scans while the folder is swapped; that a plain reading falls for it is shown first."""
    root, thread = swapping
    naive = 0
    for _ in range(100_000):
        try:
            naive += (root / "d" / "x.py").read_text() == TREASURE
        except OSError:
            continue
        if naive:
            break
    assert naive
    before = thread.swaps
    own = 0
    for _ in range(rounds):
        found = read_bytes(root, "d/x.py")
        assert found is None or found[0] == b"mine"
        own += found is not None
        assert "d/theirs.py" not in scan(root, 100).files
        tree = Tree(root, 100)
        tree.directories.update(("", "d"))
        tree.look("d/theirs.py")
        assert tree.files == {}
    assert own
    assert thread.swaps > before


def test_a_folder_that_becomes_a_link_is_not_followed(swapping):
    """Three hundred times."""
    race(swapping, 300)


@pytest.mark.full
def test_a_folder_that_becomes_a_link_is_never_followed(swapping):
    """Ten thousand times."""
    race(swapping, 10_000)


def test_a_link_that_takes_the_place_of_a_scanned_folder(tmp_path):
    """What was indexed is not read, told the size of, or called present any more, though it is the same file."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    build(root, outside)
    project = Project(root, watch=False)
    project.refresh()
    assert project.read("sub/good.py")
    (root / "sub").rename(tmp_path / "moved")
    (root / "sub").symlink_to(tmp_path / "moved")
    assert project.read("sub/good.py") is project.fingerprint("sub/good.py") is stat_inside(root, "sub/good.py") is None
    project.close()


def test_what_can_only_be_inside():
    """Plain relative paths, and nothing else."""
    assert all(map(is_inside, ("a", "a/b.py", "...", "a..b/c", ".a", "-x", "~")))
    assert not any(map(is_inside, ("", ".", "..", "/", "/a", "a/", "a//b", "a/../b", "./a", "a\0", "a/" * 200 + "b")))


def test_roots_and_places_that_are_none(tmp_path):
    """Rings of links, names that are none, and folders that may not be entered: no exception, and no place."""
    (tmp_path / "ring").symlink_to("ring")
    assert path_inside(tmp_path, tmp_path / "ring" / "x") in ("", "ring/x")
    assert path_inside(tmp_path, tmp_path / "a\0b") == ""
    assert path_inside(tmp_path, tmp_path / ".." / "x") == ""
    assert path_inside(tmp_path, tmp_path / "sub" / ".." / "x") == "x"
    (tmp_path / "p" / ".git").parent.mkdir()
    os.mkfifo(tmp_path / "p" / ".git")
    assert find_root(tmp_path / "p", tmp_path / "home") == tmp_path / "p"
