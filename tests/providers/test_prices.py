"""Prices: every kind of token at its own price, and nothing guessed."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from askance.providers import prices
from askance.providers.models import BARE_NAMES, PROVIDERS
from askance.records import Usage

TODAY = date(2026, 11, 23)
ROWS = tomllib.loads(Path(prices.__file__).with_name("prices.toml").read_text("utf-8"))["price"]
MAKERS = {
    "anthropic": "platform.claude.com",
    "openai": "developers.openai.com",
    "gemini": "ai.google.dev",
}


def test_cached_input_has_a_price_of_its_own():
    """A thousand tokens of which nine hundred were cached: 100 x $2 + 900 x $0.10 + 200 x $10, per million."""
    usage = Usage(input=1000, cached=900, output=200)
    assert prices.cost("anthropic:claude-sonnet-5-5", usage, on=TODAY) == pytest.approx(0.00229)


def test_writing_to_the_cache_costs_more_and_is_unknown_where_no_page_says_how_much():
    """Written input is billed above the plain price; a model without that price has none for such a request."""
    usage = SimpleNamespace(input=1000, cached=0, written=1000, output=0)
    assert prices.cost("anthropic:claude-sonnet-5-5", usage, on=TODAY) == pytest.approx(0.0025)
    assert prices.cost("openai:gpt-6.2-astra", usage, on=TODAY) is None
    assert prices.cost("openai:gpt-6.2-astra", Usage(input=1000), on=TODAY) == pytest.approx(0.008)


def test_a_long_request_is_dearer_from_its_first_token():
    """Above the limit the whole request has the other price, cached tokens counting towards the limit."""
    name = "anthropic:claude-haiku-5-5"
    at = prices.cost(name, Usage(input=100_000, cached=50_000), on=TODAY)
    above = prices.cost(name, Usage(input=100_001, cached=50_000), on=TODAY)
    assert at == pytest.approx(0.0055)
    assert above == pytest.approx(0.0275, rel=1e-4)
    assert prices.cost("openai:gpt-6.1-sol", Usage(input=272_001), on=TODAY) is None


def test_a_price_ends_with_its_day():
    """An introductory price holds up to its last day, the next one from then on."""
    usage = Usage(input=1_000_000, output=1_000_000)
    assert prices.cost("gemini:gemini-3.8-flash", usage, on=date(2026, 12, 31)) == pytest.approx(4.5)
    assert prices.cost("gemini:gemini-3.8-flash", usage, on=date(2027, 1, 1)) == pytest.approx(9.0)


@pytest.mark.parametrize("model", ["local", "ollama:llama4", "lmstudio:x", "vllm:x", "llamacpp:"])
def test_the_users_own_machine_costs_nothing(model):
    """Whatever runs there, and however much."""
    assert prices.cost(model, Usage(input=10**9, output=10**9)) == 0.0
    assert prices.is_free(model)


@pytest.mark.parametrize(
    "model", ["server:x", "openai:gpt-99", "claude-sonnet-5-5", "anthropic:claude-sonnet-5-5-20261001", "openai:", ""]
)
def test_what_is_not_in_the_table_is_unknown(model):
    """Another server, another model, a date that the maker does not name: no guess."""
    assert prices.cost(model, Usage(input=10, output=10)) is None
    assert prices.estimate(model, 10, 10) is None


def test_a_dated_name_that_the_maker_gives_is_the_same_model():
    """Only where its page says so."""
    plain, dated = "anthropic:claude-haiku-4-5", "anthropic:claude-haiku-4-5-20251001"
    assert prices.estimate(plain, 1000, 10, on=TODAY) == prices.estimate(dated, 1000, 10, on=TODAY) is not None


def test_an_answer_that_was_not_counted_has_no_price():
    """A server that does not count tokens leaves the price unknown, not zero."""
    assert prices.cost("anthropic:claude-sonnet-5-5", Usage(), on=TODAY) is None


def test_every_default_model_has_a_price():
    """What askance chooses by itself is in the table."""
    for provider in MAKERS:
        assert prices.estimate(f"{provider}:{PROVIDERS[provider].model}", 1, 1, on=TODAY) is not None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['model']} {row.get('up_to', row.get('until', ''))}")
def test_every_row_is_sound_and_says_where_it_is_from(row):
    """The maker's own page, a day before the table's, prices in the order they have everywhere."""
    provider, _, name = row["model"].partition(":")
    assert name.startswith(tuple(prefix for prefix, owner in BARE_NAMES if owner == provider))
    assert urlsplit(row["page"]).hostname == MAKERS[provider]
    assert date(2026, 9, 1) <= row["read"] <= TODAY
    assert 0 < row["cached"] < row["input"] <= row.get("written", row["input"]) < row["output"]
    assert set(row) <= {"model", "also", "input", "cached", "written", "output", "up_to", "until", "page", "read"}


def test_no_row_is_hidden_by_one_before_it():
    """A row without limits is the last of its model."""
    open_ended = [row["model"] for row in ROWS if not {"up_to", "until"} & set(row)]
    assert len(open_ended) == len(set(open_ended))
    for model in open_ended:
        last = [row for row in ROWS if row["model"] == model][-1]
        assert not {"up_to", "until"} & set(last)
