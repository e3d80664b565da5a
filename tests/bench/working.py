"""Somebody at work in a notebook, without a front end: cells that run, questions that are asked, kernels that restart.

Enters: steps of a script. Leaves: one `Asked` for each question, with what the rivals of the cache would have done.
Sessions are askance's own, with their sources, tiers and files; only the model is played, and the clock on the wall.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from session_script import Script, Step
from working_notebook import CELL_NUMBER, Asked, Notebook, State

from askance.assemble import build
from askance.providers.replay import ReplayProvider
from askance.records import Ask, Candidate
from askance.session import Session
from askance.settings import Settings
from askance.testing import FakeClock

MARK = "askance"
SPANS = {"min": 60, "h": 3600, "s": 1}


class Model:
    """Never says the same twice."""

    def __init__(self) -> None:
        self.count = 0

    def stream(self, gated: Any) -> Any:
        """One more answer."""
        self.count += 1
        return ReplayProvider([f"Answer {self.count}."]).stream(gated)

    async def warm(self) -> None:
        """Nothing to prepare."""

    async def close(self) -> None:
        """Nothing to give back."""


Said = tuple[tuple[str, str], ...]
"""Questions and answers, oldest first."""


@dataclass(frozen=True)
class Told:
    """What one answer was told: by each item's id its exact text and the ask it was said in, and what was said before."""

    texts: dict[str, tuple[str, Ask]]
    before: Said


@dataclass
class Memory:
    """What one person, or one team, has been answered: the answers by words, and every request that was made."""

    answers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    words: dict[str, str] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    meant: set[str] = field(default_factory=set)


class Office:
    """A project, people with their caches, and perhaps a Redis server between them."""

    def __init__(self, folder: Path, redis_url: str = "") -> None:
        """
        Args:
            folder: an empty one.
            redis_url: the server's address, if there is one.
        """
        self.project = folder / "project"
        self.project.mkdir(parents=True)
        self.model = Model()
        self.clock = FakeClock(1_800_000_000.0)
        self._folder = folder
        self._redis_url = ""
        self._offered_redis = redis_url
        self._settings: dict[str, Any] = {}
        self._notebooks: dict[str, Notebook] = {}
        self._memories: dict[str, Memory] = {}
        self._told: dict[str, Told] = {}
        self._here: Notebook | None = None

    def play(self, script: Script) -> list[Asked]:
        """Everything the script says; its questions, in order."""
        before = Path.cwd()
        os.chdir(self.project)
        sys.path.insert(0, str(self.project))
        try:
            return [asked for step in script.steps for asked in self._do(step)]
        finally:
            sys.path.remove(str(self.project))
            os.chdir(before)
            for notebook in self._notebooks.values():
                notebook.close()

    def _do(self, step: Step) -> list[Asked]:
        match step.verb:
            case "file" | "append":
                path = self.project / step.rest
                path.parent.mkdir(parents=True, exist_ok=True)
                earlier = path.read_text("utf-8") if step.verb == "append" else ""
                path.write_text(f"{earlier}{step.text}\n", "utf-8")
            case "git":
                self._git(step.rest)
            case "kernel" | "headless":
                self._go_to(step)
            case "cell" | "ask":
                cell = step.rest.split()[0]
                if cell in self.here.cells and self.here.cells[cell].verb != step.verb:
                    raise ValueError(f"{cell} is two cells")
                self.here.cells[cell] = step
                return self.here.run(cell)
            case "rerun" | "run":
                names = list(self.here.cells) if step.rest == "all" else step.rest.split()
                return [asked for name in names for asked in self.here.run(name)]
            case "restart":
                self.here.restart()
            case "rewind":
                self.here.rewind(int(step.rest))
            case "wait":
                number, unit = step.rest.split()
                self.clock.move(float(number) * SPANS[unit])
            case "setting":
                name, value = step.rest.split()
                self._settings[name] = float(value)
            case "redis":
                self._redis_url = self._offered_redis
            case _:
                raise ValueError(f"no step is called {step.verb!r}")
        return []

    @property
    def here(self) -> Notebook:
        """The notebook that is worked in."""
        assert self._here is not None
        return self._here

    def _go_to(self, step: Step) -> None:
        name, _, origin = step.rest.partition(" copies ")
        if name not in self._notebooks:
            self._notebooks[name] = Notebook(self, name, headless=step.verb == "headless")
            if origin:
                self._notebooks[name].cells.update(self._notebooks[origin].cells)
        self._here = self._notebooks[name]

    def _git(self, arguments: str) -> None:
        identity = {
            f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        command = ["git", *shlex.split(arguments)]
        subprocess.run(command, cwd=self.project, env={**os.environ, **identity}, check=True, capture_output=True)

    def session(self, state: State, person: str, notebook: str, *, headless: bool) -> Session:
        """A session of a new kernel."""
        home = self._folder / person
        path = None if headless else home / f"{notebook}.ipynb"
        session = build(
            Settings(gather_deadline=60.0, redis_url=self._redis_url, **self._settings),
            state,
            self.project,
            environ={"PATH": os.environ["PATH"], "HOME": str(home), "ASKANCE_CACHE_DIR": str(home / "cache")},
            notebook=lambda: path,
            patience=None,
        )
        # What `build` has no arguments for: the model, the clock on the wall, and a fence that rivals can compare.
        session.sender.make = lambda _name: self.model  # type: ignore[method-assign,assignment,return-value]
        session._wall_clock = session.recall._wall_clock = self.clock
        session.engine._new_mark = lambda: MARK
        assert session.recall.cache is not None
        session.recall.cache._wall_clock = self.clock
        return session

    def memory(self, person: str) -> Memory:
        """What the rivals' caches hold for a person; a team with a server shares one."""
        return self._memories.setdefault("team" if self._redis_url else person, Memory())

    def note(self, answer: str, sent: dict[str, str], ask: Ask, before: Said) -> None:
        """What a new answer was told: now, or earlier in its conversation and as it still is."""
        earlier = [self._told[said].texts for _, said in before if said in self._told]
        known = {id_: text for texts in earlier for id_, text in texts.items()}
        texts = {id_: (text, ask) if text else known.get(id_, ("", ask)) for id_, text in sent.items()}
        self._told[answer] = Told(texts, before)

    def differing(self, answer: str, session: Session, before: Said) -> list[str]:
        """What an answer was told and what nobody would be told now; "conversation" for what was said before.

        Every ask is gathered for once more, as it was: which lines of a file are shown depends on the question.
        """
        told, found = self._told[answer], []
        for ask in {ask.id: ask for _, ask in told.texts.values()}.values():
            now = {one.id: one for one in session.loop.run(session.engine._gatherer.gather(ask)).candidates}
            texts = {id_: text for id_, (text, where) in told.texts.items() if where.id == ask.id}
            found += [id_ for id_, text in texts.items() if id_ not in now or not _says(now[id_], text)]
        return [*found, *(["conversation"] if told.before != before else [])]


def _says(candidate: Candidate, text: str) -> bool:
    """Whether the candidate, as it is now, has this text at some level."""
    ways = (candidate.render(level) for level in candidate.levels)
    longer = (render() for render in candidate.longer)
    sought = CELL_NUMBER.sub("cell", text)
    return not text or any(CELL_NUMBER.sub("cell", way) == sought for way in (*ways, *longer))
