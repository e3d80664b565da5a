"""Whatever goes wrong on the way, no row is lost and none has another's answer."""

import json
import random

import pytest
from mapping.rowserver import Fault, RowServer

from askance.errors import AuthError, ProviderError, RateLimited, Unreachable
from askance.mapping import asking

BOTH = pytest.mark.parametrize("provider", ["openai", "anthropic"])
VALUES = [f"value {number}" for number in range(200)]
WHOLE = [f"<{value}>" for value in VALUES]


def malformed(lines):
    """Every third line is no JSON any more."""
    return [line[:-6] + "\n" if place % 3 == 1 else line for place, line in enumerate(lines)]


def doubled(lines):
    """The second line's id stands on the first line's answer too: it is answered twice, in two ways."""
    if len(lines) < 2:
        return lines
    first, second = (json.loads(line) for line in lines[:2])
    return [*lines, json.dumps({"id": second["id"], "answer": first["answer"]}) + "\n"]


def foreign(lines):
    """A line with an id that was never given comes first, and one row is missing."""
    return [json.dumps({"id": "zzzz0", "answer": "stolen"}) + "\n", *lines[1:]]


def shuffled(lines):
    """Another order, in one array in a fence, with words around it."""
    mixed = random.Random(1).sample(lines, len(lines))
    return ["Here you are:\n```json\n[", *[line.rstrip("\n") + ",\n" for line in mixed], "]\n```\nDone {all}."]


def pretty(lines):
    """Each row over several lines."""
    return [json.dumps(json.loads(line), indent=2) + "\n" for line in lines]


def glued(lines):
    """No line ends between the rows."""
    return [line.strip() for line in lines]


CHANGES = [malformed, doubled, foreign, shuffled, pretty, glued]


@BOTH
@pytest.mark.parametrize("change", CHANGES)
def test_rows_that_come_back_wrong_are_asked_again_and_no_others(ask_map, provider, change):
    """Bad lines in the first four answers: every row gets its own answer, and only the bad ones are asked for twice."""

    def fault(number, seen):
        return Fault(change=change) if number < 4 and len(seen.rows) > 1 else None

    with RowServer(faults=fault) as server:
        result = ask_map(server, "Mark it.", VALUES, provider)
    assert result == WHOLE
    assert result.errors == {}
    bad = {malformed: 7, doubled: 1, foreign: 1}.get(change, 0)
    assert len(server.values) == len(VALUES) + 4 * bad


@BOTH
@pytest.mark.parametrize("half", [False, True])
def test_a_disconnect_loses_only_what_had_not_come(ask_map, provider, half):
    """Three answers break off after seven rows, or in the middle of the eighth: the other thirteen are asked again."""
    faults = {number: Fault(after=7, half=half) for number in (0, 3, 5)}
    with RowServer(faults=faults) as server:
        result = ask_map(server, "Mark it.", VALUES, provider)
    assert result == WHOLE
    assert len(server.values) == len(VALUES) + 3 * 13


@BOTH
@pytest.mark.parametrize("headers", [{}, {"retry-after": "0.2"}, {"retry-after-ms": "200"}])
def test_no_row_is_lost_when_the_server_wants_less(ask_map, provider, headers):
    """429s, with and without a time to wait: all rows get their answers, and a refused request costs one more."""
    faults = {number: Fault(status=429, headers=headers) for number in (0, 1, 2, 8)}
    with RowServer(faults=faults) as server:
        result = ask_map(server, "Mark it.", VALUES, provider)
    assert result == WHOLE
    assert len(server.seen) == 14
    assert result.requests == 14


@BOTH
def test_nobody_sends_before_the_time_that_the_server_named(ask_map, provider):
    """After a 429 that asks for 0.6 s no other request of the job arrives before they are over."""
    refused = []

    def fault(number, seen):
        if number:
            return None
        refused.append(seen.time)
        return Fault(status=429, headers={"retry-after": "0.6"})

    with RowServer(faults=fault, first=0.3) as server:
        result = ask_map(server, "Mark it.", VALUES, provider, concurrency=2)
    assert result == WHOLE
    later = [seen.time - refused[0] for seen in server.seen[2:]]  # the second was on its way already
    assert len(later) == 9
    assert min(later) >= 0.6


