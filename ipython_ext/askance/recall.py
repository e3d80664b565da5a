"""What is known already: the answers that still hold, those that are being made, and those that were given here.

Enters: an ask and the turns it continues. Leaves: a kept answer, or the right to ask the model; what it says is kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from .cache.entry import Entry, World
from .cache.flights import Flight, Flights
from .cache.given import Given, Recorded
from .cache.key import Question
from .cache.notices import Notices
from .cache.packs.file import written
from .cache.packs.packs import Packs
from .cache.packs.recording import Recording
from .cache.packs.travel import MACHINE
from .cache.search import Hit
from .cache.tiers import Cache
from .cache.why import Miss
from .errors import NotRecorded
from .gate import Gate
from .reception import Reception
from .records import Answer, Ask, Ledger
from .settings import Settings
from .threads.turn import Turn
from .tools.box import rests_on_the_known

REPLAY_SECONDS = 30.0
"""Time that a lookup may take where no model may be asked: better late than not at all."""


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Where answers are kept.

    Attributes:
        cache: None to keep none.
        flights: the requests under way.
        given: the answers that were given in this kernel, in their order.
        packs: answers that came with notebooks; None for none.
        recording: writes down what is given; None to write nothing.
        notices: what was told in this kernel of what does not work.
        folder: for what else is kept, beside the answers; None to keep nothing.
    """

    cache: Cache | None
    flights: Flights
    given: Given
    packs: Packs | None = None
    recording: Recording | None = None
    notices: Notices = field(default_factory=Notices)
    folder: Path | None = None


