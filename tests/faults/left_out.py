"""Thirty ways to leave a file out, and six ways by which it might leave all the same.

Enters: a number and an empty folder. Leaves: a tree with that file, and one beside it that may be told of.
"""

from __future__ import annotations

import codecs
import os
import runpy
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from askance.assemble import build
from askance.records import Cell
from askance.session import Session
from askance.settings import Settings
from askance.sources.base import StaticState

IDENTITY = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
BASE = {"PATH": "/usr/local/bin:/usr/bin:/bin", **IDENTITY}


@dataclass(frozen=True)
class Way:
    """How one file is left out: its path, ignore files or others beside it, and what the user set."""

    path: str
    beside: Mapping[str, str | bytes] = field(default_factory=dict)
    never: tuple[str, ...] = ()


WAYS = (
    *(Way("plans/{}.py", {kind: "plans/\n"}) for kind in (".gitignore", ".askignore", ".aiexclude", ".cursorignore")),
    *(Way("a/b/{}.py", {f"a/{kind}": "/b/*.py\n"}) for kind in (".gitignore", ".askignore", ".aiexclude")),
    Way("a/{}.py", {".git/info/exclude": "a/*.py\n"}),
    Way("private/{}.py", {".gitignore": "private/\n!private/*.py\n", "private/.gitignore": "!*\n"}),
    Way("a/{}.py", {".gitignore": "!a/*.py\n", ".askignore": "/a/\n"}),
    Way("{}.py", {".gitignore": "[z-a]\n!\n*[0-9].py\n!control*.py\n"}),
    Way("{}.py", {".askignore": codecs.BOM_UTF8 + b"/k*.py\r\n"}),
    Way("{}.py", {".askignore": codecs.BOM_UTF16_LE + "k*.py\n".encode("utf-16-le")}),
    Way("a/{}.py", {"a/.askignore": "".join(f"nothing{number}\n" for number in range(6000))}),
    Way("a/{}.py", {"rules": "a/*\n"}),
    Way(".env"),
    Way("a/.env.{}"),
    Way(".envs/.local/{}.py"),
    Way("ID_RSA"),
    Way("a/{}-Credentials.json"),
    Way("terraform.tfstate.{}"),
    Way("secrets.yaml"),
    Way(".aws/{}.py"),
    Way("venv/{}.py", {"venv/pyvenv.cfg": "home = /usr\n"}),
    Way("node_modules/{}.py"),
    Way("a/{}.py", never=("k*.py",)),
    Way("board/a/{}.py", never=("board/",)),
    Way("a/{}.py", never=("files:/a/*.py", "files:control")),
    Way("a/ k {} ä.py", {".gitignore": "/a/ k*\n"}),
    Way("a/{}.py", {".gitignore": "**/k*.py\n", "a/.gitignore": "# nothing\n"}),
)
"""One for each file. The file "rules" becomes a link by which it is an ignore file."""


class Tree:
    """A project with one file that is left out, and "control.py", which is not.

    Attributes:
        mark: stands in the file, and nowhere else.
        name: in the name of the file, unless that has to be another.
    """

    def __init__(self, number: int, folder: Path) -> None:
        way = WAYS[number]
        self.mark, self.name, self.never = f"walrus{number}marmalade", f"kestrel{number}", way.never
        self.control, self.root = f"badger{number}marmalade", folder / "project"
        self.path, self.way = way.path.format(self.name), way
        self.environ = {**BASE, "HOME": str(folder), "ASKANCE_CACHE_DIR": str(folder / "cache")}
        self.root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        for path, text in way.beside.items():
            self.write(path, text)
        if "rules" in way.beside:
            (self.root / ".gitignore").symlink_to("rules")
        self.write("control.py", code(self.control))

    def write(self, path: str, text: str | bytes) -> Path:
        """A file of the tree."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def hide(self) -> Path:
        """The file itself."""
        return self.write(self.path, code(self.mark))

    def git(self, *arguments: str) -> None:
        """Run git here."""
        subprocess.run(["git", *arguments], cwd=self.root, env=self.environ, check=True, capture_output=True)

    def session(self, state: StaticState, environ: Mapping[str, str]) -> Session:
        """A real one, over this tree."""
        settings = Settings(never=self.never, privacy=3, budget=30_000, max_output=300, cache=False)
        return build(settings, state, self.root, environ={**self.environ, **environ}, patience=None)


def code(mark: str) -> bytes:
    """Code that says its mark wherever it can, and one neutral name for each thing."""
    return f'''"""About {mark}."""
{mark} = "{mark}"


class Thing:
    """Of {mark}."""

    def {mark}(self, default="{mark}"):
        return {mark}


def run(value="{mark}"):
    """Runs {mark}."""
    {mark}_local = value
    raise ValueError("{mark}")  # {mark}
'''.encode()


def error_of(work: Callable[[], object]) -> BaseException:
    """What a piece of work raises."""
    try:
        work()
    except BaseException as error:  # noqa: BLE001  whatever it is
        return error
    raise AssertionError("it was to fail")


def raising(file: Path) -> tuple[BaseException, Mapping[str, object]]:
    """An error out of a file, with another out of it as its cause; and the objects that were made there."""
    made = runpy.run_path(str(file))

    def again() -> None:
        try:
            made["run"]()
        except ValueError as cause:
            raise ExceptionGroup("several", [error_of(made["run"])]) from cause

    return error_of(again), {"run": made["run"], "Thing": made["Thing"]}


def cells(tree: Tree) -> list[Cell]:
    """Cells that hold what the file holds, and one that does not."""
    text, path = code(tree.mark).decode(), tree.path
    sources = [
        f"%%writefile '{path}'\n{text}",
        f"# %load '{path}'\n{text}",
        f"!echo {tree.mark} > '{path}'",
        f"%%bash\ncat > '{path}' <<END\n{text}END",
        f"with open({path!r}, 'w') as file:\n    file.write('''{tree.mark}''')",
        f"from pathlib import Path\nPath({path!r}).write_text('{tree.mark}')",
        f"total = '{tree.control}'",
    ]
    return [Cell(id=f"cell{number}", number=number, source=source) for number, source in enumerate(sources, 1)]


def notebook(mark: str) -> str:
    """A notebook whose outputs show what a file holds."""
    import json

    output = {"output_type": "stream", "name": "stdout", "text": [mark]}
    cell = {"cell_type": "code", "source": ["!cat it"], "outputs": [output], "metadata": {}, "execution_count": 1}
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def linked(tree: Tree) -> list[str]:
    """Other names for the file: a link, a link to its folder, and a second name unless it is a tool's file anyway."""
    file = tree.root / tree.path
    (tree.root / "linked.py").symlink_to(file)
    (tree.root / "folder").symlink_to(file.parent)
    if not tree.path.startswith("node_modules/"):
        os.link(file, tree.root / "second.py")
    return ["linked.py", f"folder/{file.name}", "second.py"]
