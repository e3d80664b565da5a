"""Calls side by side and in order: what begins when, what is asked first, and what a model is told."""

import asyncio
import json
import threading
from contextvars import ContextVar

import pytest
from tooling import Does, FrontEnd, Order, Ran, call

from askance.errors import ToolError
from askance.records import Privacy, ToolCall
from askance.tools.box import ToolBox
from askance.tools.memo import Memo

SEEN = ContextVar("SEEN", default="nothing")


def test_independent_calls_run_at_once_each_on_a_thread_of_its_own():
    """None of five ends before all have begun; results come in the order of the calls."""
    together = threading.Barrier(5, timeout=30)
    tools = [Does(name, lambda name=name: (together.wait() and "") or name) for name in "abcde"]
    ran = Ran(tools, *"abcde")
    assert ran.texts == [*"abcde"]
    assert len({tool.threads[0].ident for tool in tools}) == 5
    assert all(tool.threads[0].daemon for tool in tools)


def test_async_and_blocking_tools_hold_up_neither_each_other_nor_the_loop():
    """One that awaits ends while one that blocks goes on; meanwhile the session's loop turns."""
    free, turns = threading.Event(), []
    blocks = Does("blocks", lambda: free.wait(30) and "blocked")

    async def awaits():
        await asyncio.sleep(0.01)
        return "awaited"

    async def turn(ran):
        ran.runner._complete.set()
        while not any(use.name == "awaits" and use.state == "done" for use in ran.events):
            await asyncio.sleep(0)
            turns.append(1)
        assert [use.state for use in ran.events if use.name == "blocks"][-1] == "running"
        free.set()

    ran = Ran([blocks, Does("awaits", awaits)], "blocks", "awaits", before=turn)
    assert ran.texts == ["blocked", "awaited"]
    assert turns


def test_a_write_between_reads_keeps_its_place():
    """The first reads run at once and before it, the last ones at once and after it."""
    order = Order()
    names = ["r1", "r2", "w", "r3", "r4"]
    tools = [Does(n, order.step(n), reads=["f:x"] * (n != "w"), writes=["f:x"] * (n == "w")) for n in names]
    ran = Ran(tools, *names)
    assert ran.states == ["done"] * 5
    assert all(order.before(f"{n} ends", "w begins") for n in ("r1", "r2"))
    assert all(order.before("w ends", f"{n} begins") for n in ("r3", "r4"))
    assert order.before("r1 begins", "r2 ends") and order.before("r2 begins", "r1 ends")
    assert ran.states_of("r3 {}") == ["waiting", "running", "done"]


def test_a_chain_waits_and_others_pass_it():
    """Of two that change the same, the later waits; three others are done before it begins."""
    order, free = Order(), threading.Event()
    tools = [
        Does("w1", order.step("w1", until=free), writes=["f:x"]),
        Does("w2", order.step("w2"), writes=["f:*"]),
        *(Does(n, order.step(n), reads=["g:x"]) for n in "abc"),
    ]

    async def others(ran):
        ran.runner._complete.set()
        while sum(line.endswith("ends") for line in order.lines) < 3:
            await asyncio.sleep(0.001)
        assert "w2 begins" not in order.lines
        free.set()

    Ran(tools, "w1", "w2", *"abc", before=others)
    assert order.before("w1 ends", "w2 begins")


def test_a_failing_call_frees_those_that_wait_for_it():
    """And fails alone."""

    def fail():
        raise ValueError("no luck")

    ran = Ran([Does("w", fail, writes=["x"]), Does("r", reads=["x"])], "w", "r")
    assert ran.states == ["failed", "done"]
    assert ran.texts == ["ValueError: no luck", "done"]


def test_what_reads_begins_while_the_model_speaks_and_what_changes_does_not():
    """Neither one that asks the user, nor one that changes something unasked; nor one that reads what that changes."""
    begun = threading.Event()
    tools = [
        Does("reads", begun.set),
        Does("acts", acts=True),
        Does("writes", writes=["x"]),
        Does("after", reads=["x"]),
    ]

    async def speaks(_ran):
        assert await asyncio.to_thread(begun.wait, 30)
        await asyncio.sleep(0.05)
        assert [tool.runs for tool in tools] == [1, 0, 0, 0]

    hands = FrontEnd()
    Ran(tools, "reads", "acts", "writes", "after", hands=hands, before=speaks)
    assert [tool.runs for tool in tools] == [1, 1, 1, 1]
    assert [use.name for use in hands.asked] == ["acts"]


