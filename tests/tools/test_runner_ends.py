"""Calls that take too long, that are stopped, and that cannot be: nothing is left running that could be ended."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest
from tooling import Does, FrontEnd, Ran, call, calls, left_running, session_for_tests, stop, tasks_of

from askance.settings import Settings
from askance.tools.limits import ToolLimits

SHORT = ToolLimits(call_seconds=0.1)


def spins():
    while True:
        pass


def sleeps():
    while True:
        time.sleep(0.02)


async def awaits():
    await asyncio.sleep(60)


async def swallows_once():
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        await asyncio.sleep(60)


async def leaves_a_task():
    asyncio.get_running_loop().create_task(asyncio.sleep(60))
    await asyncio.sleep(60)


async def blocks_in_a_thread():
    await asyncio.to_thread(sleeps)


ENDLESS = (spins, sleeps, awaits, swallows_once, leaves_a_task, blocks_in_a_thread)


@pytest.mark.parametrize("endless", ENDLESS)
def test_a_call_that_takes_too_long_is_ended_and_told(endless):
    """The others' results are there; the user is told of the setting; no thread is left."""
    ran = Ran([Does("long", endless), Does("quick")], "long", "quick", limits=SHORT)
    assert ran.states == ["failed", "done"]
    assert ran.texts == ["It took longer than 0.1 s and was stopped", "done"]
    assert ran.runner.remarks == ["long took longer than 0.1 s, the most that Askance.tool_seconds allows."]
    assert ran.runner.used_up == ""
    assert left_running() == []


@pytest.mark.parametrize("endless", ENDLESS)
def test_a_stopped_ask_stops_its_calls(endless):
    """What had come is kept, each call says what became of it, and no thread or task is left."""
    begun = threading.Event()

    def do():
        begun.set()
        return endless()

    tools = [Does("long", do), Does("acts", acts=True)]
    session = session_for_tests("Let me look. ", *calls("long", "acts"), then=[["never"]], tools=tools)
    answer = stop(session, begun, hands=FrontEnd(lambda _use: asyncio.sleep(60)))
    assert (answer.text, answer.ended, answer.complete) == ("Let me look. ", "stopped", False)
    assert [(use.name, use.state) for use in answer.tools] == [("long", "stopped"), ("acts", "stopped")]
    assert (left_running(), tasks_of(session.loop), tools[1].runs) == ([], 0, 0)


def test_a_stop_while_the_model_speaks_stops_what_has_begun():
    """The turn was not complete yet."""
    begun = threading.Event()
    session = session_for_tests(
        "Well. ", *calls("long"), 60.0, then=[["never"]], tools=[Does("long", lambda: begun.set() or sleeps())]
    )
    answer = stop(session, begun)
    assert (answer.ended, answer.tools[0].state) == ("stopped", "stopped")
    assert (left_running(), tasks_of(session.loop)) == ([], 0)


def test_what_cannot_be_ended_delays_nothing_and_is_not_asked_again_while_busy():
    """It blocks where no Python runs; once that is over it is asked as before."""
    free = threading.Event()
    tool = Does("stuck", lambda: free.wait(30) and "free")
    ran = Ran([tool], "stuck", limits=SHORT)
    assert ran.states == ["failed"]
    assert left_running() == ["askance stuck"]
    again = Ran([tool], "stuck", limits=SHORT, box=ran.box)
    assert (again.states, tool.runs) == (["refused"], 1)
    assert "still busy" in again.texts[0]
    free.set()
    while left_running():
        time.sleep(0.001)
    assert Ran([tool], "stuck", box=ran.box).texts == ["free"]


def test_what_cannot_be_ended_does_not_keep_the_interpreter():
    """A script that asked ends."""
    program = """
import time
from askance.records import CallChunk, ToolCall
from askance.settings import Settings
from askance.testing import session_for_tests
from tooling import Does
tool = Does("stuck", lambda: time.sleep(600))
made = CallChunk(ToolCall(id="1", name="stuck", arguments="{}"))
session = session_for_tests(made, then=[["Done."]], tools=[tool], settings=Settings(tool_seconds=0.1))
print(session.ask("?", tools=True).text)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd="tests", capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.stdout.strip(), done.stderr, done.returncode) == ("Done.", "", 0)


def test_time_spent_waiting_for_others_and_for_the_user_does_not_count():
    """Neither for the call nor for all of them."""
    hands = FrontEnd(lambda _use: asyncio.sleep(0.3, result=True))

    async def asks_itself(hands):
        return str(await hands.confirm(None))

    tools = [
        Does("first", lambda: time.sleep(0.1), writes=["x"]),
        Does("second", lambda: time.sleep(0.1), reads=["x"]),
        Does("acts", acts=True),
        Does("asks", asks_itself, hands=True),
    ]
    limits = ToolLimits(call_seconds=0.25, seconds=0.45)
    ran = Ran(tools, "first", "second", "acts", hands=hands, limits=limits)
    assert ran.states == ["done"] * 3
    ran = Ran(tools, "asks", hands=hands, limits=ToolLimits(call_seconds=0.2))
    assert ran.texts == ["True"]


def test_all_calls_together_have_a_limit():
    """What runs then is stopped and says so; what is done stays; nothing more is begun."""
    tools = [Does("long", sleeps), Does("quick"), Does("after", writes=["x"])]
    ran = Ran(tools, "long", "quick", limits=ToolLimits(seconds=0.2))
    assert ran.states == ["stopped", "done"]
    assert ran.texts[0] == "stopped: all tools together took longer than 0.2 s"
    assert "Askance.tools_seconds" in ran.runner.used_up
    assert left_running() == []


def test_no_time_at_all_is_no_stop():
    """A limit of nothing is a limit, and not the user."""
    assert Ran([Does("quick", sleeps)], "quick", limits=ToolLimits(seconds=0.0)).states == ["stopped"]


def test_calls_beyond_the_limit_are_refused():
    """Those within it run."""
    tool = Does("tool")
    ran = Ran([tool], *(call("tool", n=n) for n in range(5)), limits=ToolLimits(calls=3))
    assert ran.states == ["done"] * 3 + ["refused"] * 2
    assert "Askance.tool_calls" in ran.runner.used_up
    assert ran.texts[3] == f"refused: {ran.runner.used_up}"
    assert tool.runs == 3


def test_a_call_of_hands_is_cancelled_with_its_tool():
    """What runs where cells run is interrupted there."""
    ended = threading.Event()

    class Slow(FrontEnd):
        async def run_code(self, code):
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

    tool = Does("code", lambda hands: hands.run_code("while True: pass"), hands=True)
    assert Ran([tool], "code", hands=Slow(), limits=SHORT).states == ["failed"]
    assert ended.wait(30)
    assert left_running() == []


def test_a_hundred_asks_leave_nothing_behind():
    """Threads, tasks and open files as before."""
    import os

    tools = [Does("a"), Does("b", lambda: 1 / 0), Does("c", lambda: time.sleep(0.5))]
    session = session_for_tests(
        *calls("a", "b", "c"),
        then=[["x"], *[calls("a", "b"), ["x"]] * 60],
        tools=tools,
        settings=Settings(tool_seconds=0.05),
    )
    session.ask("first", tools=True)
    while left_running():
        time.sleep(0.01)
    files = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for number in range(50):
        session.ask(f"question {number}", tools=True)
    while left_running():
        time.sleep(0.001)
    assert tasks_of(session.loop) == 0
    assert not files or len(os.listdir("/proc/self/fd")) <= files
