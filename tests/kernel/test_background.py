"""Asks in the background: side by side, each in its own place, stopped, waited for, and gone without a trace."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import pytest
from kernel.live import Kernel, Outcome, wait_for
from kernel.test_loading import TRACES
from kernel.test_runner import Watcher
from scripted_server import Reply

from askance.errors import AskanceError, Interrupted, ProviderError
from askance.kernel.runner import Runner
from askance.records import TextDelta
from askance.testing import session_for_tests


@pytest.fixture
def begin() -> Iterator:
    """Begins asks in the background of one runner, each of a model that plays a script."""
    sessions, runner = [], Runner()

    def start(view, *script):
        sessions.append(session_for_tests(*script))
        return runner.start(sessions[-1], sessions[-1].make_ask("why"), [view])

    start.runner = runner
    yield start
    runner.close()
    for session in sessions:
        session.loop.close()


def threads() -> list[str]:
    """The threads of asks in the background."""
    return [thread.name for thread in threading.enumerate() if thread.name == "askance background"]


def test_the_views_begin_in_the_cell_and_go_on_elsewhere(begin):
    """`start` returns while the model is silent; the rest happens, in order, on one other thread."""

    class Placed(Watcher):
        def __init__(self) -> None:
            super().__init__()
            self.threads = []

        def __getattribute__(self, name):
            if name in ("begin", "ledger", "text", "end"):
                object.__getattribute__(self, "threads").append((name, threading.get_ident()))
            return super().__getattribute__(name)

    view = Placed()
    background = begin(view, "Yes. ", 0.2, "Indeed.")
    assert view.seen == ["begin"] or view.seen[0] == "begin"
    assert repr(background) == "<asking local …>"
    answer = background.result(20)
    assert (answer.text, view.answer) == ("Yes. Indeed.", answer)
    assert (view.seen[:2], view.seen[-1]) == (["begin", "ledger"], "end")
    assert background.done
    assert repr(background) == "<asked local>"
    assert dict(view.threads[:1]) == {"begin": threading.get_ident()}
    (other,) = {thread for name, thread in view.threads if name != "begin"}
    assert other != threading.get_ident()
    assert wait_for(lambda: not threads())


def test_two_side_by_side_and_one_is_stopped(begin):
    """Each has its own words; the one that is stopped ends normally with what had come, the other goes on."""
    one, two = Watcher(), Watcher()
    first = begin(one, "First. ", 60.0, "never")
    second = begin(two, "Second. ", 0.3, "Done.")
    assert wait_for(lambda: "First. " in one.seen)
    assert [running.ask_id for running in begin.runner.running] == [first.ask_id, second.ask_id]
    assert begin.runner.latest.ask_id == second.ask_id
    with pytest.raises(TimeoutError):
        first.result(0.01)
    assert begin.runner.stop(first.ask_id)
    assert first.result(20).ended == "stopped"
    assert (one.answer.text, one.answer.complete) == ("First. ", False)
    assert second.result(20).text == two.answer.text == "Second. Done."
    assert begin.runner.running == ()


def test_a_failure_is_shown_and_kept(begin):
    """The view gets the line, since no cell can; whoever asks for the answer gets the error."""
    view = Watcher()
    background = begin(view, ProviderError("no such server"))
    with pytest.raises(ProviderError, match="no such server"):
        background.result(20)
    assert view.seen[-1] == "failed: no such server"


def test_a_broken_view_is_one_line(begin, capfd):
    """A fault of ours leaves nothing running, and no traceback anywhere."""

    class Broken(Watcher):
        def text(self, delta) -> None:
            raise ZeroDivisionError("of ours")

    view = Broken()
    background = begin(view, "Yes.", 60.0, "never")
    with pytest.raises(AskanceError, match="ZeroDivisionError: of ours"):
        background.result(20)
    assert len(view.seen) == 3
    assert view.seen[-1].startswith("failed: The answer could not be shown")
    assert begin.runner.running == ()
    assert capfd.readouterr() == ("", "")


def test_waiting_is_for_all_and_an_interrupt_ends_only_the_waiting(begin, monkeypatch):
    """The asks go on, and one line says so."""
    assert begin.runner.wait() == 0
    first, second = begin(Watcher(), "a", 0.3, "b"), begin(Watcher(), "c", 60.0, "never")
    assert first.result(20).text == "ab"
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "join", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(Interrupted, match="Stopped waiting; 1 answer is still on the way"):
            begin.runner.wait()
    assert not second.done
    second.stop()
    assert begin.runner.wait() in (0, 1)
    assert second.result(0).text == "c"


def test_closing_ends_every_thread_even_of_an_ask_that_will_not_end(begin, monkeypatch):
    """What was seen is kept; nothing is waited for without end."""
    monkeypatch.setattr("askance.kernel.runner.WIND_DOWN_SECONDS", 0.05)
    release, view = threading.Event(), Watcher()
    session = session_for_tests()

    async def stubborn(ask, emit):
        emit(TextDelta("Seen. "))
        release.wait(20)

    session.answer = stubborn
    background = begin.runner.start(session, session.make_ask("why"), [view])
    assert wait_for(lambda: "Seen. " in view.seen)
    begin.runner.close()
    assert threads() == []
    assert (background.result(0).text, view.answer.ended) == ("Seen. ", "stopped")
    release.set()
    session.loop.close()
    background.stop()  # after its loop is gone: nothing happens


def outputs(messages: Outcome) -> dict[str, list[dict]]:
    """The plain text of the displays by the message that asked for them, as a notebook places them."""
    placed: dict[str, list[dict]] = {}
    for message in messages.messages:
        if message["msg_type"] == "display_data":
            placed.setdefault(message["parent_header"]["msg_id"], []).append(message["content"])
        elif message["msg_type"] == "update_display_data":
            display_id = message["content"]["transient"]["display_id"]
            for shown in placed.values():
                shown[:] = [
                    message["content"] if old["transient"]["display_id"] == display_id else old for old in shown
                ]
    return placed


def ended(message: dict) -> bool:
    """Whether a message shows the form of an answer that stays."""
    return message["msg_type"] == "update_display_data" and "askance" in message["content"]["metadata"]


def delta(words: str):
    """A condition for `until`: a widget is sent words that begin so."""

    def condition(message: dict) -> bool:
        content = message["content"].get("data", {}).get("content", {}) if message["msg_type"] == "comm_msg" else {}
        return content.get("type") == "delta" and content["text"].startswith(words)

    return condition


def widget_of(seen: Outcome, request: str) -> str:
    """The comm of the answer widget that a cell opened."""
    (opened,) = [
        message["content"]["comm_id"]
        for message in seen.messages
        if message["msg_type"] == "comm_open"
        and message["parent_header"]["msg_id"] == request
        and "ask_id" in message["content"]["data"].get("state", {})
    ]
    return opened


def test_two_widgets_stream_while_other_cells_run(kernel, serve):
    """Every message of each belongs to its own cell; the Stop of one is heard at once, since the kernel is idle."""
    server = serve(Reply(["First one. ", 120.0, "never"]), Reply(["Second. ", 1.5, "Done."]))
    running: Kernel = kernel(server)
    seen = Outcome()
    one = running.start("%ask --bg first", "cell-1")
    running.finish(one, seen)
    running.until(seen, delta("First one."))
    two = running.start("%ask --bg second", "cell-2")
    running.finish(two, seen)
    running.until(seen, delta("Second."))
    three = running.start("print(6 * 7)", "cell-3")
    running.finish(three, seen)
    running.send(
        "comm_msg", {"comm_id": widget_of(seen, one), "data": {"method": "custom", "content": {"type": "stop"}}}
    )
    running.until(seen, lambda _: sum(map(ended, seen.messages)) == 2)
    placed = outputs(seen)
    assert set(placed) == {one, two}
    ((first,), (second,)) = placed[one], placed[two]
    assert re.sub(r"\s.*", "", first["data"]["text/markdown"]) == "First"
    assert first["metadata"]["askance"]["ended"] == "stopped"
    assert second["data"]["text/plain"].startswith("Second. Done.")
    assert second["metadata"]["askance"]["complete"]
    for request, comm in ((one, widget_of(seen, one)), (two, widget_of(seen, two))):
        sent = [m for m in seen.messages if m["msg_type"] == "comm_msg" and m["content"]["comm_id"] == comm]
        assert {m["parent_header"]["msg_id"] for m in sent} == {request}
    assert server.asked[0].closed_early.wait(20)
    assert not [m for m in seen.messages if m["msg_type"] in ("error", "stream") and "42" not in str(m["content"])]


def test_an_output_without_widgets_is_under_its_cell(kernel, serve):
    """Its place is taken while the cell runs, and filled later; a failure is one line there, and raised nowhere."""
    from scripted_server import error

    running: Kernel = kernel(serve(error(401, "no such key", "authentication_error")))
    seen = Outcome()
    asked = running.start("%ask --bg why")
    running.finish(asked, seen)
    ((begun,),) = outputs(seen).values()
    assert begun["data"]["text/plain"].startswith("asking openai:")
    running.until(seen, lambda message: message["msg_type"] == "update_display_data")
    ((failed,),) = outputs(seen).values()
    (line,) = failed["data"]["text/plain"].splitlines()
    assert line.startswith("askance: ")
    assert "OPENAI_API_KEY" in line
    assert not seen.contents("error")


def test_unloading_ends_what_runs_in_the_background(kernel, serve):
    """The partial answer stays in its cell; the socket is closed; no thread, comm or event stays."""
    server = serve(Reply(["The first words. ", 120.0, "never"]))
    running: Kernel = kernel(server, load=False)
    before = running.run(TRACES).printed
    running.run("%load_ext askance", "cell-0")
    seen = Outcome()
    running.finish(running.start("%ask --bg why", "cell-1"), seen)
    running.until(seen, delta("The first words."))
    began = time.monotonic()
    running.finish(running.start("%unload_ext askance", "cell-2"), seen)
    assert time.monotonic() - began < 20
    assert running.run(TRACES).printed == before
    (output,) = [shown for placed in outputs(seen).values() for shown in placed]
    assert output["data"]["text/markdown"].startswith("The first words.")
    assert output["metadata"]["askance"]["ended"] == "stopped"
    assert server.asked[0].closed_early.wait(20)