def test_a_turn_that_breaks_off_has_changed_nothing():
    """Whoever leaves without asking for results stops what reads; what acts never began, and nobody was asked."""
    started = threading.Event()

    async def waits():
        started.set()
        await asyncio.sleep(60)

    tools, hands = [Does("reads", waits), Does("acts", acts=True)], FrontEnd()

    class BreaksOff(Exception):
        pass

    async def leave(ran):
        assert await asyncio.to_thread(started.wait, 30)
        ran.seen = ran
        raise BreaksOff

    events = []
    with pytest.raises(BreaksOff):
        Ran(tools, "reads", "acts", hands=hands, before=lambda ran: (events.append(ran), leave(ran))[1])
    assert [use.state for use in events[0].runner.uses] == ["stopped", "stopped"]
    assert (tools[1].runs, hands.asked) == (0, [])


@pytest.mark.parametrize(("answer", "state", "runs"), [(True, "done", 1), (False, "refused", 0)])
def test_the_user_is_asked_before_something_is_changed(answer, state, runs):
    """And sees what is to be done; the model is told of a refusal."""
    tool, hands = Does("acts", acts=True), FrontEnd(answer)
    ran = Ran([tool], call("acts", path="a.py"), hands=hands)
    assert (ran.states, tool.runs) == ([state], runs)
    assert [(use.name, use.arguments, use.state) for use in hands.asked] == [("acts", '{"path": "a.py"}', "asking")]
    assert ran.states_of(ran.outcomes[0].call.id)[:2] == ["waiting", "asking"]
    assert ran.outcomes[0].failed is not answer


def test_what_is_allowed_is_not_asked_and_without_hands_nothing_acts():
    """The one line for the user says what to type."""
    tool, hands = Does("acts", acts=True), FrontEnd(False)
    assert Ran([tool], "acts", hands=hands, allow=frozenset(["acts"])).states == ["done"]
    assert hands.asked == []
    ran = Ran([tool], "acts")
    assert (ran.states, tool.runs) == (["refused"], 1)
    assert 'allow=["acts"]' in ran.runner.remarks[0]


def test_hands_that_break_allow_nothing():
    """Whatever they raise."""

    def breaks(_use):
        raise OSError("no window")

    tool = Does("acts", acts=True)
    ran = Ran([tool], "acts", hands=FrontEnd(breaks))
    assert (ran.states, tool.runs) == (["refused"], 0)
    assert "OSError: no window" in ran.texts[0]


def test_what_runs_in_the_kernel_does_so_one_at_a_time_in_order():
    """Beside nothing that runs code there, though that is called by a tool of another kind."""
    order, hands = [], FrontEnd()
    tools = [Does(n, lambda n=n: order.append(n) or n, in_kernel=True) for n in ("k1", "k2", "k3")]
    code = Does("code", lambda hands: hands.run_code("x"), hands=True)
    ran = Ran([*tools, code], "k1", "code", "k2", "k3", hands=hands)
    assert ran.texts == ["k1", "ran x", "k2", "k3"]
    assert order == ["k1", "k2", "k3"]
    assert (len(hands.ran), hands.most) == (4, 1)


def test_in_the_kernel_nothing_is_awaited():
    """An event loop runs there already: such a tool is told of, and does not hang."""

    async def waits():
        await asyncio.sleep(1)

    ran = Ran([Does("k", waits, in_kernel=True)], "k", hands=FrontEnd())
    assert ran.states == ["failed"]
    assert "nothing can be awaited there" in ran.texts[0]


