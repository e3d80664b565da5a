"""What the cache was good for in this kernel.

Enters: each hit and each miss. Leaves: counts by tier, a rate, the tokens and the money that were not spent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..providers import prices
from ..records import Usage
from .entry import Entry


@dataclass
class Tallies:
    """Counts since the kernel began.

    Attributes:
        hits: by the name of the tier.
        misses: lookups that found nothing that holds.
        saved: what the answers given again had cost when they were made, by the model that made them.
    """

    hits: Counter[str] = field(default_factory=Counter)
    misses: int = 0
    saved: list[tuple[str, Usage]] = field(default_factory=list)

    def hit(self, tier: str, entry: Entry) -> None:
        """An answer was given again."""
        self.hits[tier] += 1
        self.saved.append((entry.model, entry.usage))

    @property
    def tokens(self) -> int:
        """Tokens of the answers given again and of their requests, which nobody had to pay for."""
        return sum(usage.input + usage.output for _, usage in self.saved)

    @property
    def money(self) -> float:
        """The same in US dollars, as far as prices are known; each at its own request's price."""
        return sum(prices.cost(model, usage) or 0.0 for model, usage in self.saved)

    @property
    def rate(self) -> float:
        """Part of the lookups that found an answer, 0 to 1; 0 before the first."""
        lookups = self.hits.total() + self.misses
        return self.hits.total() / lookups if lookups else 0.0
