"""An output of a cell that can be replaced, also after the cell has ended.

Enters: bundles, an answer. Leaves: one display, always the same one; those of the latest answers can be found by id.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.core.interactiveshell import InteractiveShell

from ...errors import AskanceError
from ...records import Answer
from .final import Bundle, bundle, with_stale

MOST_KEPT = 50
"""Answers whose output can be found again."""

_shown: OrderedDict[str, Output] = OrderedDict()


def shown(answer_id: str) -> Output | None:
    """The output that shows the answer with that id, None if it is not one of the latest."""
    return _shown.get(answer_id)


class Output:
    """Appears when it is first shown something."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._publisher = shell.display_pub
        self._transient = {"display_id": f"askance-{uuid4().hex}"}
        self._final: Bundle | None = None
        self.shown = False

    def show(self, data: Mapping[str, Any], metadata: Mapping[str, Any] | None = None) -> None:
        """Show `data` in place of what was shown before.

        Args:
            data: MIME type -> content.
            metadata: kept with the output in the notebook.
        """
        update, self.shown = self.shown, True
        self._publisher.publish(
            data=dict(data), metadata=dict(metadata or {}), transient=dict(self._transient), update=update
        )

    def finish(self, answer: Answer) -> None:
        """Show the answer in the form that stays."""
        self._final = bundle(answer)
        self.show(*self._final)
        _shown[answer.id] = self
        while len(_shown) > MOST_KEPT:
            _shown.popitem(last=False)

    def say_stale(self, words: str) -> None:
        """Say below the answer what has changed since it was given.

        Args:
            words: what has changed; "" if nothing has any more.
        """
        if self._final is not None:
            self.show(*(with_stale(self._final, words) if words else self._final))

    def fail(self, error: AskanceError) -> None:
        """Show the line of an error that no cell can raise."""
        self.show({"text/plain": f"askance: {error}"})