def test_a_call_sees_the_context_variables_of_its_ask():
    """On its thread, and on its loop."""

    async def looks():
        return SEEN.get()

    token = SEEN.set("the ask's")
    try:
        assert Ran([Does("sync", SEEN.get), Does("async", looks)], "sync", "async").texts == ["the ask's"] * 2
    finally:
        SEEN.reset(token)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("{", "The arguments are no JSON"),
        ("[1]", "no JSON object"),
        ("null", "no JSON object"),
        ('{"n": NaN}', "NaN is no JSON"),
        ('{"n": "x"}', "n: 'x' is not of type 'integer'"),
        ("{}", "'n' is a required property"),
        ('{"n": 1, "m": 2}', "'m' was unexpected"),
        ("[" * 100_000, "no JSON"),
        ('{"n": ' + "9" * 10_000 + "}", "no JSON"),
        (json.dumps({"n": 1, "x": "y" * 300_000}), "300,"),
    ],
)
def test_arguments_that_do_not_fit_are_told_to_the_model_in_one_line(arguments, said):
    """The tool does not run, and the other calls do."""
    schema = {
        "type": "object",
        "properties": {"n": {"type": "integer"}},
        "required": ["n"],
        "additionalProperties": False,
    }
    tool = Does("tool", schema=schema)
    ran = Ran([tool], ToolCall(id="1", name="tool", arguments=arguments), call("tool", id_="2", n=3))
    assert said in ran.texts[0]
    assert "\n" not in ran.texts[0] and len(ran.texts[0]) < 1500
    assert (ran.states, tool.arguments) == (["failed", "done"], [{"n": 3}])


def test_no_arguments_are_an_empty_object():
    """Some servers send an empty text."""
    tool = Does("tool")
    assert Ran([tool], ToolCall(id="1", name="tool", arguments="")).states == ["done"]
    assert tool.arguments == [{}]


def test_half_a_character_reaches_no_tool():
    """What cannot be encoded would break whatever writes it."""
    tool = Does("tool")
    Ran([tool], ToolCall(id="1", name="tool", arguments='{"a": "\\ud800", "b": ["\\udc00"], "\\ud801": 1}'))
    assert tool.arguments == [{"a": "\ufffd", "b": ["\ufffd"], "\ufffd": 1}]


def test_an_unknown_tool_is_told_with_the_nearest_names():
    """One that is there but was not offered is as unknown."""
    offered, hidden = Does("read_file"), Does("run_python")
    ran = Ran([offered], "raed_file", "run_python", box=ToolBox(lambda: [offered, hidden]))
    assert ran.states == ["failed", "failed"]
    assert "Did you mean: read_file?" in ran.texts[0]
    assert "There is no tool 'run_python'" in ran.texts[1]
    assert hidden.runs == 0


def test_placeholders_are_put_back_for_the_tool():
    """In texts wherever they stand; what they are replaced by may hold quotes."""
    tool = Does("tool")
    shown = lambda text: text.replace("<EMAIL_1>", 'ann "a" @example.org')  # noqa: E731
    Ran([tool], call("tool", to="<EMAIL_1>", cc=[{"a": "x <EMAIL_1>"}]), shown=shown)
    assert tool.arguments == [{"to": 'ann "a" @example.org', "cc": [{"a": 'x ann "a" @example.org'}]}]


def test_what_is_withheld_is_refused_before_anything_runs():
    """By what it reads, or by the tool's own name in the ledger."""
    tool = Does("read", reads=["files:secret.txt"])
    ran = Ran([tool], "read", privacy=Privacy(never=("secret.txt",)))
    assert (ran.states, ran.texts, tool.runs) == (["refused"], ["refused: withheld by the user"], 0)
    assert Ran([tool], "read", mutes=frozenset(["tools"])).states == ["refused"]


def test_a_tool_that_cannot_say_what_it_touches_does_not_run():
    """Its error is told in one line."""
    tool = Does("tool")
    tool.touches = lambda arguments: 1 / 0
    ran = Ran([tool], "tool")
    assert (ran.texts, tool.runs) == (["ZeroDivisionError: division by zero"], 0)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ToolError("No such file", "Try another."), "No such file. Try another."),
        (ValueError("two\nlines"), "ValueError: two lines"),
        (KeyError(), "KeyError"),
        (OSError(2, "No such file", "/home/ann/projects/x.csv"), "OSError: [Errno 2] No such file: 'x.csv'"),
        (SystemExit(3), "SystemExit: 3"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (asyncio.CancelledError(), "CancelledError"),
        (StopIteration(1), "RuntimeError: coroutine raised StopIteration"),
        (ValueError("x" * 100_000), "ValueError: " + "x" * 500),
    ],
)
def test_a_failure_is_one_line_for_the_model(error, said):
    """No traceback, no folders; the others go on."""
    error = FileNotFoundError(*error.args, "/home/ann/projects/x.csv") if isinstance(error, OSError) else error

    def fail():
        raise error

    ran = Ran([Does("fails", fail), Does("works")], "fails", "works")
    assert ran.states == ["failed", "done"]
    assert ran.texts[0].replace("FileNotFoundError", "OSError").startswith(said)
    assert len(ran.texts[0]) < 800