@BOTH
@pytest.mark.parametrize("status", [500, 502, 503, 529])
def test_a_server_in_trouble_is_tried_again(ask_map, provider, status):
    """A few 5xx in a row pass; the SDK does not try again beside us: each of them is one request."""
    faults = {number: Fault(status=status) for number in (0, 1, 4)}
    with RowServer(faults=faults) as server:
        result = ask_map(server, "Mark it.", VALUES, provider)
    assert result == WHOLE
    assert len(server.seen) == 13


@BOTH
def test_a_server_that_never_recovers_ends_the_job(ask_map, provider, monkeypatch):
    """A server that refuses everything is asked a bounded number of times, and the error is its own."""
    monkeypatch.setattr("askance.mapping.pace.LONGEST_WAIT", 0.02)
    with RowServer(faults=lambda number, seen: Fault(status=429)) as server, pytest.raises(RateLimited, match="429"):
        ask_map(server, "Mark it.", VALUES, provider)
    assert 8 <= len(server.seen) <= 30


@BOTH
def test_a_refused_key_ends_the_job_at_once(ask_map, provider):
    """No request goes out after the first answers say that the key is no good."""
    bad = Fault(status=401, message="bad key")
    with RowServer(faults=lambda number, seen: bad) as server, pytest.raises(AuthError):
        ask_map(server, "Mark it.", VALUES, provider)
    assert len(server.seen) <= 8


def test_an_empty_account_is_not_waited_for(ask_map):
    """A 429 that says the credit is gone is no reason to try again."""
    gone = Fault(status=429, message="You exceeded your current quota, check your billing")
    with RowServer(faults=lambda number, seen: gone) as server, pytest.raises(RateLimited, match="credit"):
        ask_map(server, "Mark it.", VALUES)
    assert len(server.seen) <= 8


def test_what_came_before_the_end_is_not_lost(ask_map):
    """The key is refused after three answers: their rows are there, the others have the error beside them."""
    with RowServer(faults=lambda number, seen: Fault(status=401) if number >= 3 else None) as server:
        result = ask_map(server, "Mark it.", VALUES, concurrency=1)
    assert result[:60] == WHOLE[:60]
    assert result[60:] == [None] * 140
    assert sorted(result.errors) == list(range(60, 200))
    assert "refused" in result.errors[60]


def test_a_row_that_breaks_every_request_fails_alone(ask_map):
    """One value makes the server refuse any request it is in: it has an error, its neighbours have their answers."""

    def fault(number, seen):
        return Fault(status=400, message="no") if any(value == "value 33" for _, value in seen.rows) else None

    with RowServer(faults=fault) as server:
        result = ask_map(server, "Mark it.", VALUES)
    assert list(result.errors) == [33]
    assert "refused" in result.errors[33]
    assert [one for place, one in enumerate(result) if place != 33] == [w for w in WHOLE if w != "<value 33>"]
    assert len(server.seen) < 20


def test_a_row_that_breaks_every_stream_fails_alone(ask_map):
    """One value makes the connection drop before anything comes: it fails after a bounded number of tries."""

    def fault(number, seen):
        return Fault(after=0) if any(value == "value 33" for _, value in seen.rows) else None

    with RowServer(faults=fault) as server:
        result = ask_map(server, "Mark it.", VALUES)
    assert list(result.errors) == [33]
    assert asking.BREAKS < server.values.count("value 33") <= asking.BREAKS + 5
    assert sum(one is not None for one in result) == 199


def test_refusals_of_everything_are_not_tried_row_by_row(ask_map):
    """A server that takes no request at all is not asked 200 times."""
    bad = Fault(status=400, message="no such thing")
    with RowServer(faults=lambda number, seen: bad) as server, pytest.raises(ProviderError, match="refused"):
        ask_map(server, "Mark it.", VALUES)
    assert len(server.seen) <= 12


