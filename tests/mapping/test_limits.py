"""Money and pace: what is reserved, what waits, and what is never sent."""

import json
import os
import re
import signal
import threading
import time
from datetime import UTC, datetime

import pytest
from mapping.rowserver import Fault, RowServer

from askance.errors import UsageError
from askance.mapping.entry import map_column
from askance.mapping.estimate import Estimate
from askance.mapping.pace import PATIENCE, Pace
from askance.mapping.purse import Purse, most_tokens, worst
from askance.providers import prices
from askance.records import Message, Prompt, Usage
from askance.testing import FakeClock

MODEL = "openai:gpt-6.1-terra"
VALUES = [f"value {number}" for number in range(200)]
WHOLE = [f"<{value}>" for value in VALUES]


def pace(concurrency=8, **more):
    """A pace with a clock of its own, and no chance."""
    clock = FakeClock(100.0)
    return Pace(concurrency, clock=clock, wall_clock=lambda: 1_800_000_000.0, chance=lambda: 0.0, **more), clock


def test_a_time_to_wait_holds_for_all():
    """Until the time that a 429 names nobody goes; a shorter one does not make it shorter."""
    of, clock = pace()
    first, second = of.went(10), of.went(10)
    of.limited(first, 5.0)
    of.limited(second, 2.0)
    assert of.delay(10) == 5.0
    assert of.slots == 8
    clock.move(4.999)
    assert of.delay(10) > 0
    clock.move(0.001)
    assert of.delay(10) == 0


def test_without_a_time_waits_double_and_slots_halve_once_for_each_burst():
    """Eight refusals of one burst are one; the next burst waits twice as long; answers bring slots back, one by one."""
    of, clock = pace()
    waits = []
    for _ in range(4):
        for turn in [of.went(1) for _ in range(of.slots)]:
            of.limited(turn)
        waits.append(of.delay(1))
        clock.move(of.delay(1))
    assert [wait / waits[0] for wait in waits] == pytest.approx([1, 2, 4, 8])
    assert of.slots == 1
    for slots in (2, 3, 4):
        for _ in range(of.slots):
            of.well(of.went(1))
        assert of.slots == slots
    assert of.waits == 0


def test_slots_never_pass_what_was_allowed():
    """However well it goes."""
    of, _ = pace(3)
    for _ in range(50):
        of.well(of.went(1))
    assert of.slots == 3


def test_patience_ends():
    """As many waits as that with nothing in between, and the job gives up; one row in between, and it goes on."""
    of, clock = pace()
    for number in range(PATIENCE + 1):
        assert not of.spent
        if number == 3:
            of.well(of.went(1))
        of.limited(of.went(1))
        clock.move(1000)
    assert not of.spent
    for _ in range(4):
        of.limited(of.went(1))
        clock.move(1000)
    assert of.spent


def test_tokens_per_minute_hold_in_every_minute():
    """Requests of 300 at 1,000 a minute: three go, the fourth when the first is a minute old; in no minute are there more."""
    of, clock = pace(tokens_per_minute=1000)
    went = []
    for _ in range(12):
        clock.move(of.delay(300))
        went.append(of.went(300).time)
        clock.move(1)
    assert went[:3] == [100.0, 101.0, 102.0]
    assert went[3] == pytest.approx(160.0)
    assert all(sum(time - 60 < other <= time for other in went) <= 3 for time in went)


def test_a_request_larger_than_the_minute_goes_when_nothing_else_does():
    """It would wait for ever otherwise."""
    of, clock = pace(tokens_per_minute=100)
    assert of.delay(500) == 0
    of.went(500)
    assert of.delay(10) == 60
    clock.move(60)
    assert of.delay(10) == 0


