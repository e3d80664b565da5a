"""The bar of a job, by tqdm. Enters: a sheet, as it fills. Leaves: what people see; nothing is left behind.

Drawn on the caller's thread, where a notebook takes it for output of the cell.
"""

from __future__ import annotations

from types import TracebackType
from typing import Any, Self

from .estimate import dollars
from .sheet import Sheet

NAME = "ask.map"


class Bar:
    """A context manager.

    Args:
        sheet: what is followed.
        shown: False for no bar at all.
    """

    def __init__(self, sheet: Sheet, *, shown: bool) -> None:
        self._sheet = sheet
        self._shown = shown
        self._bar: Any = None

    def __enter__(self) -> Self:
        if self._shown:
            from tqdm.auto import tqdm

            # tqdm's monitor is a thread that nobody ends; ours is looked after by whoever waits.
            kind = type("Bar", (tqdm,), {"monitor_interval": 0})
            self._bar = kind(total=self._sheet.count, desc=NAME, unit="row", dynamic_ncols=True)
        return self

    def draw(self) -> None:
        """How far it is now."""
        if self._bar is None:
            return
        sheet = self._sheet
        if sheet.price and self._bar.desc == NAME:
            self._bar.set_description(f"{NAME} ({sheet.price})", refresh=False)
        cost = {"cost": dollars(sheet.cost)} if sheet.cost else {}
        failed = {"failed": sheet.failed} if sheet.failed else {}
        self._bar.set_postfix({**cost, **failed, **({"waits": sheet.remark} if sheet.remark else {})}, refresh=False)
        self._bar.n = sheet.settled
        self._bar.refresh()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self.draw()
            self._bar.close()