class Recall:
    """Finds answers, and keeps them."""

    def __init__(
        self,
        keeping: Keeping,
        world: World,
        gate: Gate,
        settings: Settings,
        default_model: str,
        wall_clock: Callable[[], float],
    ) -> None:
        """
        Args:
            keeping: where answers are kept.
            world: the present state of things.
            gate: knows what its placeholders stand for.
            settings: what the user set.
            default_model: full name of the model that is asked when nobody names any.
            wall_clock: seconds since the epoch.
        """
        self.cache = keeping.cache
        self.given = keeping.given
        self.packs = keeping.packs
        self.recording = keeping.recording
        self.notices = keeping.notices
        self.folder = keeping.folder
        self._flights = keeping.flights
        self._world = world
        self._gate = gate
        self._settings = settings
        self._default_model = default_model
        self._wall_clock = wall_clock
        self._landing: set[asyncio.Task[None]] = set()

    def question(self, ask: Ask, turns: Sequence[Turn], every: Sequence[Turn]) -> Question:
        """The ask as the cache knows it.

        Args:
            ask: the question.
            turns: those before it that have room in its request.
            every: all before it.
        """
        return Question.of(ask, turns, every, self._settings.base_url)

    async def find(self, ask: Ask, questions: Sequence[Question]) -> Hit | None:
        """The kept answer, None if the model has to be asked.

        Args:
            ask: the question.
            questions: how the cache may know it, the likeliest first.

        Raises:
            NotRecorded: there is none, and the model must not be asked.
        """
        self.given.begin(ask, questions[0])
        if not ask.replay and (ask.fresh or not self._is_kept(ask)):
            return None
        misses: list[str] = []
        for question in questions:
            found = await self._look(ask, question, again=bool(misses))
            if isinstance(found, Hit):
                return found
            misses.append(found.why)
        if ask.replay:
            raise NotRecorded(misses[0])
        return None

    def _is_kept(self, ask: Ask) -> bool:
        return self.cache is not None and (self._settings.cache_sampled or not ask.temperature)

    async def _look(self, ask: Ask, question: Question, *, again: bool = False) -> Hit | Miss:
        if self.cache is None:
            return Miss("no answers are kept")
        default = ask.model == self._default_model
        look = self.cache.find(question, self._world, recorded=ask.replay, default=default, again=again)
        try:
            found = await asyncio.wait_for(look, REPLAY_SECONDS if ask.replay else self._settings.gather_deadline)
        except TimeoutError:
            return Miss("a source does not answer")  # which the ledger will say too
        if isinstance(found, Hit):
            if found.tier == "pack":  # what we kept ourselves has passed the gate
                found = replace(
                    found, entry=replace(found.entry, text=self._gate.redact(found.entry.text, "answer")[0])
                )
            self.given.add(ask, question, found.entry)
        return found

    def texts(self, entry: Entry) -> tuple[str, str]:
        """An entry's text, with what the placeholders stand for where this kernel's gate made them; and as it may be
        written into a notebook.
        """
        own = entry.mark == self._gate.mark
        return (self._gate.restore(entry.text), self._gate.shown(entry.text)) if own else (entry.text, entry.text)

    @asynccontextmanager
    async def alone(self, ask: Ask, question: Question, ledger: Ledger) -> AsyncIterator[Hit | None]:
        """The right to ask the model, held until the answer is kept.

        Args:
            ask: the question.
            question: how the cache knows it.
            ledger: what would go along with it.

        Yields:
            The answer that another got to the same question meanwhile, None to ask oneself.
        """
        if not self._is_kept(ask) or ask.fresh:
            yield None
            return
        flight = await self._flights.alone(_request(question, ledger))
        try:
            # Also without a wait: another may have asked, and been answered, while this ask was prepared.
            found = await self._look(ask, question, again=True)
            yield found if isinstance(found, Hit) else None
        finally:
            landing = asyncio.get_running_loop().create_task(self._landed(flight, question))
            self._landing.add(landing)
            landing.add_done_callback(self._landing.discard)

    async def _landed(self, flight: Flight, question: Question) -> None:
        assert self.cache is not None  # noqa: S101  nobody flies without one
        try:
            await self.cache.settled(question.key)
        finally:
            flight.release()

    def keep(self, ask: Ask, question: Question, ledger: Ledger, reception: Reception, text: str) -> None:
        """Keep a complete answer, off the ask's path.

        Args:
            ask: the question.
            question: how the cache knows it.
            ledger: what went along with it.
            reception: how the answer came.
            text: its words, as they passed the gate.
        """
        if reception.end is None or not reception.pieces:
            return
        safe = self._gated(ledger)
        if safe is None:
            return
        entry = Entry(
            question=self._gate.redact(ask.question, "question")[0],
            text=text,
            model=ask.model,
            ledger=safe,
            usage=reception.usage,
            created=self._wall_clock(),
            ended=reception.end.reason,
            mark=self._gate.mark,
        )
        self.given.add(ask, question, entry)
        if self.cache is not None and self._is_kept(ask) and rests_on_the_known(ledger.items):
            self.cache.store_soon(question, entry)

    def _gated(self, ledger: Ledger) -> Ledger | None:
        """The ledger as it may lie on a team's server: names and notes pass the gate too, and what the user muted is not
        in it. None if nothing is left of it.
        """
        ledger = replace(ledger, items=tuple(item for item in ledger.items if item.status != "muted"))
        text = json.dumps(ledger.to_dict())
        passed = self._gate.redact(text, "cache")[0]
        try:
            return ledger if passed == text else Ledger.from_dict(json.loads(passed))
        except ValueError:
            return None

    def pack(self) -> str:
        """All that was given, as the text of a pack."""
        return written(self.given.all(), self._gate.redactor())

    def prefer(self, one: Recorded, other: Entry) -> None:
        """Give another answer in place of this one from now on; it counts as long as a new one. Blocking."""
        if self.cache is not None:
            self.cache.put(one.key, replace(other, created=self._wall_clock()))
        self.given.put(one, other)

    def noted(self, answer: Answer) -> Answer:
        """The answer, with a word on what does not work here if that was not told before."""
        if not answer.complete or answer.notice:
            return answer
        news = self.notices.news(self.problems)
        return replace(answer, notice=news) if news else answer

    @property
    def problems(self) -> dict[str, str]:
        """What does not work now: its name, and a line on it."""
        own = self.recording.problem if self.recording is not None else ""
        cached = self.cache.problems if self.cache is not None else {}
        return {**cached, "recording": own} if own else cached

    def warm(self) -> None:
        """Open what a lookup needs, and tidy up. Blocking."""
        self._flights.sweep(self._wall_clock())
        if self.cache is not None:
            self.cache.warm()

    async def close(self) -> None:
        """Finish the writes; give back what is held."""
        if self.recording is not None:
            self.recording.close()
        if self.cache is None:
            return
        await self.cache.flush()
        if self._landing:
            await asyncio.wait(self._landing)
        self.cache.close()


def _request(question: Question, ledger: Ledger) -> str:
    """Names a request: the same question that is told of the same things, as far as they are not the machine's.

    Whoever waited looks into the cache again, and asks if that answer does not hold here: so names may be coarse.
    """
    told = sorted(f"{item.id} {item.fingerprint}" for item in ledger.sent if item.source not in MACHINE)
    return hashlib.blake2b(
        "\n".join([question.key, *told]).encode("utf-8", "surrogatepass"), digest_size=20
    ).hexdigest()