def test_what_was_counted_takes_the_place_of_what_was_expected():
    """A request that took less makes room in its minute."""
    of, _ = pace(tokens_per_minute=1000)
    turn = of.went(900)
    assert of.delay(300) > 0
    turn.tokens = 100
    assert of.delay(300) == 0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "6s"}, 6),
        ({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "120ms"}, 0.12),
        ({"x-ratelimit-remaining-tokens": "50", "x-ratelimit-reset-tokens": "1m2.5s"}, 60),
        ({"x-ratelimit-remaining-tokens": "500", "x-ratelimit-reset-tokens": "6s"}, 0),
        ({"x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s"}, 2),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "2s"}, 0),
        (
            {
                "anthropic-ratelimit-tokens-remaining": "0",
                "anthropic-ratelimit-tokens-reset": "2027-01-15T08:00:07Z",
            },
            7,
        ),
        ({"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "soon"}, 0),
        ({"x-ratelimit-remaining-tokens": "many", "x-ratelimit-reset-tokens": "6s"}, 0),
    ],
)
def test_what_servers_say_of_their_limits_is_kept(headers, seconds):
    """A request of 100 tokens waits for the reset where fewer are left; what cannot be read is passed over."""
    of, clock = pace()
    of.heard(200, headers)
    assert of.delay(100) == pytest.approx(seconds)
    clock.move(seconds)
    assert of.delay(100) == 0


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_that_counts_down_is_never_overrun(ask_map, provider):
    """The server refuses who asks for more than it said was left: whoever reads its headers is never refused."""
    names = {
        "openai": ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
        "anthropic": ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    }[provider]
    times = []

    def headers(number):
        times.append(time.monotonic())
        lately = sum(time.monotonic() - one < 0.4 for one in times)
        until = datetime.fromtimestamp(time.time() + 0.4, UTC).isoformat()
        return {names[0]: str(max(0, 3 - lately)), names[1]: "400ms" if provider == "openai" else until}

    def fault(number, seen):
        lately = sum(seen.time - one < 0.39 for one in times)
        return Fault(status=429) if lately >= 3 else None

    with RowServer(faults=fault, headers=headers) as server:
        result = ask_map(server, "Mark it.", VALUES[:100], provider, batch=10, concurrency=1)
    assert result == WHOLE[:100]
    assert len(server.seen) == 10


def prompt(text="x" * 1000, room=500):
    """A request."""
    return Prompt(model="m", system="s", messages=(Message(role="user", content=text),), max_output=room)


def test_the_worst_case_is_no_less_than_what_a_request_can_cost():
    """It counts a byte a token, all room for the answer, and what servers take for writing their cache."""
    for text in ("x" * 1000, "äöü" * 300, "語" * 300, "\U0001f600" * 200, "1 2 3 " * 200):
        assert most_tokens(prompt(text)) > len(text.encode())
    plain = prices.cost("anthropic:claude-sonnet-5-5", Usage(input=1000, output=500))
    written = prices.cost("anthropic:claude-sonnet-5-5", Usage(input=1000, output=500, written=1000))
    assert worst("anthropic:claude-sonnet-5-5", 1000, 500) == max(plain, written) > plain


def test_a_purse_sets_apart_and_gives_back():
    """What is under way counts with its worst case; what was counted with its price; what nobody counted stays lost."""
    each = worst(MODEL, most_tokens(prompt()), 500)
    purse = Purse(MODEL, each * 2.5)
    first, second = purse.hold(prompt()), purse.hold(prompt())
    assert not purse.fits(prompt())
    purse.pay(first, Usage(input=10, output=1), counted=True)
    assert purse.fits(prompt())
    purse.pay(second, Usage(input=10, output=1), counted=False)
    assert purse.spent > each
    assert not purse.is_held


def test_an_estimate_above_the_cap_sends_nothing(ask_map):
    """One line says both sums."""
    with RowServer() as server, pytest.raises(UsageError, match=r"about \$[\d.]+, and the cap is \$0\.001"):
        ask_map(server, "Mark it.", VALUES, cap=0.001)
    assert server.seen == []


