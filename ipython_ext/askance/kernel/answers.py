"""Follows the latest answers, and says which no longer hold: a variable, a file or the repository is not as they saw it.

Enters: answers of this kernel, and those a front end found in the notebook. Leaves: for each of them one line about what
has changed, told when it changes; "" once it holds again. Everything is looked at beside the user's work: soon after a
cell has ended, and when files have changed; of the latter only a counter is looked at, and only while answers are followed.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import AskanceError
from ..loop import LoopThread
from ..staleness import Saw, changes, line, seen
from .present import Present

if TYPE_CHECKING:
    from ..records import Answer
    from ..session import Session

MOST = 50
"""Answers that are followed, the latest."""

QUIET_SECONDS = 0.3
"""Time without a cell that ends, before anything is looked at."""

LOOK_SECONDS, LONGEST_SECONDS = 2.0, 10.0
"""How often it is looked whether files have changed: while they do, and at least."""

_SLOWER = 1.2
"""Each look that finds nothing puts off the next by that factor."""

BUDGET_SECONDS = 0.05
"""Time of one look; answers it does not come to are the first of the next."""

_REST = 50
"""While files keep changing, looking takes at most this part of the time."""


class Answers:
    """The answers whose staleness this kernel tells. Thread-safe.

    Attributes:
        seconds: time that the last look took.
    """

    def __init__(
        self,
        session: Callable[[], Session],
        loop: LoopThread,
        tell: Callable[[Mapping[str, str]], None],
        busy: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """
        Args:
            session: gives the session; called in a thread, and may raise `AskanceError`.
            loop: where the waiting is done.
            tell: takes what is news: answer id -> what has changed since, "" if it holds again.
            busy: whether now is a bad time, since an ask is being prepared.
            clock: seconds, monotonic.
        """
        self._session = session
        self._loop = loop
        self._tell = tell
        self._busy = busy
        self._clock = clock
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._saw: dict[str, Sequence[Saw]] = {}
        self._words: dict[str, str] = {}
        self._met: set[str] = set()
        self._left: Sequence[str] = ()
        self._due = 0.0
        self._waiting = self._watching = self._closed = False
        self.seconds = 0.0

    @property
    def stale(self) -> dict[str, str]:
        """Answer id -> what has changed since, of those that no longer hold."""
        with self._lock:
            return {id_: words for id_, words in self._words.items() if words}

    def add(self, answer: Answer) -> None:
        """Follow an answer of this kernel."""
        saw = seen(answer.ledger)
        if answer.id and saw:
            with self._lock:
                self._saw[answer.id] = saw
                self._met |= {one.id for one in saw}
            self._follow()

    def watch(self, found: Mapping[str, Sequence[Saw]]) -> None:
        """Follow answers that a front end found in the notebook, oldest first; those of this kernel are known better."""
        with self._lock:
            self._saw = {**{id_: saw for id_, saw in found.items() if saw and id_ not in self._saw}, **self._saw}
        self._follow()

    def look(self) -> None:
        """Look at all of them once it has been quiet for a moment. Returns at once."""
        with self._lock:
            self._left = tuple(dict.fromkeys([*self._left, *reversed(self._saw)]))
        self._soon()

    def close(self) -> None:
        """Follow none of them any more."""
        with self._lock:
            self._closed = True
            self._saw.clear()
            self._words.clear()

    def _soon(self) -> None:
        with self._lock:
            self._due = self._clock() + QUIET_SECONDS
            if self._waiting or not self._left:
                return
            self._waiting = True
        self._loop.submit(self._when_quiet())

    def _follow(self) -> None:
        with self._lock:
            for old in list(self._saw)[: None if self._closed else -MOST]:
                del self._saw[old]
                self._words.pop(old, None)
            start = not self._watching and bool(self._saw)
            self._watching = self._watching or start
        if start:
            self._loop.submit(self._watch_files())
        self.look()

    async def _when_quiet(self) -> None:
        try:
            # Each cell that ends meanwhile puts it off.
            while (pause := QUIET_SECONDS if self._busy() else self._due - self._clock()) > 0:  # noqa: ASYNC110
                await asyncio.sleep(pause)
        finally:
            self._waiting = False
        await asyncio.to_thread(self._look)

    async def _watch_files(self) -> None:
        try:
            before, pause = await asyncio.to_thread(self._pulse), LOOK_SECONDS
            while self._saw:
                await asyncio.sleep(max(pause, _REST * self.seconds))
                now = await asyncio.to_thread(self._pulse)
                pause = min(_SLOWER * pause, LONGEST_SECONDS)
                if now != before:
                    before, pause = now, LOOK_SECONDS
                    self.look()
        finally:
            self._watching = False

    def _pulse(self) -> object:
        with suppress(AskanceError):
            return self._session().engine.pulse()
        return None

    def _look(self) -> None:
        """Tell what is news; called in a thread, and by one at a time: a file system may not answer."""
        if not self._looking.acquire(blocking=False):
            return
        try:
            started = self._clock()
            words = self._compared(self._session(), started + BUDGET_SECONDS)
            self.seconds = self._clock() - started
        except AskanceError:
            return  # the next ask says what is wrong with the settings
        finally:
            self._looking.release()
        with self._lock:
            news = {id_: said for id_, said in words.items() if id_ in self._saw and said != self._words.get(id_, "")}
            self._words |= news
        if news:
            self._tell(news)
        if self._left:
            self._soon()

    def _compared(self, session: Session, end: float) -> dict[str, str]:
        """What has changed since each answer, as far as there is time: those not come to before, then the latest first."""
        with self._lock:
            saw, order, self._left = dict(self._saw), self._left, ()
        present = Present(session.engine, self._met)
        found: dict[str, str] = {}
        for id_ in filter(saw.__contains__, order):
            told = (one for one in saw[id_] if present.tells(one.id))
            found[id_] = line(changes(told, present.fingerprint, present.facts))
            if self._clock() >= end:
                break
        with self._lock:  # to which a cell that ended meanwhile may have added
            self._left = tuple(dict.fromkeys([*(id_ for id_ in order if id_ not in found), *self._left]))
        return found
