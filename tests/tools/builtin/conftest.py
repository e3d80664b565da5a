"""A project, a kernel and the tools that look things up in them; real files, a real repository."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from askance.assemble import _sources
from askance.errors import AskanceError
from askance.index.project import Project
from askance.records import Ask, Cell, Privacy
from askance.sources.base import StaticState
from askance.tools.table import built_in


class World:
    """A project's folder, what a kernel holds, and the tools over both."""

    def __init__(self, root: Path, environ: Mapping[str, str]) -> None:
        self.root, self.environ = root, environ
        self.namespace: dict[str, object] = {}
        self.cells: list[Cell] = []
        self.error: BaseException | None = None
        self.notebook: Path | None = None
        self.never: tuple[str, ...] = ()
        self._made: tuple[Project, dict] | None = None

    @property
    def tools(self) -> dict:
        """By name; made once."""
        if self._made is None:
            project = Project(self.root, never=self.never, environ=self.environ, watch=False)
            world = self

            class State(StaticState):
                """Read anew each time."""

                def cells(self):
                    return world.cells

                def error(self):
                    return world.error

            state = State(namespace=self.namespace)
            sources = _sources(state, project, self.root, self.environ, lambda: self.notebook, state.recent_files)
            tools = built_in(state, project, self.root, self.environ, sources)
            self._made = project, {tool.name: tool for tool in tools}
        return self._made[1]

    def ask(self, **more: object) -> Ask:
        """A question; "levels", "most" and "never" are those of its privacy."""
        rules = {name: more.pop(name) for name in ("levels", "most", "never") if name in more}
        return Ask(question="?", model="m", privacy=Privacy(**rules), **more)

    def call(self, tool: str, ask: Ask | None = None, **arguments: object) -> str:
        """What a call gives."""
        return asyncio.run(self.tools[tool].run(arguments, ask or self.ask(), None))

    def refused(self, tool: str, ask: Ask | None = None, **arguments: object) -> str:
        """What a call says that cannot be made, in one error."""
        with pytest.raises(AskanceError) as caught:
            self.call(tool, ask, **arguments)
        return str(caught.value)

    def said(self, tool: str, ask: Ask | None = None, **arguments: object) -> str:
        """What a call gives or says."""
        try:
            return self.call(tool, ask, **arguments)
        except AskanceError as error:
            return str(error)

    def fingerprint(self, tool: str, **arguments: object) -> str | None:
        """Of such a call."""
        return self.tools[tool].fingerprint(arguments)

    def reads(self, tool: str, **arguments: object) -> set[str]:
        """What such a call reads."""
        return set(self.tools[tool].touches(arguments).reads)

    def write(self, path: str, text: str) -> Path:
        """A file of the project."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def git(self, *command: str) -> str:
        """Run git in the project."""
        ran = subprocess.run(["git", *command], cwd=self.root, env=self.environ, check=True, capture_output=True)
        return ran.stdout.decode().strip()

    def commit(self, subject: str) -> str:
        """Commit all there is; the commit's id."""
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def close(self) -> None:
        """End what was begun."""
        if self._made is not None:
            self._made[0].close()


@pytest.fixture
def world(tmp_path, environ):
    """An empty project and an empty kernel."""
    (tmp_path / "project").mkdir()
    made = World(tmp_path / "project", environ)
    yield made
    made.close()


@pytest.fixture
def repository(world):
    """A project with one commit of two files."""
    world.git("init", "-q", "-b", "main")
    world.write("utils.py", "def load(path):\n    return path\n")
    world.write("main.py", "from utils import load\n\nload('a.csv')\n")
    world.commit("Load files")
    return world
