"""Waits a moment for questions that can be asked together.

Enters: an ask and what it has to have in common with others. Leaves: its share of a request that asked several; or word
that it is to be asked alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..reception import Reception
from ..records import Ask, Emit
from ..tokens import estimate
from .group import Group, Member
from .share import Share

MOST = 8
"""Questions in one request: each answer waits for those before it."""

MOST_TOKENS = 400
"""A longer question is asked alone: its answer will be long as well."""


class Window:
    """Holds the groups that still wait for others.

    Args:
        seconds: how long the first question waits; 0 to ask each alone.

    Attributes:
        unfit: models that are asked one question at a time. One that once lost the headings comes to it: to ask again
            what it left out costs more than it saves.
    """

    def __init__(self, seconds: float) -> None:
        self.unfit = {"local"}  # a model of 135 million parameters writes no headings
        self._seconds = seconds
        self._open: dict[str, Group] = {}

    def takes(self, ask: Ask) -> bool:
        """Whether a question may be asked with others: nobody waits for it, and its answer is plain text."""
        alike = ask.background and ask.form == "text" and not ask.tools and not ask.replay
        fit = self._seconds > 0 and ask.model not in self.unfit
        return fit and alike and estimate(ask.question) <= MOST_TOKENS

    async def share(
        self, ask: Ask, alike: str, emit: Emit, reception: Reception, new_group: Callable[[], Group]
    ) -> Share | None:
        """Ask with others.

        Args:
            ask: the question.
            alike: the same text for all that may be asked in one request.
            emit: is told what happens.
            reception: takes what comes for it.
            new_group: makes a group for the first of several.

        Returns:
            What came, as far as it came if it was stopped; None to ask it alone.

        Raises:
            AskanceError: nothing came; the one line says why.
        """
        group = self._open.get(alike)
        if group is None or len(group.members) >= MOST:
            group = self._open[alike] = new_group()
            group.asking = asyncio.create_task(self._asked(alike, group))
        if any(ask.question.strip() == member.ask.question.strip() for member in group.members):
            return None  # it waits for that answer, as any question does that is under way already
        member = Member(ask, emit, reception)
        group.members.append(member)
        try:
            return await asyncio.shield(member.share)
        except asyncio.CancelledError:
            so_far = group.leave(member)
            if so_far is None:
                raise
            return so_far

    async def _asked(self, alike: str, group: Group) -> None:
        await asyncio.sleep(self._seconds)
        if self._open.get(alike) is group:
            del self._open[alike]
        await group.asked()
        if group.lost:
            self.unfit.add(group.members[0].ask.model)
