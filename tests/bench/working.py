"""Somebody at work in a notebook, without a front end: cells that run, questions that are asked, kernels that restart.

Enters: steps of a script. Leaves: one `Asked` for each question, with what the rivals of the cache would have done.
Sessions are askance's own, with their sources, tiers and files; only the model is played, and the clock on the wall.
"""

from __future__ import annotations

import hashlib
import importlib
import linecache
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from session_script import Script, Step

from askance.assemble import build
from askance.providers.replay import ReplayProvider
from askance.records import Ask, Candidate, Cell, LedgerReady
from askance.session import Session
from askance.settings import Settings
from askance.sources.base import StaticState
from askance.testing import FakeClock

MARK = "askance"
SPANS = {"min": 60, "h": 3600, "s": 1}
CELL_NUMBER = re.compile(r"cell\[\d+\]")
"""A cell that runs again has another number, and says the same."""


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


@dataclass(frozen=True)
class Told:
    """What one answer was told: each item's exact text, by its id, and what was said before."""

    texts: dict[str, str]
    before: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Asked:
    """One question of a script.

    Attributes:
        tier: where askance had the answer, None if the model was asked.
        stale: whether that answer was told otherwise than it would be now.
        by_words: whether a cache by the question's words alone has an answer; `stale_by_words`: whether that is stale.
        by_request: whether a cache by the exact request has one.
        repeats: whether this very request was made before, cells' numbers aside.
    """

    tier: str | None
    stale: bool
    by_words: bool
    stale_by_words: bool
    by_request: bool
    repeats: bool


@dataclass
class Memory:
    """What rivals know that one person, or one team, has: the answer by words, and every request that was made."""

    words: dict[str, str] = field(default_factory=dict)
    requests: set[str] = field(default_factory=set)
    meant: set[str] = field(default_factory=set)


class Notebook:
    """A notebook with its kernel."""

    def __init__(self, office: Office, name: str, *, headless: bool) -> None:
        """
        Args:
            office: where it stands.
            name: "person/notebook".
            headless: whether it is run as a scheduler does.
        """
        self.cells: dict[str, Step] = {}
        self._office = office
        self._person, _, self._name = name.partition("/")
        self._headless = headless
        self._session: Session | None = None
        self.restart()

    def restart(self) -> None:
        """A new kernel: no variables, an empty memory; disk and conversations stay."""
        self.close()
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", "") or "").startswith(str(self._office.project)):
                del sys.modules[name]
        importlib.invalidate_caches()
        self.namespace: dict[str, Any] = {"__name__": "__main__"}
        self._ran: list[Cell] = []
        self._state = State(self.namespace, self._ran)
        self._session = self._office.session(self._state, self._person, self._name, headless=self._headless)

    def close(self) -> None:
        """End the kernel."""
        if self._session is not None:
            self._session.loop.run(self._session.close())
            self._session.loop.close()

    @property
    def session(self) -> Session:
        """Its session."""
        assert self._session is not None
        return self._session

    def run(self, cell: str) -> list[Asked]:
        """Run one cell."""
        step = self.cells[cell]
        return [self._ask(cell, step)] if step.verb == "ask" else self._execute(cell, step.text)

    def _execute(self, cell: str, source: str) -> list[Asked]:
        self._state.number += 1
        name = f"<{self._person} {cell} {self._state.number}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        self._state.failed = None
        try:
            exec(compile(source, name, "exec"), self.namespace)
        except Exception as error:  # noqa: BLE001  as a kernel does: it is shown, and asked about
            self._state.failed = error
        id_ = hashlib.blake2b(source.encode(), digest_size=8).hexdigest() if self._headless else cell
        kept = [one for one in self._ran if one.id != id_ and one.source != source]
        failed = self._state.failed is not None
        self._ran[:] = [*kept, Cell(id=id_, number=self._state.number, source=source, failed=failed)]
        return []

    def _ask(self, cell: str, step: Step) -> Asked:
        flags = shlex.split(step.rest)[1:]
        thread = flags[flags.index("-t") + 1] if "-t" in flags else None
        fresh = True if "--fresh" in flags else None
        session, office = self.session, self._office
        self._state.number += 1
        ask = session.make_ask(step.text, cell=None if self._headless else cell, thread=thread, fresh=fresh)
        before = tuple((turn.question, turn.answer) for turn in session.transcript.before(ask))
        offered = {one.id: one for one in session.loop.run(session.engine._gatherer.gather(ask)).candidates}
        request = session.loop.run(session.request(ask)).prompt
        exact = "\n\0".join([request.system, *(f"{m.role} {m.content}" for m in request.messages)])
        meant = CELL_NUMBER.sub("cell", exact)
        memory, words = office.memory(self._person), step.text.strip()
        by_words = memory.words.get(words)
        found = (by_words is not None, exact in memory.requests, meant in memory.meant)
        stale_by_words = by_words is not None and office.is_stale(by_words, offered, before)
        sent: dict[str, str] = {}

        def note(event: object) -> None:
            if isinstance(event, LedgerReady):
                sent.update({item.id: item.text for item in event.ledger.sent})

        answer = session.loop.run(session.answer(ask, note))
        if answer.cached is None:
            office.note(answer.text, sent, before)
        memory.words.setdefault(words, answer.text)
        memory.requests.add(exact)
        memory.meant.add(meant)
        stale = answer.cached is not None and office.is_stale(answer.text, offered, before)
        if stale:
            print(f"  stale: {self._person}/{self._name} {cell}: {office.differing(answer.text, offered, before)}")
        return Asked(answer.cached, stale, found[0], stale_by_words, found[1], found[2])

    def rewind(self, number: int) -> None:
        """Forget what was said after that turn of the current thread."""
        self.session.transcript.rewind(self.session.transcript.current, number)


