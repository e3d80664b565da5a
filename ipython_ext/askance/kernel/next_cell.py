"""Code for the next cell, of which a front end takes one piece an execution: all pieces become one.

Enters: code. Leaves: IPython's next input.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from .executions import parent


class NextCell:
    """The cell that comes after the one that runs."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._execution: object = None
        self._pieces: list[str] = []

    def put(self, code: str) -> None:
        """Add code to it; it is never run by itself.

        Args:
            code: what stands in it, after what the same execution put there before.
        """
        execution = self._running()
        if execution != self._execution:
            self._execution, self._pieces = execution, []
        self._pieces.append(code.rstrip())
        self._shell.set_next_input("\n\n".join(self._pieces), replace=False)

    def _running(self) -> object:
        header = parent(self._shell).get("header") or {}
        return header.get("msg_id") or self._shell.execution_count
