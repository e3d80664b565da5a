"""askance: ask your notebook, see what it sees.

In a notebook: `%load_ext askance`, then `%%ask`. In code: `from askance import ask, preview, describe`.
Importing this module is cheap: everything below is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from .facade import ask, describe, preview
    from .records import Answer, Ledger
    from .session import Session
    from .tools.declare import tool

__version__ = "0.1.0"
__all__ = ["Answer", "Ledger", "Session", "ask", "describe", "preview", "tool"]

_HOMES = {
    "Answer": "records",
    "Ledger": "records",
    "Session": "session",
    "ask": "facade",
    "describe": "facade",
    "preview": "facade",
    "tool": "tools.declare",
}


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module 'askance' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


def load_ipython_extension(shell: InteractiveShell) -> None:
    """`%load_ext askance`: add the magics, `%config Askance` and the comms to this shell."""
    from .kernel.extension import load

    load(shell)


def unload_ipython_extension(shell: InteractiveShell) -> None:
    """`%unload_ext askance`: take all of it back; no thread, comm, watch or file stays behind."""
    from .kernel.extension import unload

    unload(shell)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "askance"}]


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "askance.server.app"}]
