"""`%config Askance.mcp = True`: this kernel offers its context to other programs of its user, until that is taken back.

Enters: the settings, as they change. Leaves: a file and a socket that `askance mcp` finds, or neither; for the user, what
was told through them. It runs on the thread that asks run on: no other is started.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from ..errors import AskanceError, ConfigError, UsageError
from .printing import visible, write

if TYPE_CHECKING:
    from pathlib import Path

    from ..offers.folder import Offer
    from ..offers.listening import Listening
    from ..offers.told import TellTale
    from .host import Host

SECONDS = 2.0
"""Time to begin, and to end."""


class Offering:
    """Offers, or does not, for one kernel."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._owner = os.getpid()
        self._seen: object = (None, None)
        self._offered: tuple[Path, Offer, Listening] | None = None
        self._tell_tale: TellTale | None = None

    @property
    def told(self) -> TellTale:
        """What was told to other programs."""
        if self._tell_tale is None:
            from ..offers.told import TellTale

            self._tell_tale = TellTale()
        return self._tell_tale

    @property
    def summary(self) -> str:
        """One line on that; "" if nothing was told."""
        told = self._tell_tale.told if self._tell_tale is not None else ()
        if self._tell_tale is None or not told:
            return ""
        count = self._tell_tale.count
        return f"told to other programs: {count} call{'' if count == 1 else 's'}, the last at {_time(told[-1].time)}; see %ctx told"

    def look(self, _result: object = None) -> None:
        """Begin or end, if what decides it has changed; the handler of `post_run_cell`."""
        seen = (self._host.config.mcp, self._host.environ.get("ASKANCE_MCP"))
        if seen != self._seen and os.getpid() == self._owner:
            self._seen = seen
            try:
                self._follow()
            except ConfigError as error:
                write(f"askance: {error}")

    def set(self, _change: object) -> None:
        """Begin or end at once; the observer of the trait.

        Raises:
            ConfigError: there is no safe place to offer from, or another setting is wrong.
        """
        self._seen = (self._host.config.mcp, self._host.environ.get("ASKANCE_MCP"))
        if os.getpid() == self._owner:
            self._follow()

    def close(self) -> None:
        """Offer no more; leaves no file and no socket."""
        offered, self._offered = self._offered, None
        if offered is None or os.getpid() != self._owner:
            return
        from ..offers.folder import withdraw

        folder, offer, listening = offered
        withdraw(folder, offer)
        job = self._host.loop.submit(listening.close())
        with suppress(Exception):  # the interpreter may be half gone
            job.result(SECONDS)

    def _follow(self) -> None:
        try:
            wanted = self._host.settings().mcp
        except AskanceError:
            self.close()
            raise
        if not wanted:
            self.close()
        elif self._offered is None:
            self._begin()

    def _begin(self) -> None:
        import secrets

        from ..offers.answering import Answering
        from ..offers.folder import Offer, folder_of_offers, own, socket_of, sweep
        from ..offers.folder import write as write_offer
        from ..offers.listening import Listening, bound

        host = self._host
        folder = own(folder_of_offers(host.environ))
        sweep(folder)
        kernel, token, countersign = secrets.token_hex(4), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        try:
            sock, address = bound(socket_of(folder, kernel))
            offer = Offer(kernel=kernel, since=time.time(), address=address, token=token, countersign=countersign)
            answering = Answering(host.session, self._notebook, self.told, time.time)
            listening = Listening(sock, token, countersign, answering)
            self._offered = folder, offer, listening
            host.loop.run(listening.start())
            write_offer(folder, offer)
        except OSError as error:
            self.close()
            raise ConfigError(f"This kernel cannot offer its context ({error.strerror or error})") from None
        except BaseException:
            self.close()
            raise

    def _notebook(self) -> str:
        state = self._host.state
        named = state.facts.path or (state.notebook.name if state.notebook else "")
        return named.rpartition("/")[2]


def told(host: Host, arguments: Sequence[str]) -> str:
    """`%ctx told [N]`: the calls of other programs, or what one of them was told.

    Args:
        host: what askance keeps for the shell.
        arguments: the number of a call, or nothing.

    Raises:
        UsageError: no such call is remembered.
    """
    known = host.offering.told.told
    if not arguments:
        lines = [f"{one.number}  {_time(one.time)}  {len(one.text):,} characters  {visible(one.call)}" for one in known]
        return "\n".join(lines) or "Nothing was told to other programs."
    found = [one for one in known if str(one.number) == arguments[0]]
    if not found:
        raise UsageError(f"No call {arguments[0]!r} is remembered", "Type: %ctx told")
    return visible(found[0].text)


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).astimezone().strftime("%H:%M:%S")
