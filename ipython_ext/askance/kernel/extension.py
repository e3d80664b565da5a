"""`%load_ext askance` and `%unload_ext askance`.

Enters: a shell. Leaves: the shell with our magics, `%config Askance`, completions, events and comms; or without any.
Loading does as little as it can: the session is put together when it is first needed, or after the cell has ended.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from .asking import Asking
from .completer import matcher
from .host import Host
from .registering import Magics

if TYPE_CHECKING:
    from .comm import Comms

_loaded: dict[int, Extension] = {}


class Extension:
    """All that was added to one shell, so that all of it can be taken back."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._host = Host(shell, os.environ, Path.cwd(), Path.home())
        self._comms = self._open_comms()
        asking = Asking(self._host, self._comms)
        self._magics = Magics(shell, asking)
        self._matcher = matcher(
            self._host.state.namespace, self._host.thread_names, self._ctx_words, self._host.tool_names
        )
        configurables: list[Any] = shell.configurables
        configurables.append(self._host.config)
        shell.Completer.custom_matchers.append(self._matcher)
        shell.events.register("post_run_cell", self._host.state.record)
        shell.events.register("post_run_cell", self._warm)
        shell.events.register("post_run_cell", self._host.offering.look)
        atexit.register(self._host.close)
        _use(self._host, asking)

    def _open_comms(self) -> Comms | None:
        if getattr(self._shell, "kernel", None) is None:
            return None
        from .comm import Comms

        return Comms(self._host)

    def _ctx_words(self, words: Sequence[str]) -> Sequence[str]:
        from .ctx import complete

        return complete(self._host, words)

    def _warm(self, _result: Any) -> None:
        """Once, when the cell that loaded us has ended."""
        self._shell.events.unregister("post_run_cell", self._warm)
        self._host.warm()

    def remove(self) -> None:
        """Take all of it back; no thread, comm, event or exit handler stays behind."""
        shell = self._shell
        for event in (self._host.state.record, self._warm, self._host.offering.look):
            if event in shell.events.callbacks["post_run_cell"]:
                shell.events.unregister("post_run_cell", event)
        self._magics.remove()
        shell.Completer.custom_matchers[:] = [m for m in shell.Completer.custom_matchers if m is not self._matcher]
        configurables: list[Any] = shell.configurables
        configurables[:] = [found for found in configurables if found is not self._host.config]
        if self._comms is not None:
            self._comms.close()
        _forget_tools()
        _use(None, None)
        self._host.close()
        atexit.unregister(self._host.close)


def _use(host: Host | None, asking: Asking | None) -> None:
    """Say whose session `ask` and `preview` use, without importing them now."""
    from ..facade import use

    if host is None or asking is None:
        use(None)
    else:
        use(host.session, host.next_cell, asking.follow)


def _forget_tools() -> None:
    """Take back the tools that cells have declared, if any have."""
    declaring = sys.modules.get("askance.tools.declare")
    if declaring is not None:
        declaring.forget()


def load(shell: InteractiveShell) -> None:
    """Add askance to a shell. Again does nothing."""
    if id(shell) not in _loaded:
        _loaded[id(shell)] = Extension(shell)


def unload(shell: InteractiveShell) -> None:
    """Take askance from a shell. Again does nothing."""
    extension = _loaded.pop(id(shell), None)
    if extension is not None:
        extension.remove()
