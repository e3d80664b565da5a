"""Questions that are asked in one request.

Enters: asks that are alike in all but their words. Leaves: each one's share of the answer, as it comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from ..errors import AskanceError, ContextTooLong, UsageError
from ..prepared import Prepared
from ..reception import Reception
from ..records import Ask, Emit, EndChunk, Event, LedgerReady, TextDelta
from .sections import Sections, joined
from .share import Share, divided, noted

Prepare = Callable[[Ask], Awaitable[Prepared]]
Send = Callable[[Ask, Reception, Emit, Prepared], Awaitable[None]]


@dataclass(eq=False)
class Member:
    """One of the questions.

    Attributes:
        ask: the question.
        emit: is told what happens to it.
        reception: takes what comes for it.
        share: what it gets in the end; None where it has to be asked alone.
    """

    ask: Ask
    emit: Emit
    reception: Reception
    share: asyncio.Future[Share | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    left: bool = False


class Group:
    """The questions of one request.

    Args:
        prepare: makes the request of an ask.
        send: sends it, and receives the answer.
        most_output: room for an answer, in tokens, of the server's window.
        new_mark: gives a word that nobody can have written before.

    Attributes:
        members: the questions.
        asking: what asks them.
        lost: whether the model came to its end and left some of them out.
    """

    def __init__(
        self, prepare: Prepare, send: Send, most_output: Callable[[Ask], int], new_mark: Callable[[], str]
    ) -> None:
        self.members: list[Member] = []
        self.asking: asyncio.Task[None] | None = None
        self.lost = False
        self._prepared: Prepared | None = None
        self._prepare = prepare
        self._send = send
        self._most_output = most_output
        self._new_mark = new_mark

    async def asked(self) -> None:
        """Ask all of them, and give each its share; those that did not come are to be asked alone."""
        try:
            if len(self.members) > 1:
                await self._asked(self.members, self._new_mark())
        except (ContextTooLong, UsageError):
            pass  # alone there may be room
        except AskanceError as error:
            self._failed(error)
        finally:
            for member in self.members:
                _give(member, None)

    async def _asked(self, members: Sequence[Member], mark: str) -> None:
        ask = self._joint([member.ask for member in members], mark)
        prepared = self._prepared = noted(await self._prepare(ask), len(members) - 1)
        first = members[0].reception
        whole = Reception(first.clock, first.started, gathered=first.clock() - first.started)
        for member in members:
            member.reception.gathered = whole.gathered
            _tell(member, LedgerReady(prepared.ledger))
        live = Sections(len(members), mark)

        def hear(event: Event) -> None:
            if isinstance(event, TextDelta):
                for number, piece in live.feed(event.text):
                    _show(members[number - 1], piece)

        await self._send(ask, whole, hear, prepared)
        for number, piece in live.end(whole=False):
            _show(members[number - 1], piece)
        self._share(members, mark, whole, prepared)

    def _joint(self, asks: Sequence[Ask], mark: str) -> Ask:
        """One ask for all: alike as they are, any of them may lend it its options."""
        return replace(
            asks[-1],
            question=joined([ask.question for ask in asks], mark),
            mentions=tuple(dict.fromkeys(mention for ask in asks for mention in ask.mentions)),
            max_output=max(asks[-1].max_output, min(sum(ask.max_output for ask in asks), self._most_output(asks[-1]))),
        )

    def _share(self, members: Sequence[Member], mark: str, whole: Reception, prepared: Prepared) -> None:
        """Give each what came for it."""
        sections = Sections(len(members), mark)
        texts = [""] * len(members)
        ended = whole.end is not None and whole.end.reason != "length"
        for number, piece in (*sections.feed(whole.text), *sections.end(whole=ended)):
            texts[number - 1] += piece
        texts = [text.strip() for text in texts]
        self.lost = ended and not all(texts)
        usages = divided(whole.usage, [len(text) for text in texts])
        for number, member in enumerate(members, 1):
            if member.left or not texts[number - 1]:
                continue
            own = member.reception
            own.pieces, own.usage, own.ended, own.notice = (
                [texts[number - 1]],
                usages[number - 1],
                whole.ended,
                whole.notice,
            )
            if number in sections.whole:
                own.end = EndChunk("stop")
            elif whole.end is not None:
                own.end = EndChunk("length")
            _give(member, Share(prepared, own))

    def _failed(self, error: AskanceError) -> None:
        """Nothing came: each is told so."""
        for member in self.members:
            if not member.share.done():
                member.share.set_exception(error)
                member.share.exception()  # perhaps nobody waits any more

    def leave(self, member: Member) -> Share | None:
        """One is stopped: what came for it so far, None if nothing did. With the last one the request is stopped."""
        member.left = True
        if self.asking is not None and all(one.left for one in self.members):
            self.asking.cancel()
        if self._prepared is None or not member.reception.pieces:
            return None
        member.reception.ended, member.reception.notice = "stopped", "Stopped."
        return Share(self._prepared, member.reception)


def _give(member: Member, share: Share | None) -> None:
    if not member.share.done():
        member.share.set_result(share)


def _tell(member: Member, event: Event) -> None:
    if not member.left:
        with suppress(Exception):  # one that cannot show its answer must not lose the others theirs
            member.emit(event)


def _show(member: Member, piece: str) -> None:
    own = member.reception
    if own.first_text is None:
        own.first_text = own.clock() - own.started
    own.pieces.append(piece)
    _tell(member, TextDelta(piece))
