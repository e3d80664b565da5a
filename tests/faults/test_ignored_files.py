"""Files that are left out, by six routes: nothing of them is in what a server receives, and others arrive."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from faults.left_out import WAYS, Tree, cells, code, error_of, linked, notebook, raising
from scripted_server import Reply, ScriptedServer

from askance.sources.base import StaticState

ROUTES = ("collector", "tool", "diff", "traceback", "cell", "link")
ALL = [(number, route) for number in range(len(WAYS)) for route in ROUTES]
TENTH = [(number, ROUTES[(number // 2) % 6]) for number in range(0, len(WAYS), 2)] + [
    (9, "diff"),
    (15, "link"),
    (27, "cell"),
]


@pytest.fixture(scope="module")
def server():
    """One that answers anything."""
    with ScriptedServer([Reply(["Because."])]) as running:
        yield running


class Asked:
    """A tree, and questions about it."""

    def __init__(self, number: int, folder: Path, server: ScriptedServer) -> None:
        self.tree = Tree(number, folder)
        self.server = server

    def about(self, question: str, state: StaticState | None = None, **options: object) -> bytes:
        """All that the server got of a question."""
        session = self.tree.session(state or StaticState(), self.environ)
        before = len(self.server.requests)
        session.ask(question, **options)
        session.loop.run(session.close())
        session.loop.close()
        return b"".join(request.body for request in self.server.requests[before:])

    @property
    def environ(self) -> dict[str, str]:
        """Where the model is."""
        return {"OPENAI_API_KEY": "sk-of-a-test", "OPENAI_BASE_URL": self.server.base_url, "ASKANCE_MODEL": "openai:m"}


def collector(asked: Asked) -> bytes:
    """The file is open, was edited lately, fits the question, is mentioned and pinned; so does the other."""
    tree = asked.tree
    tree.hide()
    names = [tree.path, "control.py"]
    question = (
        f"which tabs are open, what is Thing, and what does run do with value? @{Path(tree.path).name} @control.py"
    )
    state = StaticState(open_files=names, recent_files=names)
    return asked.about(question, state, pins=[f"files:{tree.path}", f"imports:{tree.path}"])


def tool(asked: Asked) -> bytes:
    """By its name, from whatever asks for it."""
    tree = asked.tree
    tree.hide()
    session = tree.session(StaticState(), asked.environ)
    for source in ("files", "imports"):
        assert session.engine.fingerprint(source, tree.path) is None
        assert session.engine.facts(source, tree.path) == {}
    assert not session.engine.named([tree.path, Path(tree.path).name]) - {"error:error"}
    assert session.engine.fingerprint("files", "control.py") is not None
    session.loop.run(session.close())
    session.loop.close()
    return asked.about(f"what is in @{tree.path} and @./{tree.path} and @control.py?")


def diff(asked: Asked) -> bytes:
    """It is staged, changed, named in a commit, and another file was renamed to it."""
    tree = asked.tree
    file = tree.hide()
    tree.write("old.py", b"x = 1\n" * 20)
    tree.git("add", "old.py")
    tree.git("commit", "-qm", "Begin")
    tree.git("add", "-f", tree.path)
    tree.git("commit", "-qm", f"Write {tree.path} about nothing" if " " not in tree.path else "Write")
    file.write_bytes(code(tree.mark) + b"# changed\n")
    asked.tree.git("rm", "-q", "--cached", "old.py")
    body = asked.about("what did I change since the last commits? @git")
    assert tree.name.encode() not in body
    assert b"Begin" in body
    assert b"untracked: control.py" in body or b"control.py" in body
    return body


def traceback(asked: Asked) -> bytes:
    """Code of it failed, by itself and where it does not even parse; a question is asked about each."""
    tree = asked.tree
    error, made = raising(tree.hide())
    body = asked.about("why does it fail? @err @run @Thing", StaticState(namespace=dict(made), error=error))
    control, others = raising(tree.root / "control.py")
    found = asked.about("why does it fail? @err @run @Thing", StaticState(namespace=dict(others), error=control))
    assert found.count(tree.control.encode()) > 5
    broken = tree.write(tree.path, code(tree.mark) + b"def = 1\n")
    wrong = error_of(lambda: compile(broken.read_text(), str(broken), "exec"))
    return body + asked.about("why does it not parse? @err", StaticState(error=wrong)) + found


def cell(asked: Asked) -> bytes:
    """Cells wrote it, loaded it, and showed it."""
    tree = asked.tree
    ran = cells(tree)
    tree.write("other.ipynb", notebook(tree.mark).encode())
    pins = [f"cells:{one.id}" for one in ran] + ["files:other.ipynb"]
    here = Path.cwd()
    os.chdir(tree.root)
    try:
        body = asked.about("what do these cells do? @other.ipynb", StaticState(cells=ran), pins=pins)
    finally:
        os.chdir(here)
    assert b"cell[1]" in body
    assert b"!cat it" in body
    return body


def link(asked: Asked) -> bytes:
    """Under other names, as another file's new name, and where the index was built before it was left out."""
    tree = asked.tree
    tree.hide()
    others = linked(tree)
    body = asked.about(f"what does run do? {' '.join(f'@{one}' for one in others)} @control.py")
    tree.write("moved.py", code(tree.mark))
    (tree.root / tree.path).unlink()
    (tree.root / "moved.py").rename(tree.root / tree.path)
    tree.write("late.py", code(tree.mark))
    session = tree.session(StaticState(recent_files=["late.py"]), asked.environ)
    tree.write(
        ".cursorignore",
        b"late.py\n" + (tree.root / ".cursorignore").read_bytes()
        if (tree.root / ".cursorignore").exists()
        else b"late.py\n",
    )
    before = len(asked.server.requests)
    session.ask("what does run do with value? @late.py @control.py")
    session.loop.run(session.close())
    session.loop.close()
    return body + b"".join(request.body for request in asked.server.requests[before:])


WORK = {"collector": collector, "tool": tool, "diff": diff, "traceback": traceback, "cell": cell, "link": link}


def check(number: int, route: str, folder: Path, server: ScriptedServer) -> None:
    """Nothing of the file left, and the other did."""
    asked = Asked(number, folder, server)
    body = WORK[route](asked)
    assert asked.tree.mark.encode() not in body
    if route != "diff":
        assert asked.tree.control.encode() in body


@pytest.mark.parametrize(("number", "route"), TENTH)
def test_a_tenth(number, route, tmp_path, server):
    """Each route three times, by other ways to leave a file out."""
    check(number, route, tmp_path, server)


@pytest.mark.full
@pytest.mark.parametrize(("number", "route"), ALL)
def test_all_of_them(number, route, tmp_path, server):
    """Thirty files by six routes."""
    check(number, route, tmp_path, server)
