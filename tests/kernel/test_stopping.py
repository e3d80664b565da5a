"""Stopping an ask: by a kernel interrupt, and by the front end's own comm while the cell runs."""

from __future__ import annotations

import uuid

import pytest
from kernel.interrupting import interrupt
from kernel.live import Outcome, text_seen, wait_for
from scripted_server import Reply

ENDLESS = Reply(["The first words. ", 120.0, "never"])


@pytest.mark.parametrize("cell_id", [None, "cell-1"])
def test_an_interrupt_keeps_what_came(kernel, serve, cell_id):
    """The partial text stays, the error is one line, the socket is closed, and the next cell works."""
    server = serve(ENDLESS)
    running = kernel(server)
    begun = running.start("%ask why", cell_id)
    seen = Outcome()
    running.until(seen, text_seen)
    running.manager.interrupt_kernel()
    ended = running.finish(begun, seen)
    (line,) = ended.error
    assert "Stopped" in line
    (output,) = ended.outputs()
    assert sorted(output["data"]) == ["text/markdown", "text/plain"]
    assert output["data"]["text/markdown"].startswith("The first words.")
    assert "stopped" in output["data"]["text/plain"]
    assert server.asked[0].closed_early.wait(20)
    assert running.run("_ask.text, _ask.ended").result == "('The first words. ', 'stopped')"


def test_an_interrupt_before_the_first_word(kernel, serve):
    """Nothing came: still one line, and the next ask works."""
    server = serve(Reply(["late"], silent=120.0), Reply(["Yes."]))
    running = kernel(server)
    begun = running.start("%ask why")
    assert wait_for(lambda: server.asked)
    running.manager.interrupt_kernel()
    (line,) = running.finish(begun).error
    assert "Stopped" in line
    assert running.run("%ask again").outputs()[0]["data"]["text/markdown"].startswith("Yes.")


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=[pytest.mark.full, pytest.mark.timeout(900)])])
def test_interrupts_at_random_moments_leave_nothing_behind(kernel, serve, count):
    """Before it is sent, before the first word, in the middle, at the end: no dead kernel, open stream or thread more."""
    server = serve(Reply())
    tally = interrupt(kernel(server), server, count)
    assert tally.ended.total() == count
    assert tally.ended["Interrupted"] >= count // 2
    assert set(tally.ended) <= {"Interrupted", "KeyboardInterrupt", "answered", "outside of the cell"}
    assert (tally.dead, tally.open, tally.leaked) == (0, 0, [])


class Control:
    """The front end's end of the control comm, served by a subshell."""

    def __init__(self, running) -> None:
        self._running = running
        self._subshell = running.subshell()
        self._id = uuid.uuid4().hex

    def open(self, data: dict) -> None:
        """Open it with a first message."""
        content = {"comm_id": self._id, "target_name": "askance.control", "target_module": None, "data": data}
        self._running.send("comm_open", content, subshell=self._subshell)

    def send(self, data: dict) -> None:
        """Send one more."""
        self._running.send("comm_msg", {"comm_id": self._id, "data": data}, subshell=self._subshell)

    def replied(self, kind: str):
        """A condition for `until`: a reply of that kind on this comm."""

        def condition(message: dict) -> bool:
            content = message["content"]
            mine = message["msg_type"] == "comm_msg" and content["comm_id"] == self._id
            return mine and content["data"]["type"] == kind

        return condition


@pytest.mark.parametrize("cell_id", [None, "cell-1"])
def test_the_control_comm_stops_a_running_cell(kernel, serve, cell_id):
    """While the cell runs, a hello is answered with the state, and a stop ends the ask normally."""
    server = serve(ENDLESS)
    running = kernel(server)
    control = Control(running)
    begun = running.start("%ask why", cell_id)
    seen = Outcome()
    running.until(seen, text_seen)
    control.open({"type": "hello", "path": "a.ipynb", "open_files": [], "active_cell": None})
    running.until(seen, control.replied("state"))
    state = seen.messages[-1]["content"]["data"]
    assert state["asking"] is True
    assert state["question"] == "why"
    assert state["ledger"]["budget"] > 0
    control.send({"type": "stop", "ask_id": "another"})
    running.until(seen, control.replied("stopping"))
    assert seen.messages[-1]["content"]["data"]["ok"] is False
    control.send({"type": "stop", "ask_id": state["ask_id"]})
    ended = running.finish(begun, seen)
    assert not ended.contents("error")
    assert "stopped" in ended.outputs()[0]["data"]["text/plain"]
    assert server.asked[0].closed_early.wait(20)
    assert running.run("_ask.ended").result == "'stopped'"


def test_odd_messages_are_dropped(kernel):
    """Whatever a front end sends, the comm stays open and answers the next good message."""
    running = kernel(OPENAI_API_KEY="sk-of-a-test")
    control = Control(running)
    seen = Outcome()
    control.open({"type": "hello", "path": 7, "open_files": {"a": 1}, "active_cell": []})
    running.until(seen, control.replied("state"))
    for odd in ({}, {"type": []}, {"type": "stop", "ask_id": {"a": 1}}, {"type": "facts", "path": "x" * 70_000}):
        control.send(odd)
    control.send({"type": "refresh"})
    seen = Outcome()
    running.until(seen, control.replied("state"))
    state = seen.messages[-1]["content"]["data"]
    assert (state["asking"], state["ask_id"], state["ledger"]) == (False, None, None)
    assert state["why"] == "OPENAI_API_KEY is set"
    loaded = running.run("import sys; 'askance.session' in sys.modules, 'openai' in sys.modules")
    assert not loaded.contents("error")


def test_the_context_comm_tells_the_story_of_an_ask(kernel, serve):
    """State at the beginning, the ledger before any text, state at the end; opened again for a page that says hello."""
    running = kernel(serve(Reply(["Yes."])))
    control = Control(running)
    seen = Outcome()
    control.open({"type": "hello", "path": "a.ipynb", "open_files": [], "active_cell": None})
    running.until(seen, control.replied("state"))
    (opened,) = seen.contents("comm_open")
    assert opened["target_name"] == "askance.context"
    asked = running.run("%ask --view markdown why")
    pushed = [c["data"] for c in asked.contents("comm_msg") if c["comm_id"] == opened["comm_id"]]
    assert [message["type"] for message in pushed] == ["state", "ledger", "state"]
    assert [message.get("asking") for message in pushed] == [True, None, False]
    assert len({message["ask_id"] for message in pushed}) == 1
    kinds = [message["msg_type"] for message in asked.messages]
    assert kinds.index("comm_msg", kinds.index("comm_msg") + 1) < kinds.index("display_data")