class State(StaticState):
    """A kernel's state, over what changes."""

    def __init__(self, namespace: dict[str, Any], cells: list[Cell]) -> None:
        super().__init__(namespace, cells)
        self.failed: Exception | None = None
        self.number = 0

    def cells(self) -> Sequence[Cell]:
        """Those that ran."""
        return tuple(self._cells)

    def error(self) -> Exception | None:
        """Of the last cell."""
        return self.failed


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
        identity = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
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
        session._make_provider = lambda _name: self.model  # type: ignore[method-assign,assignment,return-value]
        session._wall_clock = session.recall._wall_clock = self.clock
        session.engine._mark = MARK
        assert session.recall.cache is not None
        session.recall.cache._wall_clock = self.clock
        return session

    def memory(self, person: str) -> Memory:
        """What the rivals' caches hold for a person; a team with a server shares one."""
        return self._memories.setdefault("team" if self._redis_url else person, Memory())

    def note(self, answer: str, sent: dict[str, str], before: tuple[tuple[str, str], ...]) -> None:
        """What a new answer was told: now, or earlier in its conversation and as it still is."""
        earlier = [self._told[said].texts for _, said in before if said in self._told]
        known = {id_: text for texts in earlier for id_, text in texts.items()}
        self._told[answer] = Told({id_: text or known.get(id_, "") for id_, text in sent.items()}, before)

    def is_stale(self, answer: str, offered: dict[str, Candidate], before: tuple[tuple[str, str], ...]) -> bool:
        """Whether the answer was told otherwise than it would be now."""
        return bool(self.differing(answer, offered, before))

    def differing(self, answer: str, offered: dict[str, Candidate], before: tuple[tuple[str, str], ...]) -> list[str]:
        """What an answer was told and what nobody would be told now; "conversation" for what was said before."""
        told = self._told[answer]
        gone = [id_ for id_, text in told.texts.items() if id_ not in offered or not _says(offered[id_], text)]
        return [*gone, *(["conversation"] if told.before != before else [])]


def _says(candidate: Candidate, text: str) -> bool:
    """Whether the candidate, as it is now, has this text at some level."""
    ways = (candidate.render(level) for level in candidate.levels)
    longer = (render() for render in candidate.longer)
    sought = CELL_NUMBER.sub("cell", text)
    return not text or any(CELL_NUMBER.sub("cell", way) == sought for way in (*ways, *longer))
