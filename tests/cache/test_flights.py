"""The same ask twice at once, in one kernel or in several, asks the model once; and nobody waits for the dead."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from cache.flying import QUESTION, session
from different import different
from scripted_server import Reply, ScriptedServer, error

from askance.cache.flights import Flights
from askance.errors import ProviderError
from askance.lock import FileLock
from askance.providers.replay import ReplayProvider
from askance.records import Candidate

HERE = Path(__file__).parent
LONG = 1.5
"""Seconds that an answer takes: long enough for whoever begins with it to be on its way too."""


@pytest.fixture
def serve():
    """Starts a server that answers slowly."""
    started = []

    def start(*replies):
        started.append(ScriptedServer(replies or different(silent=LONG)))
        return started[-1].__enter__()

    yield start
    for server in started:
        server.__exit__(None, None, None)


@pytest.fixture
def kernels(tmp_path):
    """Starts kernels over one cache folder, each with its arguments, that wait for `go`."""
    started = []

    def start(server, *arguments):
        environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        for one in arguments:
            command = [sys.executable, str(HERE / "flying.py"), str(tmp_path / "cache"), str(server.port), *one]
            pipe = subprocess.PIPE
            started.append(subprocess.Popen(command, env=environ, stdin=pipe, stdout=pipe, text=True))
        for process in started[-len(arguments) :]:
            assert process.stdout.readline() == "ready\n"
        return started[-len(arguments) :]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def go(processes):
    """Let them ask."""
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def got(processes):
    """What each printed, once it has ended."""
    answers = [tuple(json.loads(process.stdout.readline())) for process in processes]
    assert [process.wait(20) for process in processes] == [0] * len(processes)
    return answers


def left_behind(folder):
    """The locks that are still there."""
    return list((folder / "cache" / "flights").glob("*"))


def wait_for(condition):
    """Wait until it is so."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def at_once(asking, *asks):
    """The answers, or the errors, of asks that run side by side."""

    async def both():
        return await asyncio.gather(*(asking.answer(ask) for ask in asks), return_exceptions=True)

    return asking.loop.run(both())


def test_one_kernel_asks_once(tmp_path):
    """Ten cells that ask the same at once: one request, nine answers from memory, all the same."""
    model = ReplayProvider([0.05, "It is 1."])
    asking = session(tmp_path / "cache", model)
    answers = at_once(asking, *(asking.make_ask(QUESTION, cell=str(n)) for n in range(10)))
    assert len(model.requests) == 1
    assert sorted(answer.cached or "" for answer in answers) == ["", *["memory"] * 9]
    assert {answer.text for answer in answers} == {"It is 1."}
    assert asking.recall.cache.tallies.hits["memory"] == 9
    asking.loop.run(asking.close())
    assert left_behind(tmp_path) == []


def test_fresh_asks_do_ask(tmp_path):
    """`--fresh` waits for nobody and takes nobody's answer; both answers are kept."""
    model = ReplayProvider([0.05, "It is 1."])
    asking = session(tmp_path / "cache", model)
    fresh = (asking.make_ask(QUESTION, cell=str(n), fresh=True) for n in range(2))
    answers = at_once(asking, asking.make_ask(QUESTION), *fresh)
    assert len(model.requests) == 3
    assert [answer.cached for answer in answers] == [None] * 3
    asking.loop.run(asking.close())


def test_other_questions_do_not_wait(tmp_path):
    """Each is a request of its own, at the same time."""
    model = ReplayProvider([0.05, "It is 1."])
    asking = session(tmp_path / "cache", model)
    at_once(asking, *(asking.make_ask(f"{QUESTION} {n}") for n in range(3)))
    assert len(model.requests) == 3
    asking.loop.run(asking.close())


class Talk(ReplayProvider):
    """Plays another script each time it is asked."""

    def __init__(self, *scripts):
        super().__init__([])
        self._scripts = [ReplayProvider(script) for script in scripts]

    async def stream(self, gated):
        self.requests.append(gated)
        async for chunk in self._scripts[len(self.requests) - 1].stream(gated):
            yield chunk


