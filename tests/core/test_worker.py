"""Work on threads of its own, and what it leaves of itself in the interpreter."""

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from askance.worker import Work

PROFILED = """
import asyncio, os, sys, time
from askance.worker import Work

async def main():
    one = Work(work, "a test")
    await asyncio.sleep(0.05)
    await one.end()

{kind}
asyncio.run(main())
counted = []
sys.setprofile(lambda frame, event, argument: counted.append(event))
(lambda: sum(range(3)))()
sys.setprofile(None)
print(len(counted) > 2, flush=True)
os._exit(0)
"""

KINDS = {
    "done": "async def work():\n    return 1",
    "blocked": "async def work():\n    time.sleep(30)",
    "busy": "async def work():\n    while True: pass",
    "awaiting": "async def work():\n    await asyncio.sleep(30)",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_profiler_works_after_it(kind):
    """CPython 3.11 hangs in a profiled call while any thread has an exception to raise: none is left over."""
    code = PROFILED.format(kind=KINDS[kind])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.strip(), done.stderr) == ("True", "")


@pytest.mark.parametrize("kind", ["busy", "awaiting", "done"])
def test_it_ends(kind):
    """No thread stays of what runs Python or awaits."""
    space = {"asyncio": asyncio, "time": time}
    exec(KINDS[kind], space)

    async def main():
        work = Work(space["work"], "a test that ends")
        await asyncio.sleep(0.02)
        return await work.end()

    assert asyncio.run(main())
    assert not [one for one in threading.enumerate() if one.name == "askance a test that ends"]


def test_one_that_is_blocked_ends_as_soon_as_it_can():
    """What it was sent is raised when it runs Python again."""
    went_on = []

    async def blocked():
        time.sleep(1.5)
        for _ in range(10_000_000):
            pass
        went_on.append(True)

    async def main():
        work = Work(blocked, "a test that is blocked")
        await asyncio.sleep(0.02)
        ended = await work.end()
        for _ in range(500):
            if not work.busy:
                break
            await asyncio.sleep(0.01)
        return ended, work.busy

    assert asyncio.run(main()) == (False, False)
    assert went_on == []