def test_the_same_call_twice_in_a_turn_runs_once():
    """Where its fingerprint says that it would give the same; what cannot be told runs again, beside the first."""
    known, other = Does("known", mark="1"), Does("other")
    ran = Ran(
        [known, other],
        call("known", id_="1", a=1),
        call("known", id_="2", a=1),
        call("known", id_="3", a=2),
        "other",
        "other",
    )
    assert (known.runs, other.runs) == (2, 2)
    assert [outcome.cached for outcome in ran.outcomes] == [False, True, False, False, False]
    assert ran.states == ["done"] * 5
    assert [use.id for use in ran.runner.uses] == ["1", "2", "3", "other {}", "other {}#2"]


def test_a_write_between_makes_the_same_read_run_again():
    """As what it reads may have changed."""
    state = ["old"]
    read = Does("read", lambda: state[0], reads=["x"], mark=lambda: state[0])
    write = Does("write", lambda: state.__setitem__(0, "new"), writes=["x"])
    assert Ran([read, write], call("read", id_="1"), "write", call("read", id_="2")).texts == ["old", "null", "new"]


def test_results_are_remembered_while_nothing_has_changed():
    """Across asks with the same rules; not for others, not when what they rest on changes, nor while they ran."""
    memo, state = Memo(), {"mark": "1"}
    tool = Does("read", mark=lambda: state["mark"])
    assert not Ran([tool], "read", memo=memo).outcomes[0].cached
    again = Ran([tool], "read", memo=memo).outcomes[0]
    assert (again.cached, again.text, again.fingerprint, again.use.cached, tool.runs) == (True, "done", "1", True, 1)
    Ran([tool], "read", memo=memo, privacy=Privacy(most=1))
    assert tool.runs == 2
    state["mark"] = "2"
    assert not Ran([tool], "read", memo=memo).outcomes[0].cached
    moving = Does("moves", lambda: state.update(mark="4") or "x", mark=lambda: state["mark"])
    state["mark"] = "3"
    assert Ran([moving], "moves", memo=memo).outcomes[0].fingerprint == ""
    state["mark"] = "3"
    assert not Ran([moving], "moves", memo=memo).outcomes[0].cached


@pytest.mark.parametrize("kind", [{"writes": ["x"]}, {"acts": True}])
def test_what_changes_something_is_done_again(kind):
    """And an answer that rests on it is not kept."""
    memo, tool = Memo(), Does("writes", mark="1", **kind)
    for _ in range(2):
        ran = Ran([tool], "writes", memo=memo, hands=FrontEnd())
        assert not ran.outcomes[0].cached
        assert ran.outcomes[0].fingerprint == ""
    assert tool.runs == 2


def test_a_fingerprint_that_fails_is_none():
    """The call itself goes on."""
    tool = Does("read", mark=lambda: 1 / 0)
    ran = Ran([tool], "read")
    assert (ran.states, ran.outcomes[0].fingerprint) == (["done"], "")


def test_what_people_see_passes_the_gate_and_is_short():
    """Arguments in one line, results cut; neither with a secret."""
    shown = lambda text: text.replace("hunter22", "<PASSWORD_1>")  # noqa: E731
    tool = Does("tool", lambda: "hunter22 " + "x" * 100_000)
    ran = Ran([tool], call("tool", a="hunter22\n" + "y" * 5000), shown=shown)
    for use in ran.runner.uses:
        assert "hunter22" not in use.arguments + use.text
        assert "\n" not in use.arguments and len(use.arguments) < 500 and len(use.text) < 5000
    assert ran.outcomes[0].use == ran.runner.uses[0] == ran.events[-1]
