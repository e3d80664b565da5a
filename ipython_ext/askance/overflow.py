"""A request that the model's server finds too long: what ranks lowest stays here, and the rest is sent once more.

Enters: what was sent, and the server's refusal. Leaves: what was sent in the end, with a note on what was left out; or one
line on what to type. `sent` is the whole of it, top to bottom. (A model that takes no tools gets the request without them.)
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from .errors import ContextTooLong, NoTools, UsageError
from .prepared import Prepared
from .records import Ask, Emit, Ledger, LedgerReady, Note

SHARE = 0.6
"""Part of a request that is tried where the server does not say how much it takes."""

MARGIN = 0.95
"""Part of a window that is planned with: its server counts otherwise than we do."""

ANSWERS_PART = 4
"""An answer gets at most this part of a window that is small."""

MOST_SCALE = 4.0
"""Tokens of a server for one of ours, at most: a larger number is about something else."""

_LARGER = "name a model with a larger window: %%ask -m provider:model"

Send = Callable[[Prepared], Awaitable[None]]
Prepare = Callable[[Ask], Awaitable[Prepared]]


async def begun(send: Send, prepare: Prepare, ask: Ask, first: Prepared, emit: Emit) -> tuple[Prepared, str]:
    """As `sent`; and without tools, if the model takes none.

    Args, Returns, Raises: see there.
    """
    try:
        return await sent(send, prepare, ask, first, emit)
    except NoTools as refusal:
        if not ask.tools:
            raise
        without = replace(ask, tools=())
        second = await prepare(without)
        emit(LedgerReady(second.ledger))
        prepared, remark = await sent(send, prepare, without, second, emit)
        return prepared, f"{refusal.message}, so it was asked without them. {remark}".strip()


async def sent(send: Send, prepare: Prepare, ask: Ask, first: Prepared, emit: Emit) -> tuple[Prepared, str]:
    """Send a request; if it is too long for the model, what has room of it, once.

    Args:
        send: sends a request, and receives its answer.
        prepare: makes the request of an ask, through ranking, packing and the gate.
        ask: the question.
        first: its request.
        emit: is told what is sent in its place.

    Returns:
        What was sent in the end, and what to tell the user about it; "" if it is all that was planned.

    Raises:
        ContextTooLong: that was too long as well, or nothing is left that could be left out.
    """
    try:
        await send(first)
    except ContextTooLong as refusal:
        second = await _trimmed(prepare, ask, first, refusal)
    else:
        return first, ""
    emit(LedgerReady(second.ledger))
    try:
        await send(second)
    except ContextTooLong as refusal:
        said = f"{refusal.message}, also with {left_out(first.ledger, second.ledger)}"
        raise ContextTooLong(said, _hint(second.ledger.tokens), refusal.limit, refusal.counted) from None
    return second, second.ledger.notes[-1].message


async def _trimmed(prepare: Prepare, ask: Ask, first: Prepared, refusal: ContextTooLong) -> Prepared:
    fewer = smaller(ask, first.ledger.tokens, refusal)
    try:
        second = await prepare(fewer)
    except UsageError:  # the question alone has no room
        second = None
    answers_room = refusal.limit is not None and fewer.max_output < ask.max_output
    if second is None or (second.ledger.tokens >= first.ledger.tokens and not answers_room):
        said = f"{refusal.message}, even without context"
        raise ContextTooLong(said, f"Ask less at once, or {_LARGER}", refusal.limit, refusal.counted) from None
    note = Note(source="model", message=_remark(first.ledger, second.ledger))
    return replace(second, ledger=replace(second.ledger, notes=(*second.ledger.notes, note)))


def smaller(ask: Ask, tokens: int, refusal: ContextTooLong) -> Ask:
    """The same question with less room, for its request and for its answer: both share the window.

    Args:
        ask: the question.
        tokens: our estimate of the request that was refused.
        refusal: what the server said of sizes.
    """
    budget, output = int(tokens * SHARE), int(ask.max_output * SHARE)
    if refusal.limit is not None:
        counted = refusal.counted or tokens
        scale = min(MOST_SCALE, max(1.0, counted / max(1, tokens)))
        most = min(ask.max_output, refusal.limit // ANSWERS_PART)
        room = int((refusal.limit - most) / scale * MARGIN)
        if room < tokens or most < ask.max_output:  # else the numbers do not explain the refusal
            budget, output = min(room, ask.budget), most
    budget = max(1, budget)
    return replace(ask, budget=budget, context_budget=min(ask.context_budget, budget), max_output=max(1, output))


def _remark(before: Ledger, after: Ledger) -> str:
    plan = f"To plan with that, type: %config Askance.budget = {after.tokens}"
    return f"The model's window is smaller than the budget: {left_out(before, after)}. {plan}"


def left_out(before: Ledger, after: Ledger) -> str:
    """The difference in words: "12 items left out, 1 turn left out"."""
    kept = {item.id: item for item in after.sent}
    gone = sum(item.id not in kept for item in before.sent)
    told = [item for item in before.sent if item.id in kept]
    cut = sum(kept[item.id].level != item.level or kept[item.id].tokens < item.tokens for item in told)
    words = [
        *([f"{_number(gone, 'item')} left out"] if gone else []),
        *([f"{_number(cut, 'item')} shortened"] if cut else []),
        *([f"{_number(before.turns - after.turns, 'earlier turn')} left out"] if after.turns < before.turns else []),
    ]
    return ", ".join(words) or "less room for the answer"


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _hint(tokens: int) -> str:
    return f"Send less: %%ask -b {max(1, tokens // 2)}, or {_LARGER}"
