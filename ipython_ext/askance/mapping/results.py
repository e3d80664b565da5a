"""What `ask.map` gives back.

Enters: results in the order of the values. Leaves: a list that tells what it took, or a Series with the same index.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..records import Usage


class Mapped(list[Any]):
    """The answers, in the order of the values; None where a row failed.

    Attributes:
        errors: position (for a Series: index label) -> one line on why that row has no answer.
        usage: tokens as the provider counted them, all requests together.
        cost: US dollars, None if the price is not known.
        requests: that were sent, tries that failed included.
        cached: values whose answer was known already.
        seconds: that it took.
    """

    def __init__(
        self,
        results: Iterable[Any] = (),
        *,
        errors: Mapping[object, str] | None = None,
        usage: Usage | None = None,
        cost: float | None = 0.0,
        requests: int = 0,
        cached: int = 0,
        seconds: float = 0.0,
    ) -> None:
        super().__init__(results)
        self.errors = dict(errors or {})
        self.usage = usage or Usage()
        self.cost = cost
        self.requests = requests
        self.cached = cached
        self.seconds = seconds

    @property
    def report(self) -> dict[str, Any]:
        """All but the results, as plain values: what a Series carries in `.attrs["askance"]`."""
        usage = self.usage
        return {
            "errors": dict(self.errors),
            "usage": {"input": usage.input, "output": usage.output, "cached": usage.cached, "written": usage.written},
            "cost": self.cost,
            "requests": self.requests,
            "cached": self.cached,
            "seconds": round(self.seconds, 3),
        }

    @property
    def summary(self) -> str:
        """One line."""
        price = "" if self.cost is None else f", ${self.cost:.4f}"
        failed = f", {len(self.errors):,} failed" if self.errors else ""
        return f"{len(self):,} rows, {self.cached:,} known, {self.requests:,} requests, {self.seconds:.1f} s{price}{failed}"

    def __repr__(self) -> str:
        """Short: it is often the last expression of a cell."""
        first = ", ".join(_short(one) for one in self[:3])
        return f"<Mapped: {self.summary}; [{first}{', …' if len(self) > 3 else ''}]>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _mapped, (list(self), self.__dict__)

    def _repr_ask_(self, level: str) -> str:
        """Answers in a variable, as a later question may see them."""
        some = {"name": 0, "outline": 3, "excerpt": 20}.get(level, 200)
        lines = [f"answers of ask.map: {self.summary}", *(_short(one) for one in self[:some])]
        return "\n".join(lines)


def _mapped(results: list[Any], report: dict[str, Any]) -> Mapped:
    made = Mapped(results)
    made.__dict__.update(report)
    return made


def _short(one: object) -> str:
    if one is None or type(one) in (str, int, float, bool):
        text = repr(one)
        return text if len(text) <= 60 else f"{text[:59]}…"
    return f"<{type(one).__name__}>"
