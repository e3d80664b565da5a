"""A notebook with its kernel, as far as cells and questions go.

Enters: cells, and the office it stands in. Leaves: one `Asked` for each question, with what the rivals of the cache would
have done.
"""

from __future__ import annotations

import hashlib
import importlib
import linecache
import re
import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from askance.records import Cell, LedgerReady
from askance.session import Session
from askance.sources.base import StaticState

if TYPE_CHECKING:
    from session_script import Step
    from working import Office

CELL_NUMBER = re.compile(r"cell\[\d+\]")
"""A cell that runs again has another number, and says the same."""


@dataclass(frozen=True)
class Asked:
    """One question of a script.

    Attributes:
        tier: where askance had the answer, None if the model was asked.
        stale: whether that answer was told otherwise than it would be now.
        by_words: whether a cache by the question's words alone has an answer; `stale_by_words`: whether that is stale.
        by_request: whether a cache by the exact request has one.
        repeats: whether this very request was made before, cells' numbers aside.
        possible: whether any earlier answer to these words, of any age, was told nothing that is otherwise now.
    """

    tier: str | None
    stale: bool
    by_words: bool
    stale_by_words: bool
    by_request: bool
    repeats: bool
    possible: bool


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
        request = session.loop.run(session.request(ask)).prompt
        exact = "\n\0".join([request.system, *(f"{m.role} {m.content}" for m in request.messages)])
        meant = CELL_NUMBER.sub("cell", exact)
        memory, words = office.memory(self._person), step.text.strip()
        by_words = memory.words.get(words)
        found = (by_words is not None, exact in memory.requests, meant in memory.meant)
        stale_by_words = by_words is not None and bool(office.differing(by_words, session, before))
        possible = any(not office.differing(earlier, session, before) for earlier in memory.answers[words])
        sent: dict[str, str] = {}

        def note(event: object) -> None:
            if isinstance(event, LedgerReady):
                sent.update({item.id: item.text for item in event.ledger.sent})

        answer = session.loop.run(session.answer(ask, note))
        if answer.cached is None:
            office.note(answer.text, sent, ask, before)
            memory.answers[words].append(answer.text)
        memory.words.setdefault(words, answer.text)
        memory.requests.add(exact)
        memory.meant.add(meant)
        stale = office.differing(answer.text, session, before) if answer.cached is not None else []
        if stale:
            print(f"  stale: {self._person}/{self._name} {cell}: {stale}")
        return Asked(answer.cached, bool(stale), found[0], stale_by_words, found[1], found[2], possible)

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
