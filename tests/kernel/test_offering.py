"""A kernel that offers its context to other programs: from when its user says so, until it is taken back."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager

import pytest
from kernel.live import Kernel, wait_for
from offers.callers import heard, only, use

from askance.offers.folder import offers
from askance.offers.wire import line

SECRET = "sk-" + "proj-" + "Zx81Qm" * 7
ON, OFF = "%config Askance.mcp = True", "%config Askance.mcp = False"

TRACES = """
import os, sys, threading, psutil
print({
    "listens": sorted(str(c.laddr) for c in psutil.Process().net_connections("all") if c.status == "LISTEN"),
    "sockets": sorted(str(c.laddr) for c in psutil.Process().net_connections("unix") if ".sock" in str(c.laddr)),
    "threads": sorted(t.name for t in threading.enumerate() if "askance" in t.name and "helper" not in t.name),
    "events": [f.__qualname__ for fs in get_ipython().events.callbacks.values() for f in fs if "Offering" in f.__qualname__],
    "observers": [f for c in get_ipython().configurables if type(c).__name__ == "Askance" for f in c._trait_notifiers.get("mcp", {}).get("change", [])],
    "imported": [m for m in sys.modules if m.startswith("askance.offers") or m.partition(".")[0] in ("mcp", "mcp_types", "uvicorn", "starlette")],
})
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A short path: those of sockets may not be long."""
    home = tmp_path_factory.mktemp("h")
    (home / "work").mkdir()
    return home


@pytest.fixture(scope="module")
def one(home):
    """A kernel that these tests share, and whose offers lie in `home/run`."""
    with Kernel(home, ASKANCE_RUNTIME_DIR=str(home / "run"), OPENAI_API_KEY=SECRET) as running:
        yield running


@pytest.fixture
def running(one):
    """The same with askance as it is after loading."""
    one.run("get_ipython().config.pop('Askance', None)\n%unload_ext askance\n%load_ext askance")
    one.run("x = 1")
    return one


@pytest.fixture
def offer(running, home):
    """What that kernel offers."""
    assert not running.run(ON).contents("error")
    return only(home / "run")


@contextmanager
def another(home, *cells):
    """A kernel more."""
    with Kernel(home, ASKANCE_RUNTIME_DIR=str(home / "run")) as running:
        for cell in ("%load_ext askance", *cells):
            assert not running.run(cell).contents("error"), cell
        yield running


def test_nothing_is_offered_unless_the_user_says_so(home):
    """Loaded and used: nothing listens, no file lies anywhere, and neither our part nor the SDK's is imported.

    Once it is offered, the kernel's end takes it back.
    """
    with another(home, "x = 1", "%config Askance.budget = 3000", "%ctx what is @x?") as running:
        traces = running.run(TRACES).printed
        assert "'sockets': []" in traces
        assert "'imported': []" in traces
        assert not (home / "run").exists()
        (home / "work" / "pyproject.toml").write_text("[tool.askance]\nmcp = true\n")
        running.run("%unload_ext askance\nimport os; os.chdir('work')")
        running.run("%load_ext askance")
        assert "which only you may" in running.run("%ctx what is @x?").error[0]
        assert not (home / "run").exists()
        (home / "work" / "pyproject.toml").unlink()
        running.run(ON)
        assert only(home / "run")
        running.client.shutdown()
        assert wait_for(lambda: not list((home / "run").iterdir()))


def test_it_ends_without_a_trace(running, home):
    """Switched off, unloaded, or loaded anew: what listened, what lay there and what ran are as before."""
    before = running.run(TRACES).printed.partition("'imported'")[0]
    first = running.run(ON)
    assert not first.contents("error")
    assert use(only(home / "run"), "context", question="@x")["failed"] is False
    during = running.run(TRACES).printed
    assert "'threads': ['askance']" in during  # the one that asks run on
    assert ".sock" in during
    running.run(OFF)
    assert running.run(TRACES).printed.partition("'imported'")[0] == before
    assert list((home / "run").iterdir()) == []
    running.run(ON)
    running.run("%unload_ext askance")
    gone = running.run(TRACES).printed
    assert list((home / "run").iterdir()) == []
    for trace in ("sockets", "threads", "events", "observers"):
        assert f"'{trace}': []" in gone
    running.run("%load_ext askance")  # what was set still holds, as all settings do
    assert only(home / "run")
    running.run(OFF)


def test_the_environment_may_say_so_too(running, home):
    """`ASKANCE_MCP` counts when the loading cell has ended, and when it changes; on twice is one offer."""
    running.run("%unload_ext askance\nimport os; os.environ['ASKANCE_MCP'] = '1'\n%load_ext askance")
    first = only(home / "run")
    running.run(ON)
    assert only(home / "run") == first
    running.run("%config Askance.mcp = None\nos.environ['ASKANCE_MCP'] = '0'")
    assert offers(home / "run") == []
    running.run("del os.environ['ASKANCE_MCP']")


def test_what_a_kernel_that_was_killed_left_is_swept(running, home):
    """Its files go with the next kernel that offers."""
    with another(home, ON) as killed:
        left = only(home / "run")
        os.kill(killed.manager.provisioner.pid, signal.SIGKILL)
    assert only(home / "run") == left
    running.run(ON)
    assert only(home / "run").kernel != left.kernel


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_forked_child_takes_no_part(running, offer, home):
    """It holds no socket of ours, and neither its work, its exit nor its unloading ends what the parent offers."""
    printed = running.run(
        "import os, psutil\nold = get_ipython()\nif (child := os.fork()) == 0:\n"
        "    held = [c for c in psutil.Process().net_connections('unix') if '.sock' in str(c.laddr)]\n"
        "    os.system('')\n    old.extension_manager.unload_extension('askance')\n    os._exit(len(held))\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))"
    ).printed
    assert printed == "0\n"
    assert use(offer, "context", question="@x")["failed"] is False
    running.run(OFF)
    assert list((home / "run").iterdir()) == []


def test_it_answers_while_a_cell_runs(running, offer, home):
    """Variables as they are in the middle of a cell; the cell goes on and ends as it would."""
    flag = home / "flag"
    began = running.start(
        f"import os, time\nhalf = [1, 2]\nwhile not os.path.exists({str(flag)!r}): time.sleep(0.01)\nprint('end')"
    )
    assert wait_for(lambda: "half: list" in use(offer, "context", question="what is @half?")["text"])
    flag.touch()
    ended = running.finish(began)
    assert ended.printed == "end\n"
    assert not ended.contents("error")


def test_hostile_programs_hear_nothing_and_hurt_nothing(running, offer):
    """No token, a wrong one, garbage, a flood: not one byte, and both the kernel and the next caller work on."""
    calls = (b"", b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 2_000_000, line({"token": "x" * 43}), line({"do": "look"}))
    said: list[bytes] = []

    def attack(number: int) -> None:
        data = calls[number % len(calls)]
        said.append(heard(offer.address, data, line({"do": "call", "tool": "context", "arguments": {"question": "x"}})))

    attackers = [threading.Thread(target=attack, args=(number,)) for number in range(60)]
    for attacker in attackers:
        attacker.start()
    assert running.run("x + 1").result == "2"
    for attacker in attackers:
        attacker.join(60)
    assert said == [b""] * 60
    assert use(offer, "context", question="@x")["failed"] is False
    assert running.run("%ctx told").printed.count("context") == 1


def test_the_user_sees_what_was_told(running, offer):
    """A line of `%ctx`, the calls, and the very text; what steers a terminal is spelled out, and nothing is secret."""
    assert running.run("%ctx").error
    assert running.run("%ctx told").printed == "Nothing was told to other programs.\n"
    told = use(offer, "context", question="what is @x?")
    use(offer, "no\x1b[31m\u202etool", of=SECRET)
    assert running.run("%ctx").printed.startswith("told to other programs: 2 calls, the last at ")
    listed = running.run("%ctx told").printed
    assert 'context {"question":"what is @x?"}' in listed
    assert "\x1b" not in listed
    assert "\u202e" not in listed
    assert SECRET not in listed
    assert running.run("%ctx told 1").printed == told["text"] + "\n"
    assert len(running.run("%ctx told 7").error) == 1
    running.run("%ctx mute x")
    assert "x: int" not in use(offer, "context", question="what is @x?")["text"]


def test_no_safe_place_is_one_line(running, home):
    """Where the folder is a link, the user reads so, nothing is offered, and the kernel goes on."""
    (home / "link").symlink_to(home / "work")
    running.run("import os; mine = os.environ['ASKANCE_RUNTIME_DIR']")
    running.run(f"os.environ['ASKANCE_RUNTIME_DIR'] = {str(home / 'link')!r}")
    said = running.run(ON).printed
    assert "is a link, or someone else's" in said
    assert len(said.splitlines()) == 1
    running.run("%config Askance.mcp = None")
    assert running.run("os.environ['ASKANCE_MCP'] = '1'").printed.startswith("askance: There is no safe place")
    running.run("del os.environ['ASKANCE_MCP']")
    assert list((home / "work").iterdir()) == []
    assert running.run("os.environ['ASKANCE_RUNTIME_DIR'] = mine\n1 + 1").result == "2"
