"""Puts secrets into all that an ask may send, asks through a real session, and tells what became of each.

Enters: the number of a round, which places nine of the sixty secrets. Leaves: an `Outcome` for each.
"""

from __future__ import annotations

import json
import subprocess
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from .secret_kinds import ENCODINGS, Placed, placed

PLACES = (
    "variables",
    "columns",
    "files",
    "environment",
    "git",
    "cells",
    "tracebacks",
    "prompts",
    "tool results",
)


@dataclass
class World:
    """A machine with a project and a kernel, as one ask finds it."""

    home: Path
    root: Path
    environ: dict[str, str]
    namespace: dict[str, object] = field(default_factory=dict)
    cells: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    untracked: list[str] = field(default_factory=list)
    error: BaseException | None = None
    earlier: str = ""
    question: list[str] = field(default_factory=list)
    tools: dict[str, str] = field(default_factory=dict)

    def know(self, number: int, one: Placed) -> None:
        """Put a value where programs keep such values."""
        stores: tuple[tuple[str, str], ...] = (
            (".netrc", f"machine m{number}.example.org login me password {one.secret}\n"),
            (".pgpass", f"db{number}.example.org:5432:*:me:{one.secret}\n"),
            (".aws/credentials", f"[p{number}]\naws_secret_access_key = {one.secret}\n"),
        )
        if number % 5 == 3:
            self.environ[f"SERVICE{number}_PASSWORD"] = one.secret
        elif number % 5 == 4:
            _append(self.root / ".env", f"SERVICE{number}_TOKEN='{one.secret}'\n")
        else:
            path, text = stores[number % 5]
            _append(self.home / path, text)


def marker(place: str, number: int) -> str:
    """A word that says that a thing was sent; it looks like nothing."""
    return f"marker_{place.replace(' ', '_')}_{'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}"


def _short(one: Placed) -> str:
    """Of a long value the beginning is told, and in that of a service account there is nothing secret: so its key alone."""
    return json.loads(one.text)["private_key"] if one.text.startswith("{") else one.text


def _variables(world: World, mark: str, one: Placed) -> None:
    world.namespace[mark] = {"inner": [_short(one)]} if one.other else _short(one)
    world.question.append(f"@{mark}")


def _columns(world: World, mark: str, one: Placed) -> None:
    text = _short(one)
    frame = pd.DataFrame({text: [1, 2]}) if one.other else pd.DataFrame({"notes": [text] * 2, "n": [1, 2]})
    world.namespace[mark] = frame
    world.question.append(f"@{mark}")


def _files(world: World, mark: str, one: Placed) -> None:
    name, text = f"{mark}.py", f"# {mark}\nclient = connect({one.text!r})\n"
    if one.other:
        name, text = f"{mark}.md", f"# Deployment\n\nUse {mark} with `{one.text}` there.\n"
    (world.root / name).write_text(text)
    world.question.append(f"@{name}")


def _environment(world: World, mark: str, one: Placed) -> None:
    """What people do with their environment: they look at it, as a dict or as `!env` prints it."""
    name = mark.upper() if one.other else f"{mark.upper()}_SECRET"
    world.environ[name] = _short(one)
    seen = {"HOME": "/home/me", name: _short(one)}
    world.namespace[mark] = seen if one.other else [f"{key}={value}" for key, value in seen.items()]
    world.question.append(f"@{mark}")


def _git(world: World, mark: str, one: Placed) -> None:
    text = " ".join(one.text.split())
    if one.other and len(text) < 150 and not set(text) & set('/\\"\0'):
        world.untracked.append(f"{mark} {text}.txt")
    else:
        world.subjects.append(f"{mark}: now with {text}" if one.other else f"{mark} {text}")
    world.question.append("@git")


def _cells(world: World, mark: str, one: Placed) -> None:
    text = f"!curl -H 'X-{mark}: {one.text}' https://x.example.org" if one.other else f"{mark} = connect({one.text!r})"
    world.cells.append(text)
    world.question.append(f"@cell[{len(world.cells)}]")


def _tracebacks(world: World, mark: str, one: Placed) -> None:
    file = world.root / f"steps_{mark}.py"
    line = f"raise ValueError('{mark}')" if one.other else f"raise ValueError('{mark} refused ' + said)"
    file.write_text(
        f"def step(said):\n    client = {one.text!r}\n    return fail(client)\n\n\ndef fail(said):\n    {line}\n"
    )
    module = types.ModuleType(file.stem)
    exec(compile(file.read_text(), str(file), "exec"), vars(module))
    try:
        module.step("nothing")
    except ValueError as error:
        world.error = error
    world.question.append("@err")


def _prompts(world: World, mark: str, one: Placed) -> None:
    said = f"What is {mark} with {one.text} about?"
    if one.other:
        world.earlier = said
    else:
        world.question.insert(0, said)


def _tool_results(world: World, mark: str, one: Placed) -> None:
    result = json.dumps({mark: one.text}) if one.other else f"$ cat {mark}\n{one.text}\n"
    world.tools[mark] = result
    world.question.append(f"@{mark}")


HOW: Mapping[str, Callable[[World, str, Placed], None]] = dict(
    zip(
        PLACES,
        (_variables, _columns, _files, _environment, _git, _cells, _tracebacks, _prompts, _tool_results),
        strict=True,
    )
)


def secrets_of(number: int) -> dict[str, Placed]:
    """The nine secrets of a round, by place. In sixty rounds every place has each of the sixty."""
    return {place: placed(number + 7 * at, number * len(PLACES) + at) for at, place in enumerate(PLACES)}


def world_of(number: int, folder: Path, environ: Mapping[str, str]) -> World:
    """The machine of a round.

    Args:
        number: of the round.
        folder: an empty one.
        environ: the variables to begin with.
    """
    world = World(folder / "home", folder / "project", {**environ, "HOME": str(folder / "home")})
    for made in (world.home, world.root):
        made.mkdir(parents=True)
    for at, (place, one) in enumerate(secrets_of(number).items()):
        if one.known:
            world.know(number + at, one)
        HOW[place](world, marker(place, number), one)
    _commit(world)
    return world


def _commit(world: World) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=world.root, env=world.environ, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    (world.root / ".gitignore").write_text(".env\n")
    git("add", "-A")
    git("commit", "-q", "-m", "begin")
    for subject in world.subjects:
        git("commit", "-q", "--allow-empty", "-m", subject)
    for name in world.untracked:
        (world.root / name).write_text("untracked")


def _append(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a") as out:
        out.write(text)


__all__ = ["ENCODINGS", "PLACES", "World", "marker", "secrets_of", "world_of"]
