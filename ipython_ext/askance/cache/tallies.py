"""What the cache was good for in this kernel.

Enters: each hit and each miss. Leaves: counts by tier, a rate, the tokens and the money that were not spent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from ..providers import prices
from .entry import Entry


@dataclass
class Tallies:
    """Counts since the kernel began.

    Attributes:
        hits: by the name of the tier.
        misses: lookups that found nothing that holds.
        tokens: tokens of the answers given again and of their requests, which nobody had to pay for.
        money: the same in US dollars, as far as prices are known: each at the price of the model that made it.
    """

    hits: Counter[str] = field(default_factory=Counter)
    misses: int = 0
    tokens: int = 0
    money: float = 0.0

    def hit(self, tier: str, entry: Entry) -> None:
        """An answer was given again."""
        self.hits[tier] += 1
        self.tokens += entry.usage.input + entry.usage.output
        self.money += prices.cost(entry.model, entry.usage) or 0.0

    @property
    def rate(self) -> float:
        """Part of the lookups that found an answer, 0 to 1; 0 before the first."""
        lookups = self.hits.total() + self.misses
        return self.hits.total() / lookups if lookups else 0.0
