"""The user's variables, as sources may see them.

Enters: a shell's namespace and what IPython put there itself. Leaves: a read-only mapping. To look up one name copies
nothing: that is asked a thousand times when answers are looked after.
"""

from __future__ import annotations

import sys
from collections.abc import ItemsView, Iterator, Mapping, ValuesView

_ATTEMPTS = 5
_NOTHING = object()
_HANDLES = f"{__package__}.background"


class Namespace(Mapping[str, object]):
    """The names without underscore that are not IPython's own, unless the user has taken them."""

    def __init__(self, every: Mapping[str, object], hidden: Mapping[str, object]) -> None:
        """
        Args:
            every: all names; a user's thread may be writing to it.
            hidden: IPython's own.
        """
        self._every = every
        self._hidden = hidden

    def __getitem__(self, name: str) -> object:
        value = self._every[name]
        if not self._is_users(name, value):
            raise KeyError(name)
        return value

    def __iter__(self) -> Iterator[str]:
        return iter(self._copied())

    def __len__(self) -> int:
        return len(self._copied())

    def items(self) -> ItemsView[str, object]:
        """Names and values as they are now."""
        return self._copied().items()

    def values(self) -> ValuesView[object]:
        """The values as they are now."""
        return self._copied().values()

    def _is_users(self, name: str, value: object) -> bool:
        return not name.startswith("_") and self._hidden.get(name, _NOTHING) is not value and not _is_handle(value)

    def _copied(self) -> dict[str, object]:
        for _ in range(_ATTEMPTS):
            try:
                every = dict(self._every)
            except RuntimeError:  # changed size during the copy
                continue
            return {name: value for name, value in every.items() if self._is_users(name, value)}
        return {}


def _is_handle(value: object) -> bool:
    """Whether it only stands for an answer that is on its way: what is told must not depend on how fast that is."""
    module = sys.modules.get(_HANDLES)
    return module is not None and type(value) is module.Background