def test_the_second_asks_when_the_first_fails(tmp_path):
    """An error is the first one's own."""
    model = Talk([0.05, ProviderError("no")], ["It is 1."])
    asking = session(tmp_path / "cache", model)
    outcomes = at_once(asking, *(asking.make_ask(QUESTION, cell=str(n)) for n in range(2)))
    (answer,) = [one for one in outcomes if not isinstance(one, ProviderError)]
    assert (answer.text, answer.cached) == ("It is 1.", None)
    assert len(model.requests) == 2
    asking.loop.run(asking.close())
    assert left_behind(tmp_path) == []


async def one_after_the_other(asking, model):
    """Two tasks that ask the same; the first has asked the model, the second is prepared and waits for it."""
    first = asyncio.create_task(asking.answer(asking.make_ask(QUESTION, cell="1")))
    while not model.requests:
        await asyncio.sleep(0.01)
    prepared = asyncio.Event()
    second = asyncio.create_task(asking.answer(asking.make_ask(QUESTION, cell="2"), lambda _event: prepared.set()))
    await prepared.wait()
    await asyncio.sleep(0.1)
    return first, second


def test_the_second_asks_when_the_first_is_stopped(tmp_path):
    """What was stopped is no answer for anybody else."""
    model = Talk(["It ", 60.0], ["It is 1."])
    asking = session(tmp_path / "cache", model)

    async def stopped():
        first, second = await one_after_the_other(asking, model)
        first.cancel()
        return await first, await second

    first, second = asking.loop.run(stopped())
    assert (first.complete, first.ended) == (False, "stopped")
    assert (second.text, second.complete, second.cached) == ("It is 1.", True, None)
    assert len(model.requests) == 2
    asking.loop.run(asking.close())
    assert left_behind(tmp_path) == []


def test_who_waits_can_be_stopped(tmp_path):
    """At once, and without harm to the one that asks."""
    model = Talk(["It ", 60.0], ["It is 1."])
    asking = session(tmp_path / "cache", model)

    async def stopped():
        first, second = await one_after_the_other(asking, model)
        second.cancel()
        ended = await asyncio.wait_for(second, 5)
        still_asking = not first.done()
        first.cancel()
        await first
        return ended, still_asking

    ended, still_asking = asking.loop.run(stopped())
    assert (ended.ended, still_asking) == ("stopped", True)
    assert asking.ask(QUESTION).cached is None
    assert len(model.requests) == 2
    asking.loop.run(asking.close())
    assert left_behind(tmp_path) == []


class Slow:
    """A variable that takes its time to be gathered."""

    name = "variables"

    def __init__(self):
        self.begun, self.go_on = threading.Event(), threading.Event()

    async def collect(self, ask):
        self.begun.set()
        self.go_on.wait(20)
        one = Candidate(source="variables", name="x", render=lambda level: "x = 1", fingerprint=lambda: "1")
        return [one]

    def fingerprint(self, name):
        return "1"


def test_an_answer_that_came_while_this_one_was_prepared_will_do(tmp_path):
    """Another kernel asked and was answered between this one's look into the cache and its turn to ask."""
    model, slow, quick = ReplayProvider(["It is 1."]), Slow(), Slow()
    quick.go_on.set()
    late = session(tmp_path / "cache", model, sources=[slow])
    early = session(tmp_path / "cache", model, sources=[quick])
    job = late.loop.submit(late.answer(late.make_ask(QUESTION)))
    assert slow.begun.wait(20)
    assert early.ask(QUESTION).cached is None
    early.loop.run(early.close())
    slow.go_on.set()
    assert job.result(20).cached == "disk"
    assert len(model.requests) == 1
    assert late.recall.cache.last_miss.why == "not asked before"
    assert (late.recall.cache.tallies.misses, late.recall.cache.tallies.hits.total()) == (0, 1)
    late.loop.run(late.close())


def test_two_kernels_ask_once(tmp_path, serve, kernels):
    """The second gets from the disk what the first was told, and the lock's file is gone."""
    server = serve()
    both = kernels(server, [], [])
    go(both)
    assert sorted(got(both), key=str) == [(got_text(1), "disk"), (got_text(1), None)]
    assert len(server.asked) == 1
    assert left_behind(tmp_path) == []


def got_text(number):
    """The server's answer of that number."""
    return f'{{"column": "answer {number}", "doubtful": true}}'


