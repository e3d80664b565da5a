"""What a job may cost, and what it has cost.

Enters: sizes of requests, and what they took. Leaves: US dollars, and whether one more request may go: it may if even its
worst case keeps below the cap.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import UsageError
from ..providers import prices
from ..records import Prompt, Usage

AROUND = 32
"""Tokens that servers put around a request's messages, at most."""


@dataclass(frozen=True, eq=False)
class Held:
    """Money set apart for one request: its worst case, in US dollars."""

    dollars: float


class Purse:
    """The money of one job.

    Args:
        model: the full model name.
        cap: US dollars, None for no cap.

    Attributes:
        spent: US dollars, as far as prices are known; what is not known counts as the worst case.
    """

    def __init__(self, model: str, cap: float | None) -> None:
        self.spent = 0.0
        self._model = model
        self._cap = cap
        self._held: set[Held] = set()
        if cap is not None and worst(model, 1, 1) is None:
            raise UsageError(
                f"The price of {model} is not known, so nothing keeps it below ${cap:g}",
                "Leave out cap=, or name a model whose price is known.",
            )

    def fits(self, prompt: Prompt) -> bool:
        """Whether a request may go now."""
        return (
            self._cap is None or self.spent + sum(one.dollars for one in self._held) + self._worst(prompt) <= self._cap
        )

    @property
    def is_held(self) -> bool:
        """Whether some of it may come back."""
        return bool(self._held)

    def hold(self, prompt: Prompt) -> Held:
        """Set apart what a request costs at worst."""
        held = Held(self._worst(prompt))
        self._held.add(held)
        return held

    def pay(self, held: Held, usage: Usage, *, counted: bool) -> float | None:
        """A request has come to its end.

        Args:
            held: what was set apart for it.
            usage: what it took.
            counted: whether the server says so; else the cap has to fear the worst.

        Returns:
            What it cost, None if the price is not known.
        """
        self._held.discard(held)
        cost = prices.cost(self._model, usage) if usage.input + usage.output else 0.0
        self.spent += (cost or 0.0) if counted else held.dollars
        return cost

    def _worst(self, prompt: Prompt) -> float:
        return worst(self._model, most_tokens(prompt), prompt.max_output) or 0.0


def most_tokens(prompt: Prompt) -> int:
    """No tokenizer makes more: each token is at least one byte."""
    texts = (prompt.system, prompt.schema, *(message.content for message in prompt.messages))
    return sum(len(text.encode("utf-8", "replace")) for text in texts) + AROUND


def worst(model: str, input_tokens: int, output_tokens: int) -> float | None:
    """The highest price of a request of that size: none of it known to the server, all of it to be written there."""
    plain = prices.cost(model, Usage(input=input_tokens, output=output_tokens))
    written = prices.cost(model, Usage(input=input_tokens, output=output_tokens, written=input_tokens))
    return plain if plain is None or written is None else max(plain, written)
