"""The other end: asks a kernel that offers.

Enters: an offer, a request. Leaves: the reply, or one line on why there is none.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import Final

from ..errors import ToolError
from .folder import Offer
from .wire import MOST_BYTES, Message, line, message

PATIENCE: Final = 5.0
"""Seconds that a kernel has to show that it hears."""


class Gone(ToolError):
    """The kernel that made an offer has ended."""


async def call(offer: Offer, request: Message, seconds: float) -> Message:
    """What a kernel replies.

    Args:
        offer: of the kernel.
        request: what it is asked.
        seconds: time that it may take, once it has heard the request.

    Raises:
        Gone: nobody listens there any more.
        ToolError: it does not answer, or ended meanwhile.
    """
    try:
        return await _asked(offer, request, seconds)
    except (FileNotFoundError, ConnectionRefusedError):
        raise Gone(f"Kernel {offer.kernel} has ended", "Call list_kernels for those that are there.") from None
    except TimeoutError:
        raise ToolError(f"Kernel {offer.kernel} is too busy to answer", "Try again later.") from None
    except (OSError, EOFError):
        raise ToolError(f"Kernel {offer.kernel} ended the call, or ended", "Try again, or call list_kernels.") from None
    except (ValueError, asyncio.LimitOverrunError) as error:
        raise ToolError(f"Kernel {offer.kernel} could not be told, or told nothing sensible ({error})") from None


async def _asked(offer: Offer, request: Message, seconds: float) -> Message:
    said = line(request)
    async with asyncio.timeout(PATIENCE):
        reader, writer = await _connected(offer.address)
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(line({"token": offer.token}))
            shown = message(await reader.readuntil()).get("countersign")
            if not isinstance(shown, str) or not hmac.compare_digest(shown.encode(), offer.countersign.encode()):
                raise ConnectionRefusedError  # another program has its place
            writer.write(said)
            await writer.drain()
        async with asyncio.timeout(seconds):
            return message(await reader.readuntil())
    finally:
        writer.close()


async def _connected(address: str | int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    if isinstance(address, str):
        return await asyncio.open_unix_connection(address, limit=MOST_BYTES)
    return await asyncio.open_connection("127.0.0.1", address, limit=MOST_BYTES)
