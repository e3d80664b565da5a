"""What a block of code in an answer does, said below that block while the user goes on.

Enters: messages of a front end. Leaves: pushes with what the model says of each block, as it comes. Asked beside the
conversations, without context: a block is explained by itself, so several at once may become one request.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from ..errors import AskanceError

if TYPE_CHECKING:
    from ..loop import Job
    from ..records import Answer, Event
    from .host import Host

MOST_CODE = 20_000
"""Longer code, in characters, is no block to be explained in a few sentences."""

MOST_AT_ONCE = 8
"""Blocks that are being explained at the same time."""

THREAD = "explain"
"""What these asks name as their conversation; nothing is kept of it."""

ASKED = "Explain this code in a few sentences: what it does, and what to watch out for."

_ID = re.compile(r"[\w-]{8,64}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z0-9+#-]{0,32}")
_STATES: Mapping[str, str] = {"stopped": "stopped", "error": "error"}

Push = Callable[[Mapping[str, Any]], None]


class Explainer:
    """Explains the blocks of one kernel's notebook. Its work is done on the loop; messages may come on any thread."""

    def __init__(self, host: Host, push: Push) -> None:
        """
        Args:
            host: gives the session.
            push: sends to whoever shows answers.
        """
        self._host = host
        self._push = push
        self._running: dict[str, Job[None]] = {}

    def act(self, data: Mapping[str, Any]) -> dict[str, Any] | None:
        """Do what a message says: explain the code in it, or stop doing so.

        Returns:
            What it is answered with at once; None if it is no such message.
        """
        id_, code, language = data.get("id"), data.get("code"), data.get("language", "")
        if not isinstance(id_, str) or not _ID.fullmatch(id_):
            return None
        if data.get("stop") is True:
            self._stop(id_)
            return None
        if not isinstance(code, str) or not code.strip() or len(code) > MOST_CODE:
            return None
        if not isinstance(language, str) or not _LANGUAGE.fullmatch(language) or id_ in self._running:
            return None
        if len(self._running) >= MOST_AT_ONCE:
            return ended(id_, "error", notice=f"{MOST_AT_ONCE} explanations are on their way: wait for one of them.")
        job = self._running[id_] = self._host.loop.job(self._explain(id_, code, language))
        job.begin()
        return {"type": "explaining", "id": id_}

    def close(self) -> None:
        """Stop all of them."""
        for id_ in tuple(self._running):
            self._stop(id_)

    def _stop(self, id_: str) -> None:
        job = self._running.get(id_)
        if job is not None:
            job.cancel()

    async def _explain(self, id_: str, code: str, language: str) -> None:
        told = 0

        def tell(event: Event) -> None:
            nonlocal told
            text = getattr(event, "text", None)
            if isinstance(text, str):
                self._push({"type": "explanation", "id": id_, "start": told, "text": text})
                told += len(text)

        try:
            self._push(_outcome(id_, await self._asked(code, language, tell)))
        except AskanceError as error:
            self._push(ended(id_, "error", notice=str(error)))
        except (asyncio.CancelledError, CancelledError):
            self._push(ended(id_, "stopped", notice="stopped"))
        finally:
            self._running.pop(id_, None)

    async def _asked(self, code: str, language: str, tell: Callable[[Event], None]) -> Answer:
        from ..fences import fenced

        session = (await asyncio.to_thread(self._host.session)).aside()
        question = f"{ASKED}\n\n{fenced(code, language)}"
        ask = session.make_ask(question, thread=THREAD, context="none", background=True, tools=False)
        return await session.answer(ask, tell)


def ended(id_: str, state: str, text: str = "", notice: str = "") -> dict[str, Any]:
    """The last message about a block.

    Args:
        id_: which.
        state: "done", "stopped" or "error".
        text: all that was said.
        notice: one line about how it came to be, or why it did not.
    """
    return {"type": "explained", "id": id_, "state": state, "text": text, "notice": notice}


def _outcome(id_: str, answer: Answer) -> dict[str, Any]:
    from .view.final import footer

    return ended(id_, _STATES.get(answer.ended, "done"), answer.shown, footer(answer))