def test_a_model_without_a_known_price_takes_no_cap(sessions):
    """One line; nothing is sent."""
    with RowServer() as server:
        session = sessions(server, model="openai:nobody-knows")
        with pytest.raises(UsageError, match=r"price of openai:nobody-knows is not known"):
            map_column(session, "Mark it.", VALUES, cap=1.0, progress=False)
        assert server.seen == []
        assert map_column(session, "Mark it.", VALUES[:3], progress=False).cost is None


@pytest.mark.parametrize("cap", [0.02, 0.03, 0.05])
def test_no_request_can_pass_the_cap(ask_map, cap):
    """A model that writes as much as it may in every answer: the bill stays below the cap, and rows that were not asked say so."""

    def most(seen):
        body = seen.body
        return len(json.dumps(body)), body.get("max_tokens", body.get("max_completion_tokens"))

    with RowServer(answer=lambda value: value, usage=most) as server:
        result = ask_map(server, "Mark it.", VALUES[:60], cap=cap)
        bill = sum(prices.cost(MODEL, Usage(input=given, output=made)) for given, made in map(most, server.seen))
    assert bill <= cap
    assert result.cost <= cap
    missing = [place for place, value in enumerate(result) if value is None]
    assert sorted(result.errors) == missing
    assert all("cap" in why for why in result.errors.values())


def test_a_cap_above_the_need_takes_nothing_away(ask_map):
    """Four times the estimate: every row is asked, in as few requests as without it."""
    with RowServer() as server:
        needed = ask_map(server, "Mark it.", VALUES, dry=True).cost
        result = ask_map(server, "Mark it.", VALUES, cap=4 * needed)
    assert result == WHOLE
    assert result.errors == {}
    assert len(server.seen) <= 12


def test_broken_streams_count_in_full(ask_map):
    """Nobody counted the tokens of an answer that broke off: the cap fears the worst, and holds."""
    with RowServer(faults=lambda number, seen: Fault(after=1)) as server:
        needed = ask_map(server, "Mark it.", VALUES[:40], dry=True).cost
        ask_map(server, "Mark it.", VALUES[:40], cap=3 * needed)
        bodies = [seen.body for seen in server.seen]
    bill = sum(worst(MODEL, 1, body.get("max_tokens", body.get("max_completion_tokens"))) for body in bodies)
    assert bill <= 3 * needed


def test_a_dry_run_tells_and_sends_nothing(ask_map):
    """Rows, known rows, requests, tokens and the price; the request itself costs about that."""
    with RowServer() as server:
        ask_map(server, "Mark it.", VALUES[:50])
        sent = len(server.seen)
        estimate = ask_map(server, "Mark it.", VALUES + VALUES[:10], dry=True)
        assert len(server.seen) == sent
    assert isinstance(estimate, Estimate)
    assert (estimate.rows, estimate.cached, estimate.unique, estimate.requests) == (210, 60, 150, 8)
    assert estimate.tokens == estimate.input + estimate.output > 150 * 20
    assert 0 < estimate.cost < 0.5
    assert re.search(
        r"210 rows, 60 known, 150 to ask for in 8 requests, about [\d,]+ tokens, about \$0\.", repr(estimate)
    )


def test_a_cap_of_nothing_gives_what_is_known(ask_map):
    """cap=0 with all rows known asks nobody."""
    with RowServer() as server:
        ask_map(server, "Mark it.", VALUES[:5])
        assert ask_map(server, "Mark it.", VALUES[:5], cap=0) == WHOLE[:5]
    assert len(server.seen) == 1


def test_tokens_per_minute_reach_the_job(sessions):
    """A limit that one request fills: the second waits for its minute, and is not there when the user stops the job."""
    with RowServer() as server:

        def press():
            while not server.seen:
                time.sleep(0.01)
            time.sleep(0.4)
            os.kill(os.getpid(), signal.SIGINT)

        threading.Thread(target=press, daemon=True).start()
        with pytest.raises(KeyboardInterrupt, match="20 of 40"):
            map_column(sessions(server), "Mark it.", VALUES[:40], tokens_per_minute=300, progress=False)
        assert len(server.seen) == 1
