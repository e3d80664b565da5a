"""A job that is interrupted keeps what had come, leaves nothing running, and goes on where it was."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from mapping.rowserver import Fault, RowServer

from askance.mapping.entry import map_column

VALUES = [f"value {number}" for number in range(200)]
WHOLE = [f"<{value}>" for value in VALUES]

SCRIPT = """
import sys
from pathlib import Path
from askance import Session
from askance.mapping.entry import map_column
from askance.settings import Settings

if __name__ == "__main__":
    folder, url = Path(sys.argv[1]), sys.argv[2]
    environ = {"HOME": str(folder / "home"), "ASKANCE_CACHE_DIR": str(folder / "cache"), "OPENAI_API_KEY": "key",
               "OPENAI_BASE_URL": url + "/v1"}
    (folder / "project").mkdir(exist_ok=True)
    session = Session.for_project(folder / "project", environ=environ, settings=Settings(model="openai:gpt-6.1-terra"))
    map_column(session, "Mark it.", [f"value {number}" for number in range(200)], progress=False, concurrency=2)
"""


async def alone():
    """The tasks that run on the session's loop, apart from this one."""
    return [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]


def left_after(session, server, seconds=2.0):
    """Tasks, helper threads and requests that are still there some moments later."""
    end = time.monotonic() + seconds
    while True:
        tasks = session.loop.run(alone())
        threads = [thread.name for thread in threading.enumerate() if thread.name == "askance helper"]
        if not (tasks or threads or server.busy) or time.monotonic() > end:
            return tasks, threads, server.busy
        time.sleep(0.02)


def interrupt_when(server, requests):
    """Press the kernel's stop button as soon as so many requests have come."""

    def press():
        while len(server.seen) < requests:
            time.sleep(0.005)
        time.sleep(0.1)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=press, daemon=True).start()


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_an_interrupt_keeps_what_had_come_and_leaves_nothing_running(sessions, provider):
    """Interrupted in the middle: rows that had come whole are kept, also those of half answers; the rest alone is asked."""
    with RowServer(each=0.02) as server:
        session = sessions(server, provider)
        interrupt_when(server, 4)
        with pytest.raises(KeyboardInterrupt, match=r"\d+ of 200 rows are kept"):
            map_column(session, "Mark it.", VALUES, progress=False, concurrency=2)
        assert left_after(session, server) == ([], [], 0)
        before = len(server.seen)
        assert before < 10
        server.each = 0
        again = map_column(sessions(server, provider), "Mark it.", VALUES, progress=False)
        assert again == WHOLE
        assert 40 <= again.cached < 200
        asked = [value for seen in server.seen[before:] for _, value in seen.rows]
        assert len(asked) == 200 - again.cached
        assert len(set(asked)) == len(asked)


def test_interrupted_again_and_again_nothing_is_asked_twice_for_long(sessions):
    """Three interrupts, then to the end: rows asked more than once are at most those that were under way."""
    with RowServer(each=0.01) as server:
        for _ in range(3):
            session = sessions(server)
            interrupt_when(server, len(server.seen) + 2)
            with pytest.raises(KeyboardInterrupt):
                map_column(session, "Mark it.", VALUES, progress=False, concurrency=2, batch=10)
        result = map_column(sessions(server), "Mark it.", VALUES, progress=False)
    assert result == WHOLE
    assert len(server.values) <= 200 + 3 * 3 * 10


def test_a_killed_process_loses_only_what_was_under_way(tmp_path, sessions):
    """SIGKILL in the middle: what had come is on disk, and another process asks for the rest."""
    script = tmp_path / "job.py"
    script.write_text(SCRIPT)
    with RowServer(each=0.02) as server:
        child = subprocess.Popen([sys.executable, str(script), str(tmp_path), server.url])
        while len(server.seen) < 6:
            time.sleep(0.01)
        time.sleep(0.2)
        child.kill()
        child.wait()
        server.each = 0
        before = len(server.values)
        result = map_column(sessions(server), "Mark it.", VALUES, progress=False)
        assert result == WHOLE
        assert result.cached >= 60
        assert len(server.values) - before == 200 - result.cached


def test_a_job_that_failed_goes_on_with_the_same_call(sessions):
    """The server dies after 100 rows; when it is back, the other hundred are asked for."""
    with RowServer(faults=lambda number, seen: Fault(status=401) if number >= 5 else None) as server:
        session = sessions(server)
        broken = map_column(session, "Mark it.", VALUES, progress=False, concurrency=1)
        assert len(broken.errors) == 100
        server.faults = lambda number, seen: None
        whole = map_column(session, "Mark it.", VALUES, progress=False)
    assert whole == WHOLE
    assert whole.cached == 100


def test_an_answer_that_was_taken_back_is_not_kept(sessions):
    """A row that is answered twice, in two ways, right before the end of the job: no one is given the first of them."""

    def change(lines):
        first = json.loads(lines[0])
        return [*lines, json.dumps({"id": first["id"], "answer": "another"}) + "\n"]

    def fault(number, seen):
        return Fault(change=change) if number == 0 else Fault(status=401)

    with RowServer(faults=fault) as server:
        session = sessions(server)
        first = map_column(session, "Mark it.", VALUES[:5], progress=False)
        assert list(first.errors) == [0]
        server.faults = lambda number, seen: None
        again = map_column(sessions(server), "Mark it.", VALUES[:5], progress=False)
    assert again == WHOLE[:5]
    assert again.cached == 4


def test_nothing_is_kept_that_the_settings_forbid(sessions):
    """cache=False: the same call asks again; the folder holds no answer."""
    with RowServer() as server:
        for _ in range(2):
            result = map_column(sessions(server, cache=False), "Mark it.", VALUES[:5], progress=False)
            assert result.cached == 0
    assert len(server.seen) == 2


def test_work_is_over_when_the_call_returns(sessions):
    """After a job no task, no helper thread and no request is left."""
    with RowServer() as server:
        session = sessions(server)
        map_column(session, "Mark it.", VALUES, progress=False)
        assert left_after(session, server) == ([], [], 0)
