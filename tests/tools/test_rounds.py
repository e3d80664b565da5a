"""Rounds of a whole ask: what the model is told, what the ledger holds, limits, faults, and the forms of answers."""

import json
import threading

import pytest
from tooling import Does, FrontEnd, call, calls, session_for_tests

from askance.errors import ContextTooLong, NoTools, Unreachable
from askance.records import CallChunk, EndChunk, LedgerReady, TextDelta, ToolCall, ToolEvent, Usage, UsageChunk
from askance.schema import schema_of
from askance.settings import Settings
from askance.structured import answer_as
from askance.tokens import estimate

LOOK = Does("look", lambda: "it is 42", mark="1")


def asked(*script, then, tools=(LOOK,), settings=None, hands=None, emit=None, **options):
    """An answer, the requests that led to it, and the session."""
    session = session_for_tests(*script, then=then, tools=list(tools), settings=settings)
    ask = session.make_ask("What is it?", hands=hands is not None, tools=True, **options)
    answer = session.loop.run(session.answer(ask, emit or (lambda _event: None), hands))
    return answer, [gated.prompt for gated in session.sender.provider("local")[0].requests], session


def results(prompt):
    return [one.text for one in prompt.messages[-1].results]


def test_the_model_is_told_what_its_calls_gave_and_goes_on():
    """Its words and calls stand before the results, byte for byte; the beginning of the request stays as it was."""
    answer, (first, second), _ = asked("Let me look. ", *calls(call("look", a=1)), then=[["It is 42."]])
    assert answer.text == "Let me look. \n\nIt is 42."
    assert second.messages[: len(first.messages)] == first.messages
    assert (second.system, second.tools) == (first.system, first.tools)
    said, told = second.messages[len(first.messages) :]
    assert (said.role, said.content, [one.arguments for one in said.calls]) == (
        "assistant",
        "Let me look. ",
        ['{"a": 1}'],
    )
    assert (told.role, told.content, results(second)) == ("user", "", ["it is 42"])
    assert told.results[0].id == said.calls[0].id
    assert second.may_call
    assert (answer.notice, answer.complete, answer.ended) == ("", True, "stop")


def test_results_stand_in_the_ledger_and_the_answer_tells_its_calls():
    """As context: source, name, why, fingerprint; each call with its final state and time."""
    events = []
    answer, _, _ = asked(*calls(call("look", a=1)), then=[calls("look"), ["done"]], emit=events.append)
    items = [item for item in answer.ledger.items if item.source == "tools"]
    assert [(item.name, item.status, item.fingerprint) for item in items] == [
        ("look", "sent", "1"),
        ('look {"a":1}', "sent", "1"),
    ]
    assert items[0].why == "the model called for it (round 2)"
    assert [(use.state, use.round, use.text) for use in answer.tools] == [
        ("done", 1, "it is 42"),
        ("done", 2, "it is 42"),
    ]
    assert all(use.seconds > 0 for use in answer.tools)
    last = {event.use.id: event.use for event in events if isinstance(event, ToolEvent)}
    assert tuple(last.values()) == answer.tools
    assert [event for event in events if isinstance(event, LedgerReady)][-1].ledger == answer.ledger


def test_results_pass_the_gate():
    """Secrets leave neither in results nor in arguments, and are shown in neither; mail addresses come back."""
    secret = "ghp_" + "a1B2" * 9
    tool = Does("look", lambda: f"token {secret}")
    events = []
    answer, (_, second), _ = asked(
        *calls(call("look", "1", key=secret)), then=[["ok"]], tools=[tool], emit=events.append
    )
    assert secret not in repr(second)
    assert secret not in repr([event for event in events if not isinstance(event, LedgerReady)])
    assert secret not in repr(answer.tools) + repr(answer.ledger.to_dict())
    assert answer.redactions
    assert any(item.status == "redacted" for item in answer.ledger.items)


def test_usage_of_all_rounds_adds_up():
    """As it is paid."""
    one = UsageChunk(Usage(input=10, output=2))
    answer, _, _ = asked(one, *calls("look"), then=[[one, "done"]])
    assert answer.usage == Usage(input=20, output=4)


