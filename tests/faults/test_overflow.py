"""Requests that are longer than the model's window: what ranks lowest stays here, and the user is told."""

import json
import re

import pytest
from faults.windows import OTHERS, REFUSALS, Shelf, refusal, session
from scripted_server import Reply, ScriptedServer, error

from askance.errors import AskanceError, ContextTooLong
from askance.providers.sizes import too_long
from askance.records import LedgerReady
from askance.tokens import estimate

QUESTION = "What is value_3?"


def words(request):
    """All that the model is told, as one text."""
    body = request.json
    found = body.get("messages") or body.get("input")
    return "\n".join(m["content"] if isinstance(m["content"], str) else m["content"][0]["text"] for m in found)


def told(request):
    """The names of the things that stand in a request."""
    return set(re.findall(r"file\d\d\.py", words(request)))


def asked(protocol, replies, *, source=None, question=QUESTION, **options):
    """What comes of a question: the answer or error, the requests, the ledgers that were shown."""
    with ScriptedServer(replies) as server:
        one, seen = session(protocol, server, source or Shelf()), []
        try:
            answer = one.loop.run(one.answer(one.make_ask(question, **options), seen.append))
        except AskanceError as raised:
            answer = raised
        sent = one.sent
        again = one.ask(question, **options) if not isinstance(answer, AskanceError) else None
        one.loop.run(one.close())
        one.loop.close()
        return answer, server.asked, [event.ledger for event in seen if isinstance(event, LedgerReady)], again, sent


@pytest.mark.parametrize("name", REFUSALS)
def test_the_lowest_ranks_are_left_out_and_the_rest_is_sent_once_more(name):
    """One more request, smaller, and whole in itself; ledger, notice and what is remembered are about that one."""
    case = REFUSALS[name]
    answer, requests, ledgers, again, sent = asked(case.protocol, [case.reply, Reply(["It is 3."])])
    assert not isinstance(answer, AskanceError), answer
    assert (answer.text, answer.complete, len(requests)) == ("It is 3.", True, 2)
    first, second = requests
    assert len(second.body) < len(first.body)
    assert told(second) < told(first) or case.limit is not None
    assert words(second).endswith(QUESTION)
    names = [item.name for item in ledgers[0].sent]
    kept = [item.name for item in answer.ledger.sent]
    assert set(kept) == told(second)
    ranks = [names.index(item) for item in kept]
    assert ranks == sorted(ranks) == list(range(len(kept)))  # none but the last ranks were left out
    assert ledgers[-1] == answer.ledger
    if case.limit is not None:
        room = next(value for key, value in second.json.items() if key.startswith("max"))
        assert estimate(words(second)) + room <= case.limit
    assert answer.notice.startswith("The model's window is smaller than the budget: ")
    assert "left out" in answer.notice or "less room" in answer.notice
    assert f"%config Askance.budget = {answer.ledger.tokens}" in answer.notice
    assert answer.notice in [note.message for note in answer.ledger.notes]
    assert [one.departure.body for one in sent] == [first.body, second.body]
    assert [one.asked.ledger.tokens for one in sent] == [ledgers[0].tokens, answer.ledger.tokens]
    assert again.cached == "memory"
    assert len(requests) == 2


@pytest.mark.parametrize("name", REFUSALS)
def test_the_sizes_are_understood(name):
    """The limit and the count of every server that names them; nothing is made of those that don't."""
    case = REFUSALS[name]
    body = case.reply.body or case.reply.steps[0].partition(b"data: ")[2]
    try:
        said = json.loads(body)
    except ValueError:
        said = body.decode()
    said = said.get("response", said) if isinstance(said, dict) else said
    found = too_long(said, case.reply.status)
    assert found is not None
    assert found.limit == case.limit
    if case.counted is not None:
        assert found.counted == case.counted


@pytest.mark.parametrize("name", OTHERS)
def test_other_refusals_are_not_tried_with_less(name):
    """They would be refused again, for the same reason."""
    status, message = OTHERS[name]
    answer, requests, *_ = asked("openai", [error(status, message, **{"x-should-retry": "false"}), Reply(["no"])])
    assert isinstance(answer, AskanceError)
    assert not isinstance(answer, ContextTooLong)
    assert len(requests) == 1


@pytest.mark.parametrize("protocol", ["openai", "openai-responses", "anthropic"])
def test_a_second_refusal_is_one_line_with_what_to_type(protocol):
    """Two requests, never three; the line says what was tried, and how small the next one may be."""
    no = refusal(protocol, "prompt is too long: 2740 tokens > 1500 maximum").reply
    answer, requests, ledgers, *_ = asked(protocol, [no, no, Reply(["never asked"])])
    assert type(answer) is ContextTooLong
    assert len(requests) == 2
    assert re.search(r"too long for .*, also with \d+ items? left out\. Send less: %%ask -b \d+", str(answer))
    assert int(re.search(r"-b (\d+)", str(answer))[1]) < ledgers[-1].tokens
    assert "\n" not in str(answer)


def test_a_question_that_is_too_long_alone_is_not_sent_again():
    """Nothing is left that could be left out: one request, and one line."""
    no = refusal("openai", "maximum context length is 300 tokens, you requested 2740 tokens").reply
    answer, requests, *_ = asked("openai", [no, Reply(["no"])], question="Why? " * 400)
    assert type(answer) is ContextTooLong
    assert "even without context" in str(answer)
    assert len(requests) == 1


def test_the_second_request_passes_the_gate_as_the_first():
    """What was replaced in the first is replaced in the second, and told of it."""
    secret = "password = '" + "Tr0ub4dor" + "&3xyz" + "'\n"
    case = REFUSALS["vLLM"]
    answer, requests, *_ = asked("openai", [case.reply, Reply(["ok"])], source=Shelf(secret=secret))
    assert len(requests) == 2
    assert all(b"Tr0ub4dor" not in request.body for request in requests)
    assert answer.redactions


def test_earlier_turns_are_left_out_too():
    """A long conversation makes way, and the note says so."""
    case = REFUSALS["OpenAI"]
    replies = [Reply(["word " * 300]), case.reply, Reply(["It is 3."])]
    with ScriptedServer(replies) as server:
        one = session("openai", server, Shelf(2))
        one.ask("What is a word?")
        answer = one.ask("And now?")
        one.loop.run(one.close())
        one.loop.close()
    assert answer.text == "It is 3."
    assert "1 earlier turn left out" in answer.notice
    assert len(server.asked[2].json["messages"]) < len(server.asked[1].json["messages"])


def test_a_stop_while_the_second_request_is_answered_keeps_its_part():
    """It is an ask like any other."""
    case = REFUSALS["OpenAI"]
    answer, requests, *_ = asked("openai", [case.reply, Reply(["part"], end=False), Reply(["again"])])
    assert (answer.text, answer.complete, answer.ended) == ("part", False, "error")
    assert "broke off" in answer.notice
    assert "left out" in answer.notice
    assert len(requests) == 3  # and is not kept
