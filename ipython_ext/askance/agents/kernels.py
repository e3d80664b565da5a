"""The kernels that offer their context, found anew each time.

Enters: the folder of offers. Leaves: what each kernel offers, and the replies of the one that is meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import ToolError
from ..offers.calling import Gone, call
from ..offers.folder import Offer, offers, withdraw
from ..offers.wire import Message

NOBODY: Final = "No kernel offers its context"
HOW: Final = "In the notebook type: %config Askance.mcp = True"

LOOK_SECONDS: Final = 10.0
"""Time that a kernel has to say what it offers: the first time, it puts its session together."""

CALL_SECONDS: Final = 180.0
"""Time that a call may take; a kernel has stricter limits of its own."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A kernel that offers.

    Attributes:
        offer: how it is reached.
        notebook: its name, "" if it is not known.
        tools: what it offers: "name", "description" and "schema" of each.
        remark: why nothing more is known of it; "" if all is well.
    """

    offer: Offer
    notebook: str = ""
    tools: Sequence[Mapping[str, Any]] = ()
    remark: str = ""


class Kernels:
    """Reaches them.

    Args:
        folder: gives the folder of offers.
    """

    def __init__(self, folder: Callable[[], Path]) -> None:
        self._folder = folder

    def offers(self) -> list[Offer]:
        """What lies in the folder, without a look at whether it still holds.

        Raises:
            ConfigError: the folder is not this user's own.
        """
        return offers(self._folder())

    async def found(self) -> list[Found]:
        """All that offer now, the oldest first.

        Raises:
            ConfigError: the folder is not this user's own.
        """
        looked = await asyncio.gather(*(self._looked(offer) for offer in self.offers()))
        return [one for one in looked if one is not None]

    async def call(self, tool: str, arguments: Message, kernel: str | None) -> Message:
        """What a kernel's tool gives: {"text", "failed"}.

        Args:
            tool: its name.
            arguments: as it wants them.
            kernel: the kernel's id, or the name of its notebook; None where one alone offers.

        Raises:
            AskanceError: no kernel or several are meant, or the kernel does not answer.
        """
        offer = await self._meant(kernel)
        request = {"do": "call", "tool": tool, "arguments": arguments}
        return await self._asked(offer, request, CALL_SECONDS)

    async def _meant(self, kernel: str | None) -> Offer:
        known = self.offers()
        named = [offer for offer in known if offer.kernel == kernel]
        if named or (kernel is None and len(known) == 1):
            return (named or known)[0]
        there = await self.found()  # those that ended without a word are no more
        if not there:
            raise ToolError(NOBODY, HOW)
        fitting = [one.offer for one in there if kernel in (None, one.notebook)]
        if len(fitting) == 1:
            return fitting[0]
        names = ", ".join(f"{one.offer.kernel} ({one.notebook or 'no notebook'})" for one in there)
        which = f"No kernel {kernel!r} offers" if not fitting else "Several kernels offer"
        raise ToolError(f"{which} its context" if not fitting else which, f"Give one as kernel: {names}.")

    async def _looked(self, offer: Offer) -> Found | None:
        try:
            reply = await self._asked(offer, {"do": "look"}, LOOK_SECONDS)
        except Gone:
            return None
        except ToolError as error:
            return Found(offer=offer, remark=str(error))
        if "tools" not in reply:
            return Found(offer=offer, remark=str(reply.get("text", "")))
        return Found(offer=offer, notebook=reply["notebook"], tools=reply["tools"])

    async def _asked(self, offer: Offer, request: Message, seconds: float) -> Message:
        try:
            return await call(offer, request, seconds)
        except Gone:
            withdraw(self._folder(), offer)
            if len(self.offers()) == 0:
                raise Gone(f"Kernel {offer.kernel} has ended, and no other offers its context", HOW) from None
            raise