@pytest.mark.parametrize(
    ("settings", "named", "requests"),
    [
        (Settings(tool_rounds=2), "Askance.tool_rounds", 3),
        (Settings(tool_calls=2), "Askance.tool_calls", 4),
        (Settings(tools_seconds=0.0), "Askance.tools_seconds", 2),
        (Settings(tool_tokens=30), "Askance.tool_tokens", 2),
    ],
)
def test_at_a_limit_the_model_answers_once_more_without_tools(settings, named, requests):
    """It is told so, and so is the user, in one line that names the setting."""
    looks = [calls(call("look", n=n)) for n in range(9)]
    script = looks[0]
    then = [*looks[1 : requests - 1], ["So it is."]]
    tool = Does("look", lambda: threading.Event().wait(0.01) or "it is 42")
    answer, prompts, _ = asked(*script, then=then, tools=[tool], settings=settings)
    assert len(prompts) == requests
    assert [prompt.may_call for prompt in prompts] == [True] * (requests - 1) + [False]
    assert results(prompts[-1])[-1].endswith("(No more tools can be called: answer with what you know.)")
    assert (answer.text, answer.complete) == ("So it is.", True)
    assert named in answer.notice
    assert "\n" not in answer.notice
    assert answer.notice.count("Askance.") == 1


def test_a_model_that_calls_all_the_same_is_not_followed():
    """No call of that turn runs, and the user is told."""
    tool = Does("look")
    answer, prompts, _ = asked(
        *calls("look"), then=[["Well. ", *calls("look")]], tools=[tool], settings=Settings(tool_rounds=1)
    )
    assert (len(prompts), tool.runs, answer.complete) == (2, 1, False)
    assert [use.state for use in answer.tools] == ["done", "refused"]
    assert "all the same" in answer.notice
    assert answer.text == "Well. "


def test_a_call_that_took_too_long_is_told_and_ends_nothing():
    """The model goes on with what the others gave; the notice names the setting."""
    never = threading.Event()
    slow = Does("slow", lambda: never.wait(5))
    answer, prompts, _ = asked(
        *calls("look", "slow"), then=[["done"]], tools=[LOOK, slow], settings=Settings(tool_seconds=0.1)
    )
    never.set()
    assert results(prompts[1]) == ["it is 42", "It took longer than 0.1 s and was stopped"]
    assert prompts[1].may_call
    assert (answer.complete, answer.notice) == (
        True,
        "slow took longer than 0.1 s, the most that Askance.tool_seconds allows.",
    )


def test_small_results_stay_whole_where_large_ones_are_cut():
    """Within the budget, whichever comes first; how much is missing is said."""
    large, small = Does("large", lambda: "word " * 500_000), Does("small", lambda: "few words " * 20)
    answer, prompts, _ = asked(*calls("large", "small", "large"), then=[["x"]], tools=[large, small])
    first, second, _ = results(prompts[1])
    assert second.startswith("few words " * 20)
    assert "of 2,500,000 characters; ask for a smaller part" in first
    assert answer.ledger.tokens <= answer.ledger.budget
    levels = {item.name: item.status for item in answer.ledger.items}
    assert levels == {"large": "lowered", "small": "sent"}
    assert estimate(first) > 500


def test_an_answer_is_kept_while_what_its_tools_read_is_the_same():
    """And asked for anew once it has changed; what nobody can tell of is not kept."""
    state = {"mark": "1"}
    tool = Does("look", lambda: "42", mark=lambda: state["mark"])
    session = session_for_tests(
        *calls("look"), then=[["one"], calls("look"), ["two"], calls("look"), ["three"]], tools=[tool]
    )
    ask = lambda: session.ask("What?", tools=True)  # noqa: E731
    assert [ask().text, ask().text] == ["one", "one"]
    assert session.last.cached == "memory"
    state["mark"] = "2"
    assert (ask().text, session.last.cached) == ("two", None)
    state["mark"] = None
    assert ask().text == "three"
    assert ask().cached is None


def test_overflow_in_a_later_round_cuts_the_results_to_half_once():
    """The model gets the rest, and the user is told."""
    large = Does("large", lambda: "word " * 100_000)
    refusal = ContextTooLong("The request is too long")
    answer, prompts, _ = asked("Hm. ", *calls("large"), then=[[refusal], ["So."]], tools=[large])
    sizes = [estimate(results(prompt)[0]) for prompt in prompts[1:]]
    assert 0.4 < sizes[1] / sizes[0] < 0.55
    assert prompts[1].messages[:-1] == prompts[2].messages[:-1]
    assert (answer.text, answer.complete) == ("Hm. \n\nSo.", True)
    assert "cut to half" in answer.notice
    assert [use.state for use in answer.tools] == ["done"]


