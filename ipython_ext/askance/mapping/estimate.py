"""What a job would take, before it starts.

Enters: the rows that have to be asked for. Leaves: an `Estimate`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..providers import prices


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What `ask.map` would take; an answer's length is a guess.

    Attributes:
        rows: values in the column.
        cached: of these, those whose answer is known.
        unique: rows that would be asked for: equal values are one.
        requests: that would be sent.
        input: tokens of these.
        output: tokens of their answers.
        cost: US dollars, None if the model's price is not known.
        model: the full model name.
    """

    rows: int
    cached: int
    unique: int
    requests: int
    input: int
    output: int
    model: str
    share: float = 1.0

    @property
    def tokens(self) -> int:
        """Of requests and answers together."""
        return self.input + self.output

    @property
    def cost(self) -> float | None:
        """US dollars, None if the model's price is not known."""
        if not self.requests:
            return 0.0
        each = prices.estimate(self.model, self.input // self.requests, self.output // self.requests)
        return None if each is None else each * self.requests * self.share

    @property
    def price(self) -> str:
        """The cost in words; "" if it is not known, or if nothing is asked."""
        return "" if self.cost is None or not self.requests else f"about {dollars(self.cost)}"

    def __repr__(self) -> str:
        price = self.price or ("nothing to pay" if self.cost == 0 else f"the price of {self.model} is not known")
        return (
            f"<Estimate: {self.rows:,} rows, {self.cached:,} known, {self.unique:,} to ask for in {self.requests:,} "
            f"requests, about {self.tokens:,} tokens, {price}>"
        )


def dollars(cost: float) -> str:
    """An amount as people read it: cents, and more digits of what is less."""
    return f"${cost:,.2f}" if cost >= 0.1 or cost == 0 else f"${cost:.2g}" if cost >= 0.0001 else f"${cost:.6f}"
