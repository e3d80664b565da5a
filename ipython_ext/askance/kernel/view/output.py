"""An output of a cell that can be replaced.

Enters: bundles. Leaves: one display, always the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from IPython.core.interactiveshell import InteractiveShell


class Output:
    """Appears when it is first shown something."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._publisher = shell.display_pub
        self._transient = {"display_id": f"askance-{uuid4().hex}"}
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