def test_a_row_without_an_answer_has_its_error_after_a_few_tries(ask_map):
    """The model never answers one row: it is asked with others, then alone three times, and then it is told."""

    def silent(number, seen):
        def change(lines):
            return [line for line, (_, value) in zip(lines, seen.rows, strict=True) if value != "value 7"] or [" "]

        return Fault(change=change)

    with RowServer(faults=silent) as server:
        result = ask_map(server, "Mark it.", VALUES)
    assert list(result.errors) == [7]
    assert result[7] is None
    assert server.values.count("value 7") == 1 + asking.ALONE
    assert len(server.values) == 199 + 1 + asking.ALONE


def test_answers_that_are_cut_go_on_in_smaller_requests(ask_map):
    """An answer that reached its size limit after four rows: the rest is asked again, with all the room there is."""
    faults = {0: Fault(change=lambda lines: lines[:4], reason="length")}
    with RowServer(faults=faults) as server:
        result = ask_map(server, "Mark it.", VALUES[:20])
    assert result == WHOLE[:20]
    assert sorted(len(seen.rows) for seen in server.seen) == [1, 5, 5, 5, 20]
    assert server.seen[1].body["max_tokens"] > server.seen[0].body["max_tokens"] - 1


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(n, marks=pytest.mark.full) for n in range(2, 40))])
def test_faults_at_random_lose_and_swap_nothing(ask_map, seed):
    """A server where two of five requests go wrong in some way: each row has its own answer at the end."""
    chance = random.Random(seed)
    kinds = [
        lambda: Fault(status=429),
        lambda: Fault(status=429, headers={"retry-after": "0.05"}),
        lambda: Fault(status=503),
        lambda: Fault(after=chance.randrange(20), half=chance.random() < 0.5),
        lambda: Fault(change=chance.choice(CHANGES)),
    ]

    def fault(number, seen):
        return chance.choice(kinds)() if chance.random() < 0.4 and len(seen.rows) > 1 else None

    values = [chance.choice(["a", 3, None, "Zeile\n2", {"k": [1, "}"]}, f"x{n}", 0.5 * n]) for n in range(120)]
    with RowServer(answer=lambda value: f"<{json.dumps(value)}>", faults=fault) as server:
        result = ask_map(server, "Mark it.", values, batch=15)
    assert result.errors == {}
    assert result == [f"<{json.dumps(value)}>" for value in values] or all(
        one in (f"<{json.dumps(value)}>", f"<{json.dumps(json.dumps(value))}>", f"<{json.dumps(str(value))}>")
        for one, value in zip(result, values, strict=True)
    )


def test_a_model_that_answers_no_lines_is_asked_row_by_row(ask_map):
    """Every request for several rows brings prose: soon no more of them are sent, and each row has its answer."""
    prose = Fault(change=lambda lines: ["Certainly! Here is what I think of them."])
    with RowServer(faults=lambda number, seen: prose if len(seen.rows) > 1 else None) as server:
        result = ask_map(server, "Mark it.", VALUES[:100], concurrency=2)
    assert result == WHOLE[:100]
    assert sum(len(seen.rows) > 1 for seen in server.seen) <= 4


def test_a_server_that_is_not_there_is_soon_told(ask_map):
    """Nothing listens at the address: after a few tries the job ends with the one line of any ask."""
    with RowServer() as server:
        pass
    with pytest.raises(Unreachable, match="nothing answers"):
        ask_map(server, "Mark it.", VALUES)


@BOTH
def test_half_of_all_streams_breaking_for_a_while_loses_nothing(ask_map, provider):
    """Of the first forty requests every second one breaks, half of them before anything came: all rows have answers."""

    def fault(number, seen):
        return Fault(after=0 if number % 2 else 7) if number % 4 < 2 and number < 40 else None

    with RowServer(faults=fault) as server:
        result = ask_map(server, "Mark it.", VALUES, provider)
    assert result == WHOLE
    assert result.errors == {}