@pytest.mark.parametrize("error", [ContextTooLong("too long"), Unreachable("no answer"), NoTools("no tools")])
@pytest.mark.parametrize("said", [["Hm. "], []])
def test_a_fault_in_a_later_round_keeps_what_came(error, said):
    """Text, calls, and the line that says why; also where the model had only called."""
    answer, _, _ = asked(*said, *calls("look"), then=[[error]])
    assert (answer.text.strip(), answer.complete, answer.ended) == ("".join(said).strip(), False, "error")
    assert error.message in answer.notice
    assert [use.state for use in answer.tools] == ["done"]


def test_a_stream_that_breaks_off_after_its_calls_changes_nothing():
    """What only reads may have run; nobody was asked; the answer is incomplete."""
    acts, hands = Does("acts", acts=True), FrontEnd()
    answer, prompts, _ = asked(
        "Hm. ", *calls("look", "acts"), Unreachable("gone"), then=[["never"]], tools=[LOOK, acts], hands=hands
    )
    assert (len(prompts), acts.runs, hands.asked) == (1, 0, [])
    assert (answer.complete, answer.ended, answer.notice) == (False, "error", "gone")
    assert answer.tools[1].state == "stopped"


def test_a_model_without_tools_is_asked_without_them():
    """Once more, and the user is told; the request has none, nor a word on them."""
    answer, (first, second), _ = asked(NoTools("tiny of local takes no tools"), then=[["Plainly."]])
    assert (bool(first.tools), second.tools) == (True, ())
    assert "tools" in first.system
    assert "tools" not in second.system
    assert (answer.text, answer.complete) == ("Plainly.", True)
    assert answer.notice == "tiny of local takes no tools, so it was asked without them."


def test_a_stop_mark_after_calls_is_no_end():
    """Some servers say "stop" there; the calls count."""
    answer, prompts, _ = asked(*calls("look"), EndChunk("stop"), then=[["done"]])
    assert (len(prompts), answer.text) == (2, "done")


def test_ids_that_a_server_gives_twice_stay_apart():
    """In what people see; each result goes back under the id that it came with."""
    again = CallChunk(ToolCall(id="call_0", name="look", arguments="{}"))
    answer, prompts, _ = asked(again, then=[[again], ["done"]])
    assert [use.id for use in answer.tools] == ["call_0", "call_0#2"]
    assert prompts[2].messages[-1].results[0].id == "call_0"


def test_code_is_what_the_last_round_says():
    """Words before it are no code."""
    answer, _, _ = asked("I look first.", *calls("look"), then=[["```python\nx = 42\n```"]], form="code")
    assert answer.text == "```python\nx = 42\n```"
    assert answer.code.strip() == "x = 42"


def test_an_object_is_asked_for_with_tools_and_repaired_without():
    """Nothing is looked up or done twice; the calls of the first round stand in the answer."""
    acts, hands = Does("acts", acts=True), FrontEnd()
    schema = schema_of({"type": "object", "required": ["n"]})
    session = session_for_tests("Let me see.", *calls("look", "acts"), then=[["{}"], ['{"n": 42}']], tools=[LOOK, acts])
    ask = session.make_ask("?", hands=True, tools=True, form="json", schema=schema.text)
    events = []
    answer = session.loop.run(answer_as(session, ask, schema, events.append, hands))
    requests = [gated.prompt for gated in session.sender.provider("local")[0].requests]
    assert answer.value == {"n": 42}
    assert [len(prompt.tools) for prompt in requests] == [2, 2, 0]
    assert [(use.name, use.state) for use in answer.tools] == [("look", "done"), ("acts", "done")]
    assert acts.runs == 1
    assert "".join(event.text for event in events if isinstance(event, TextDelta)).count("42") == 1


def test_names_of_calls_are_as_they_stand_in_the_ledger():
    """With arguments as canonical JSON; one that could not be read has its tool's name alone."""
    odd = ToolCall(id="9", name="look", arguments="{oops")
    answer, prompts, _ = asked(*calls(call("look", b=1, a=[2]), odd), then=[["x"]])
    assert [item.name for item in answer.ledger.items] == ['look {"a":[2],"b":1}', "look"]
    assert json.loads(answer.ledger.items[0].name.partition(" ")[2]) == {"a": [2], "b": 1}
    assert prompts[1].messages[-1].results[1].failed
