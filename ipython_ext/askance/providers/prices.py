"""What an answer cost, and what one would cost.

Enters: a full model name and tokens. Leaves: US dollars, or None where the price is not known: it is never guessed.
The prices stand in `prices.toml` beside this file, each with the page that says so and the day it was read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from ..records import Usage

FREE = ("local", "ollama", "lmstudio", "vllm", "llamacpp")
"""Providers that run on the user's own machine."""

_MAKERS = {"openai-responses": "openai"}
"""Providers that ask another one's models, at its prices."""

_MILLION = 1_000_000


def cost(model: str, usage: Usage, *, on: date | None = None) -> float | None:
    """The price of an answer.

    Args:
        model: the full model name.
        usage: tokens as the provider counted them; its input includes what was read from and written to the cache.
        on: the day it was given, None for today.
    """
    if is_free(model):
        return 0.0
    row = _row(model, usage.input, on or date.today())  # noqa: DTZ011  the user's own day is near enough
    if row is None or not usage.input + usage.output:
        return None
    if usage.written and "written" not in row:
        return None
    plain = max(0, usage.input - usage.cached - usage.written)
    parts = ((plain, "input"), (usage.cached, "cached"), (usage.written, "written"), (usage.output, "output"))
    return float(sum(tokens * row.get(kind, 0) for tokens, kind in parts)) / _MILLION


def estimate(model: str, input_tokens: int, output_tokens: int, *, on: date | None = None) -> float | None:
    """The price of a request of that size if nothing of it comes from the provider's cache.

    Args:
        model: the full model name.
        input_tokens: tokens of the request.
        output_tokens: tokens of the answer.
        on: the day it is asked, None for today.
    """
    return cost(model, Usage(input=input_tokens, output=output_tokens), on=on)


def is_free(model: str) -> bool:
    """Whether the model runs on the user's own machine."""
    return model.partition(":")[0] in FREE


def _row(model: str, input_tokens: int, day: date) -> Mapping[str, Any] | None:
    provider, colon, name = model.partition(":")
    model = f"{_MAKERS.get(provider, provider)}{colon}{name}"
    for row in _table():
        named = model == row["model"] or model in row.get("also", ())
        if named and input_tokens <= row.get("up_to", input_tokens) and day <= row.get("until", day):
            return row
    return None


@cache
def _table() -> Sequence[Mapping[str, Any]]:
    import tomllib

    rows: list[Mapping[str, Any]] = tomllib.loads(Path(__file__).with_name("prices.toml").read_text("utf-8"))["price"]
    return rows
