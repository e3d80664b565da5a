"""The index after any edits equals one made anew, and nothing is written that did not change."""

import os
import shutil

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from index.trees import held, write

from askance.index.files import scan
from askance.index.project import Project

NAMES = ["a.py", "b.md", "c.ipynb", "d.csv", "pkg/e.py", "pkg/sub/f.ts", "lib/g.py", "lib/sub/h.rs"]
FOLDERS = ["pkg", "pkg/sub", "lib", "lib/sub", "moved"]
TEXTS = [
    b"", b"def balanceSheet(rows):\n    return rows\n", b"import os\nfrom .e import x, y\nclass HTTPServer:\n    pass\n",
    b"# Heading\n\ntext\n", b'{"cells": [{"cell_type": "code", "source": ["x = 1"]}]}', b'{"cells": [', b"name,age\nAnna,3\n",
    b"bin\0ary", "straße".encode("latin-1"), b"export const x = require('./y')\n", b"x" * 1_000_001,
]  # fmt: skip
RULES = [b"", b"*.py\n", b"lib/\n", b"!b.md\n*.md\n", b"sub\n"]

edits = st.one_of(
    st.tuples(st.just("write"), st.sampled_from(NAMES), st.sampled_from(TEXTS)),
    st.tuples(st.just("delete"), st.sampled_from(NAMES)),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("move"), st.sampled_from(FOLDERS), st.sampled_from(FOLDERS)),
    st.tuples(
        st.just("ignore"), st.sampled_from([".gitignore", ".askignore", "pkg/.gitignore"]), st.sampled_from(RULES)
    ),
    st.tuples(st.just("environment"), st.sampled_from(FOLDERS)),
    st.tuples(st.just("look")),
)


def apply(root, edit):
    """Do one edit, and give the paths that a watcher would report."""
    kind, *rest = edit
    path = root / rest[0] if rest else root
    if kind in ("write", "ignore", "environment"):
        target = path / "pyvenv.cfg" if kind == "environment" else path
        if target.is_dir() or any(parent.is_file() for parent in target.parents):
            return []
        missing = [parent for parent in target.parents if not parent.exists()]
        write(root, {target.relative_to(root): rest[1] if len(rest) > 1 else b""})
        return [target, *missing]
    if kind == "delete" and path.is_file():
        path.unlink()
        return [path]
    if kind in ("rename", "move") and path.exists() and rest[0] != rest[1]:
        target = root / rest[1]
        if not target.exists() and target.parent.is_dir() and not target.is_relative_to(path):
            path.rename(target)
            return [path, target]
    return []


def rebuilt(root):
    """All that a new index of the tree holds."""
    project = Project(root, watch=False)
    project.refresh()
    try:
        return held(project._mirror.store)
    finally:
        project.close()


class Reported:
    """A watcher that is told what happened."""

    alive = True
    trouble = ""

    def __init__(self, root, wanted, on_change):
        self.root, self.on_change = root, on_change

    def start(self):
        return False

    def catch_up(self):
        return True

    def stop(self):
        pass

    def tell(self, paths):
        for path in paths:
            self.on_change("" if path.is_dir() else path.relative_to(self.root).as_posix())


@pytest.mark.parametrize("watched", ["files and folders", "files", ""])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(script=st.lists(edits, min_size=1, max_size=12))
def test_after_any_edits_the_index_equals_a_new_one(tmp_path_factory, watched, script):
    """By reported paths, with new folders or without, and by stat scans; looked at between the edits, or at their end."""
    root = tmp_path_factory.mktemp("tree")
    write(root, {"a.py": TEXTS[1], "pkg/e.py": TEXTS[2], "lib/sub/h.rs": b"fn main() {}\n"})
    project = Project(root, watch=False)
    project.refresh()
    watcher = Reported(root, None, project._mirror.note)
    project._mirror._watcher = watcher if watched else None
    for edit in script:
        paths = apply(root, edit)
        if edit[0] != "move" and watched == "files":
            paths = [path for path in paths if not path.is_dir()]
        if watched:
            watcher.tell(paths)
        if edit[0] == "look":
            project.refresh()
    project.refresh()
    assert held(project._mirror.store) == rebuilt(root)
    project._mirror._watcher = None
    project.close()
    shutil.rmtree(root)


def old(root, *paths):
    for path in paths:
        os.utime(root / path, (1, 1))