@pytest.mark.parametrize("count", [6, pytest.param(20, marks=pytest.mark.full)])
def test_many_kernels_ask_once(tmp_path, serve, kernels, count):
    """A course of kernels that all come to the same cell."""
    server = serve()
    course = kernels(server, *[[]] * count)
    go(course)
    answers = got(course)
    assert len(server.asked) == 1
    assert {text for text, _ in answers} == {got_text(1)}
    assert sorted(str(tier) for _, tier in answers) == ["None", *["disk"] * (count - 1)]
    assert left_behind(tmp_path) == []


def test_other_values_ask_at_once(serve, kernels):
    """The same question about something else is another one: nobody waits."""
    server = serve()
    both = kernels(server, ["1"], ["2"])
    go(both)
    wait_for(lambda: len(server.asked) == 2)
    assert not any(request.answered.is_set() for request in server.asked)
    assert [tier for _, tier in got(both)] == [None, None]


def test_fresh_asks_beside_another_kernel(serve, kernels):
    """Whoever wants a new answer gets one."""
    server = serve()
    both = kernels(server, [], ["1", "fresh"])
    go(both)
    wait_for(lambda: len(server.asked) == 2)
    assert [tier for _, tier in got(both)] == [None, None]


def test_a_killed_kernel_holds_up_nobody(tmp_path, serve, kernels):
    """Its lock is free with its end; the one that waited asks."""
    server = serve(Reply([60.0, "never"]), Reply(["It is 1."]))
    server.say(Reply(["never"], silent=60), Reply(["It is 1."]))
    first, second = kernels(server, [], [])
    go([first])
    wait_for(lambda: len(server.asked) == 1)
    go([second])
    time.sleep(0.3)
    assert len(server.asked) == 1
    first.send_signal(signal.SIGKILL)
    assert got([second]) == [("It is 1.", None)]
    assert len(server.asked) == 2
    assert left_behind(tmp_path) == []


def test_a_kernel_whose_ask_fails_holds_up_nobody(tmp_path, serve, kernels):
    """The one that waited asks for itself."""
    server = serve(error(500, "no"))
    server.say(Reply(status=500, body=b"{}", silent=LONG), Reply(["It is 1."]))
    both = kernels(server, [], [])
    go(both)
    assert sorted(got(both), key=str) == [("", "refused"), ("It is 1.", None)]
    assert left_behind(tmp_path) == []


def test_a_folder_that_takes_no_locks_makes_nobody_wait(tmp_path):
    """Then each asks for itself."""
    (tmp_path / "file").write_text("not a folder")

    async def both():
        flights = [Flights(tmp_path / "file" / "flights") for _ in range(2)]
        return [await asyncio.wait_for(one.alone("a"), 5) for one in flights]

    assert len(asyncio.run(both())) == 2


def test_a_lock_is_held_by_one(tmp_path):
    """Taken, free, taken again; a stranger's release takes nothing away."""
    locks = [FileLock(tmp_path / "folder" / "a.lock") for _ in range(2)]
    assert [lock.take() for lock in locks] == [True, False]
    locks[1].release()
    assert not locks[1].take()
    locks[0].release()
    assert [lock.take() for lock in reversed(locks)] == [True, False]
    locks[1].release()
    assert list((tmp_path / "folder").iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_that_lives_on_holds_no_lock(tmp_path):
    """A pool's workers have what was open; when the kernel lets go of its lock, it is free all the same."""
    lock = FileLock(tmp_path / "a.lock")
    assert lock.take()
    child = os.fork()
    if not child:
        signal.pause()
    try:
        lock.release()
        assert FileLock(tmp_path / "a.lock").take()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_what_dead_kernels_left_goes_and_what_is_held_stays(tmp_path):
    """A day later, and only what nobody holds."""
    held, young = FileLock(tmp_path / "held.lock"), tmp_path / "young.lock"
    assert held.take()
    for name in ("left.lock", "young.lock", "notes.txt"):
        (tmp_path / name).touch()
    now = young.stat().st_mtime
    for name in ("left.lock", "held.lock", "notes.txt"):
        os.utime(tmp_path / name, (now - 90_000, now - 90_000))
    Flights(tmp_path).sweep(now)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["held.lock", "notes.txt", "young.lock"]
    held.release()
    Flights(None).sweep(now)
