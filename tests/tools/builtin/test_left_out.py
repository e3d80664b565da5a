"""Files that are left out, in thirty ways, by every tool and several routes: nothing of them is told, and the other file is."""

import os
import sys

import pytest
from faults.left_out import WAYS, Tree, cells, code, linked, raising


def names(tree):
    """What the file may be called."""
    path = tree.path
    file = tree.root / path
    return [
        path, f"./{path}", str(file), f"{path}/", path.upper(), f"sub/../{path}", f"{tree.root}/../project/{path}", os.path.relpath(file),
        *linked(tree),
    ]  # fmt: skip


def prepared(world, number, folder):
    """The tree with the file in every place that a tool looks at."""
    tree = Tree(number, folder)
    tree.hide()
    tree.write("moved.py", code(tree.mark))
    tree.git("add", "-f", "control.py", "moved.py")
    tree.git("commit", "-qm", "Begin")
    tree.git("add", "-f", tree.path)
    tree.git("commit", "-qm", f"Write {tree.path} about nothing" if " " not in tree.path else "Write")
    (tree.root / "moved.py").unlink()
    tree.write(tree.path, code(tree.mark) + b"# changed\n")
    tree.write("control.py", code(tree.control) + b"# changed\n")
    world.root, world.environ, world.never = tree.root, tree.environ, tree.never
    world.error, made = raising(tree.root / tree.path)
    world.namespace |= made
    world.cells = cells(tree)
    return tree


def calls(tree):
    """Every tool, by everything that means the file."""
    paths = names(tree)
    yield from (("read_file", {"path": path}) for path in paths)
    for path in paths:
        yield from ((tool, {"path": path}) for tool in ("git_diff", "git_log"))
    yield from (("git_diff", more) for more in ({}, {"staged": True}, {"against": "HEAD~1"}))
    yield from (("git_log", more) for more in ({}, {"query": "write"}, {"path": os.path.dirname(tree.path) or "."}))
    for word in (tree.mark, "Thing", "run", "value", tree.name):
        yield from (("search_project", {"query": word, "in": kind}) for kind in ("text", "names"))
    yield from (
        ("list_files", {"pattern": pattern}) for pattern in ("", "*", "*.py", os.path.dirname(tree.path), tree.path)
    )
    yield from (("inspect_variable", {"name": name}) for name in ("run", "Thing", "Thing.run", "run.__doc__"))
    yield from (("read_cell", {"cell": cell.id}) for cell in cells(tree))
    stem = tree.path.removesuffix(".py").replace("/", ".").strip(".")
    for module in (stem, stem.rpartition(".")[2], "linked", "second", "control"):
        yield from (("package_docs", {"name": f"{module}{name}"}) for name in ("", ".Thing", ".run"))
    yield "last_error", {}


def check(world, number, folder, monkeypatch):
    """No mark, nor a name where it is not said already; the control in as many tools as can tell of it."""
    tree = prepared(world, number, folder)
    monkeypatch.chdir(tree.root)
    monkeypatch.setattr(sys, "path", [*sys.path, str((tree.root / tree.path).parent)])
    told = {}
    for tool, arguments in calls(tree):
        said = world.said(tool, world.ask(most=3), **arguments)
        asked = [str(value) for value in arguments.values()]
        asked += [tree.path] if any(tree.name in one for one in asked) else []
        for word in sorted(asked, key=len, reverse=True):  # what the model said itself
            said = said.replace(word, "") if len(word) > 3 else said
        assert tree.mark not in said, (tool, arguments)
        assert f"{tree.name}." not in said or tool == "read_cell", (tool, arguments)
        told.setdefault(tool, []).append(said)
        world.fingerprint(tool, **arguments)
    for tool, text in (
        ("search_project", tree.control),
        ("list_files", "control.py"),
        ("git_diff", tree.control),
        ("package_docs", tree.control),
    ):
        assert any(text in said for said in told[tool]), tool
    assert tree.control in world.call("read_file", world.ask(most=3), path="control.py")
    return sum(map(len, told.values()))


@pytest.mark.parametrize("number", range(0, len(WAYS), 5))
def test_a_fifth(world, tmp_path, monkeypatch, number):
    """Some seventy calls for each way."""
    assert check(world, number, tmp_path / "tree", monkeypatch) > 60


@pytest.mark.full
@pytest.mark.parametrize("number", range(len(WAYS)))
def test_all_of_them(world, tmp_path, monkeypatch, number):
    """Thirty ways, every tool."""
    assert check(world, number, tmp_path / "tree", monkeypatch) > 60
