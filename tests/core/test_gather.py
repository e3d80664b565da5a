"""Sources side by side: deadlines, failures, and threads that never come back."""

import asyncio
import os
import subprocess
import sys
import threading
import time

import pytest

from askance.gather import Gatherer
from askance.loop import LoopThread
from askance.records import Ask, Candidate
from askance.settings import Settings
from askance.testing import session_for_tests

ASK = Ask(question="?", model="local")


class Works:
    """A source that does what it is told before it gives one candidate."""

    def __init__(self, name, work=lambda: None, **more):
        self.name, self.work, self.calls = name, work, 0
        self.__dict__.update(more)

    async def collect(self, ask):
        self.calls += 1
        result = self.work()
        if asyncio.iscoroutine(result):
            await result
        return [Candidate(source=self.name, name="x", render=lambda level: "x", fingerprint=lambda: "0" * 16)]

    def fingerprint(self, name):
        return "0" * 16


@pytest.fixture
def gate():
    """Something to block on, opened at the end."""
    opened = threading.Event()
    yield opened
    opened.set()


def gather(gatherer):
    return asyncio.run(gatherer.gather(ASK))


def test_the_order_is_the_sources_own(gate):
    """Who is ready first does not matter; each tells what it took."""
    slow = Works("slow", lambda: asyncio.sleep(0.05))
    found = gather(Gatherer([slow, Works("quick")], 5.0))
    assert [candidate.source for candidate in found.candidates] == ["slow", "quick"]
    assert found.seconds["slow"] >= 0.05 > found.seconds["quick"]
    assert found.notes == []


@pytest.mark.parametrize("how", ["in a thread", "in the coroutine"])
def test_a_source_that_blocks_for_ever_holds_up_no_ask(gate, how):
    """The ask goes on without it, the next one does not start it again, and once it is free it is asked as before."""
    blocks = Works("blocks", (lambda: asyncio.to_thread(gate.wait)) if how == "in a thread" else gate.wait)
    gatherer = Gatherer([blocks, Works("other")], 0.05)
    for calls, message in ((1, "not ready within 0.05 s, left out"), (1, "still busy"), (1, "still busy")):
        found = gather(gatherer)
        assert [candidate.source for candidate in found.candidates] == ["other"]
        assert found.notes[0].source == "blocks"
        assert found.notes[0].message.startswith(message)
        assert blocks.calls == calls
        assert [thread.name for thread in threading.enumerate()].count("askance blocks") == 1
    assert gatherer.is_stuck("blocks")
    gate.set()
    while gatherer.is_stuck("blocks"):
        time.sleep(0.001)
    found = gather(gatherer)
    assert [candidate.source for candidate in found.candidates] == ["blocks", "other"]


def test_a_late_source_is_cancelled_and_asked_again(gate):
    """One that waits properly ends at its deadline."""
    ended = threading.Event()

    async def wait():
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    source = Works("late", wait)
    gatherer = Gatherer([source], 0.05)
    assert gather(gatherer).notes[0].message.startswith("not ready")
    assert ended.wait(5)
    while gatherer.is_stuck("late"):
        time.sleep(0.001)
    assert gather(gatherer).notes[0].message.startswith("not ready")
    assert source.calls == 2


def test_a_deadline_of_its_own_counts(gate):
    """A source may take more or less than the others."""
    patient = Works("patient", lambda: asyncio.sleep(0.2), deadline=5.0)
    hasty = Works("hasty", lambda: asyncio.sleep(0.2), deadline=0.01)
    found = gather(Gatherer([patient, hasty], 0.05))
    assert [candidate.source for candidate in found.candidates] == ["patient"]
    assert found.notes[0].message == "not ready within 0.01 s, left out"


@pytest.mark.parametrize("error", [ValueError("no luck"), SystemExit(), KeyboardInterrupt(), asyncio.CancelledError()])
def test_a_failing_source_is_a_note(error):
    """Whatever it raises, the others are heard."""

    def fail():
        raise error

    found = gather(Gatherer([Works("fails", fail), Works("other")], 5.0))
    assert [candidate.source for candidate in found.candidates] == ["other"]
    assert found.notes[0].message == (str(error) or type(error).__name__)


def test_two_asks_at_once_both_get_everything():
    """Only an ask that gave up leaves a source stuck: one that still waits shares it."""
    gatherer = Gatherer([Works("slow", lambda: asyncio.sleep(0.1))], 5.0)

    async def both():
        return await asyncio.gather(gatherer.gather(ASK), gatherer.gather(ASK))

    assert [len(found.candidates) for found in asyncio.run(both())] == [1, 1]


def test_a_stopped_ask_stops_its_sources():
    """Cancelling the gathering cancels what the sources wait on."""
    ended = threading.Event()

    async def wait():
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def stop():
        work = asyncio.ensure_future(Gatherer([Works("slow", wait)], 60).gather(ASK))
        await asyncio.sleep(0.05)
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)

    asyncio.run(stop())
    assert ended.wait(5)


def test_a_forked_child_asks_a_source_that_is_stuck_in_its_parent(gate):
    """Threads do not follow into a child, and what was busy there is not busy here."""
    owner = os.getpid()
    gatherer = Gatherer([Works("blocks", lambda: os.getpid() == owner and gate.wait())], 0.05)
    gather(gatherer)
    assert gatherer.is_stuck("blocks")
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if gather(gatherer).candidates else 1)
        finally:
            os._exit(2)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_session_with_a_blocked_source_answers_and_closes(gate):
    """An answer comes, the ledger says what is missing, and giving all back does not wait."""
    blocks = Works("blocks", lambda: asyncio.to_thread(gate.wait), deadline=0.05)
    session = session_for_tests("Fine.", sources=[blocks])
    answer = session.ask("?")
    assert answer.text == "Fine."
    assert [note.source for note in answer.ledger.notes] == ["blocks"]
    session.loop.run(session.close())
    session.loop.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "askance"]


def test_a_fingerprint_that_never_comes_is_a_miss(gate):
    """An answer that is kept is asked for anew when nobody can tell whether it still holds."""
    source = Works("files")
    session = session_for_tests("Fine.", sources=[source], settings=Settings(gather_deadline=1.0))
    assert session.ask("what is @x?").ledger.sent
    session.loop.run(session.recall.cache.flush())
    assert session.ask("what is @x?").cached
    source.fingerprint = lambda name: gate.wait() and None
    answer = session.ask("what is @x?")
    assert (answer.text, answer.cached) == ("Fine.", None)


BLOCKED = """
import asyncio, sys, threading
from askance.loop import LoopThread
from askance.testing import session_for_tests

class Blocks:
    name, deadline = "blocks", 0.05
    async def collect(self, ask):
        await asyncio.to_thread(threading.Event().wait)
    def fingerprint(self, name):
        return None

session = session_for_tests("Fine.", sources=[Blocks()])
print(session.ask("?").text)
"""


def test_a_blocked_source_does_not_keep_a_process_alive():
    """The interpreter ends although the source's thread never does."""
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "Fine.\n"


def test_blocking_work_of_the_loop_does_not_keep_a_process_alive():
    """The same for a thread that the loop itself was asked for, and closing it is a matter of a second."""
    code = (
        "import asyncio, threading\nfrom askance.loop import LoopThread\nloop = LoopThread()\n"
        "async def blocks():\n    await asyncio.to_thread(threading.Event().wait)\n"
        "job = loop.submit(blocks())\n"
        "try:\n    job.result(0.1)\nexcept TimeoutError:\n    loop.close(5.0)\n    print('closed')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "closed\n"
    assert LoopThread().run(asyncio.to_thread(lambda: 7)) == 7