def test_only_texts_that_changed_are_written(tmp_path):
    """A touched file, a rewritten one of the same bytes and a second kernel's view cost no write; an edit costs one."""
    tree = tmp_path / "tree"
    write(tree, {f"f{i}.py": f"x = {i}" for i in range(20)})
    old(tree, *(f"f{i}.py" for i in range(20)))
    first = Project(tree, folder=tmp_path / "index", watch=False)
    first.refresh()
    assert first._mirror.written == 20
    write(tree, {"f1.py": "x = 1"})
    os.utime(tree / "f2.py", (2, 2))
    first.refresh()
    assert first._mirror.written == 20
    write(tree, {"f3.py": "y = 3"})
    second = Project(tree, folder=tmp_path / "index", watch=False)
    second.refresh()
    first.refresh()
    assert (first._mirror.written, second._mirror.written) == (20, 1)
    assert list(first.search(["y"], 5)) == list(second.search(["y"], 5)) == ["f3.py"]
    first.close()
    second.close()


def test_a_new_file_in_a_known_folder_needs_no_scan(tmp_path, monkeypatch):
    """It is judged by the ignore files that were read before; one below a left-out folder makes no work at all."""
    write(tmp_path, {"pkg/a.py": "", ".gitignore": "*.log\nout/\n", "out/x.py": ""})
    project = Project(tmp_path, watch=False)
    project.refresh()
    watcher = project._mirror._watcher = Reported(tmp_path, None, project._mirror.note)
    scans = []
    monkeypatch.setattr("askance.index.mirror.scan", lambda *a, real=project._mirror.tree: scans.append(1) or real)
    new = ["pkg/b.py", "pkg/c.log", "out/y.py", "out/deep/z.py", ".env", "pkg/big.txt"]
    write(tmp_path, dict.fromkeys(new, "beta") | {"pkg/big.txt": "x" * 1_000_001})
    watcher.tell([tmp_path / path for path in new])
    project.refresh()
    assert (list(project.search(["beta"], 9)), scans) == (["pkg/b.py"], [])
    assert project.notes == ("1 files are too large",)
    project._mirror._watcher = None
    project.close()


def test_files_in_new_folders_need_no_scan(tmp_path, monkeypatch):
    """The ignore files in them hold; a link to a folder, and a folder that is gone again, are left to a scan."""
    write(tmp_path, {"a.py": ""})
    project = Project(tmp_path, watch=False)
    project.refresh()
    watcher = project._mirror._watcher = Reported(tmp_path, None, project._mirror.note)
    scans = []
    monkeypatch.setattr("askance.index.mirror.scan", lambda *a: scans.append(1) or scan(*a))
    new = ["new/b.py", "new/deep/c.py", "new/deep/out/d.py", "new/deep/e.log"]
    write(tmp_path, dict.fromkeys(new, "beta") | {"new/.gitignore": "*.log\nout/\n"})
    watcher.tell([tmp_path / path for path in new[:2]])
    project.refresh()
    assert (project.paths(), scans) == (["a.py", "new/b.py", "new/deep/c.py"], [])
    watcher.tell([tmp_path / path for path in new])
    project.refresh()
    assert (project.paths(), scans) == (["a.py", "new/b.py", "new/deep/c.py"], [])
    (tmp_path / "link").symlink_to(tmp_path / "new")
    watcher.tell([tmp_path / "link/b.py", tmp_path / "gone/f.py"])
    project.refresh()
    assert (project.paths(), scans) == (["a.py", "new/.gitignore", "new/b.py", "new/deep/c.py"], [1])
    project._mirror._watcher = None
    project.close()


def test_edits_are_remembered_with_what_changed(tmp_path):
    """The lines that came and went, and the definition they belong to."""
    write(tmp_path, {"a.py": "def total():\n    return 1\n"})
    project = Project(tmp_path, watch=False)
    project.refresh()
    watcher = project._mirror._watcher = Reported(tmp_path, None, project._mirror.note)
    write(tmp_path, {"a.py": "def total():\n    return 2\n"})
    watcher.tell([tmp_path / "a.py"])
    project.refresh()
    (edit,) = project.edits()
    assert (edit.path, edit.added, edit.removed, edit.names) == (
        "a.py",
        ("    return 2",),
        ("    return 1",),
        ("total",),
    )
    project._mirror._watcher = None
    project.close()
