"""Explanations of code blocks: asked for by a front end, answered while a cell runs, and beside the conversation."""

from __future__ import annotations

import json

import pytest
from kernel.live import Outcome, wait_for
from scripted_server import Reply

from askance.kernel.explain import MOST_AT_ONCE, MOST_CODE

BUSY = "import time\nend = time.monotonic() + 60\nwhile time.monotonic() < end and 'free' not in globals(): time.sleep(0.02)"


class Page:
    """A front end with a comm of its own, answered on a thread of its own."""

    def __init__(self, running) -> None:
        self._running = running
        self._subshell = running.subshell()
        self._send("comm_open", {"comm_id": "page", "target_name": "askance.control", "data": {"type": "hello"}})

    def _send(self, kind: str, content: dict) -> None:
        self._running.send(kind, content, subshell=self._subshell)

    def say(self, **data: object) -> None:
        """Send a message."""
        self._send("comm_msg", {"comm_id": "page", "data": data})

    def explain(self, number: int, code: str, **more: object) -> None:
        """Ask for an explanation."""
        self.say(type="explain", id=f"explain-{number}", code=code, **more)


def told(outcome: Outcome, number: int, kind: str | None = None) -> list[dict]:
    """What was said of an explanation, in order."""
    data = [content["data"] for content in outcome.contents("comm_msg")]
    return [one for one in data if one.get("id") == f"explain-{number}" and kind in (None, one["type"])]


def until_explained(running, outcome: Outcome, *numbers: int) -> None:
    """Collect until all of these have ended."""
    running.until(outcome, lambda _: all(told(outcome, number, "explained") for number in numbers))


@pytest.fixture
def opened(kernel, serve):
    """A kernel, its page, and a server; nothing is merged."""

    def start(*replies: Reply, **environ: str):
        server = serve(*replies)
        running = kernel(server, **{"ASKANCE_BATCH_SECONDS": "0", **environ})
        return running, Page(running), server

    return start


def test_a_block_is_explained_while_a_cell_runs(opened):
    """It streams, ends with a line on what it cost, and the request has the code and no context of the notebook."""
    running, page, server = opened(Reply(["It ", 0.2, "prints."]))
    running.run("secret_sauce = 41")
    running.start(BUSY)
    page.explain(1, "print('é')", language="python")
    seen = Outcome()
    until_explained(running, seen, 1)
    pieces = [(one["start"], one["text"]) for one in told(seen, 1, "explanation")]
    assert "".join(text for _, text in pieces) == "It prints."
    assert [start for start, _ in pieces] == [len("It prints."[:start]) for start, _ in pieces]
    (end,) = told(seen, 1, "explained")
    assert (end["state"], end["text"]) == ("done", "It prints.")
    assert "openai:" in end["notice"]
    assert next(one["type"] for one in told(seen, 1)) == "explaining"
    (request,) = server.asked
    body = json.dumps(request.json, ensure_ascii=False)
    assert "print('é')" in body
    assert "secret_sauce" not in body


def test_it_leaves_no_trace_in_the_conversation(opened):
    """The last answer, the threads, and what the next question tells of before are as if nothing had been explained."""
    running, page, server = opened(Reply(["Yes."]), Reply(["It prints."]), Reply(["No."]))
    running.run("%ask -c none why")
    page.explain(1, "print(1)")
    seen = Outcome()
    until_explained(running, seen, 1)
    running.run("%ask -c none and else?")
    assert running.run("_ask.text").result == "'No.'"
    assert "explain" not in running.run("%threads").printed
    whole = json.dumps(server.asked[-1].json)
    assert "why" in whole
    assert "print(1)" not in whole
    assert "prints" not in whole


def test_stopped_it_ends_with_what_had_come(opened):
    """And the connection is closed."""
    running, page, server = opened(Reply(["It prints", 60.0, "never"]))
    page.explain(1, "print(1)")
    seen = Outcome()
    running.until(seen, lambda _: told(seen, 1, "explanation"))
    page.say(type="explain", id="explain-1", stop=True)
    until_explained(running, seen, 1)
    (end,) = told(seen, 1, "explained")
    assert (end["state"], end["text"]) == ("stopped", "It prints")
    assert wait_for(server.asked[0].closed_early.is_set)


def test_what_goes_wrong_is_said_in_one_line(opened):
    """Where the block is, not in any cell."""
    running, page, _ = opened(Reply(status=401, body=b'{"error":{"message":"no"}}'))
    page.explain(1, "print(1)")
    seen = Outcome()
    until_explained(running, seen, 1)
    (end,) = told(seen, 1, "explained")
    assert end["state"] == "error"
    assert len(end["notice"].splitlines()) == 1
    assert len(end["notice"]) > 20


def test_so_many_at_once_and_no_more(opened):
    """One too many is told to wait; the others go on, and unloading stops them."""
    running, page, server = opened(Reply(["It ", 60.0, "never"]))
    for number in range(MOST_AT_ONCE + 1):
        page.explain(number, f"print({number})")
    seen = Outcome()
    until_explained(running, seen, MOST_AT_ONCE)
    (end,) = told(seen, MOST_AT_ONCE)
    assert (end["type"], end["state"]) == ("explained", "error")
    assert wait_for(lambda: len(server.asked) == MOST_AT_ONCE)
    running.run("%unload_ext askance")
    assert wait_for(lambda: all(request.closed_early.is_set() for request in server.asked))


def test_several_at_once_are_one_request(opened):
    """Five blocks within the window in which small questions in the background are gathered."""
    server_says = ["It prints."]
    running, page, server = opened(Reply(server_says), ASKANCE_BATCH_SECONDS="0.3")
    running.run("1")
    for number in range(5):
        page.explain(number, f"print({number})")
    assert wait_for(lambda: server.asked)
    first = json.dumps(server.asked[0].json)
    assert [number for number in range(5) if f"print({number})" in first] == list(range(5))


FORGED = [
    {},
    {"id": "explain-1"},
    {"id": "explain-1", "code": ""},
    {"id": "explain-1", "code": " \n"},
    {"id": "explain-1", "code": ["x"]},
    {"id": "explain-1", "code": "x" * (MOST_CODE + 1)},
    {"id": "explain-1", "code": "x", "language": "py\nthon"},
    {"id": "explain-1", "code": "x", "language": 5},
    {"id": "short", "code": "x"},
    {"id": "explain-é1", "code": "x"},
    {"id": "x" * 65, "code": "x"},
    {"id": 12345678, "code": "x"},
    {"id": "explain-1", "stop": True},
    {"id": "explain-1", "stop": "yes"},
]


def test_forged_messages_do_nothing(opened):
    """No model is asked, and nothing is answered."""
    running, page, server = opened(Reply(["no"]))
    for message in FORGED:
        page.say(type="explain", **message)
    page.say(type="refresh")
    seen = Outcome()
    running.until(seen, lambda message: message["content"].get("data", {}).get("type") == "state")
    ended = running.run("print(6 * 7)")
    said = [c["data"].get("type") for outcome in (seen, ended) for c in outcome.contents("comm_msg")]
    assert {"explaining", "explained", "explanation"}.isdisjoint(said)
    assert server.asked == []
    assert "42" in ended.printed
