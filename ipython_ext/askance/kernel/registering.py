"""Puts our magics into a shell, and takes away no one else's.

Enters: a shell, what asks for it. Leaves: magics, each under its name; a preset only where its name is free.
"""

from __future__ import annotations

from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from . import lines
from .asking import Asking
from .magics import AskanceMagics
from .presets import PRESETS, magic
from .printing import write

QUESTIONS = ("ask", "ctx", "threads", "askcache")
"""Line magics of ours that take words."""


class Magics:
    """All magics of one shell that are ours."""

    def __init__(self, shell: InteractiveShell, asking: Asking) -> None:
        self._shell = shell
        self._every: dict[str, dict[str, Any]] = shell.magics_manager.magics
        self._magics = AskanceMagics(asking)
        self._ours: dict[tuple[str, str], Any] = {}
        shell.register_magics(self._magics)
        for kind, names in self._magics.magics.items():
            self._ours |= {(kind, name): self._every[kind][name] for name in names}
        taken = [preset for preset in PRESETS if preset.name in self._every[preset.kind]]
        for preset in PRESETS:
            if preset not in taken:
                function = magic(preset, asking)
                shell.magics_manager.register_function(function, preset.kind, preset.name)
                self._ours[preset.kind, preset.name] = function
        if taken:
            write(f"askance: taken already, and left as it is: {', '.join(preset.sign for preset in taken)}")
        presets = [preset.name for preset in PRESETS if ("line", preset.name) in self._ours]
        lines.add(shell, (*QUESTIONS, *presets), [name for kind, name in self._ours if kind == "cell"])

    def remove(self) -> None:
        """Take away those that are still ours."""
        lines.remove(self._shell)
        for (kind, name), function in self._ours.items():
            if self._every[kind].get(name) is function:
                del self._every[kind][name]
        self._shell.magics_manager.registry.pop(type(self._magics).__name__, None)
