"""The runner against a session that asks no server: every way an ask can end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from askance.errors import AskanceError, Interrupted, ProviderError
from askance.kernel.runner import Runner
from askance.testing import session_for_tests


class Watcher:
    """A view that writes down what happens, and may interrupt as a user would."""

    def __init__(self, interrupts: int = 0, at_end: int = 0) -> None:
        self.seen: list[str] = []
        self.answer = None
        self._interrupts = interrupts
        self._at_end = at_end

    def begin(self, ask, ask_id) -> None:
        """Note it."""
        self.seen.append("begin")

    def ledger(self, ledger) -> None:
        """Note it."""
        self.seen.append("ledger")

    def text(self, delta) -> None:
        """Note it, and interrupt if there is an interrupt left."""
        self.seen.append(delta)
        if self._interrupts:
            self._interrupts -= 1
            raise KeyboardInterrupt

    def end(self, answer) -> None:
        """Note it, and interrupt if there is an interrupt left for the end."""
        self.seen.append("end")
        if self._at_end:
            self._at_end -= 1
            raise KeyboardInterrupt
        self.answer = answer

    def failed(self, error) -> None:
        """Note it."""
        self.seen.append(f"failed: {error}")


@pytest.fixture
def play() -> Iterator:
    """Asks a session whose model plays a script, with one runner."""
    sessions = []

    def run(runner, view, *script):
        session = session_for_tests(*script)
        sessions.append(session)
        return runner.run(session, session.make_ask("why"), [view])

    yield run
    for session in sessions:
        session.loop.close()


def test_events_in_order(play):
    """Begin, the ledger, the text, the end; nothing runs afterwards."""
    runner, view = Runner(), Watcher()
    answer = play(runner, view, "Yes. ", "Indeed.")
    assert view.seen[:2] == ["begin", "ledger"]
    assert "".join(view.seen[2:-1]) == answer.text == "Yes. Indeed."
    assert view.answer is answer
    assert (runner.latest.asking, runner.latest.ledger) == (False, answer.ledger)
    assert runner.stop(None) is False
    assert runner.latest.ask_id == runner.latest.ask.id == answer.id


def test_an_interrupt_that_comes_too_late_takes_nothing_away(play):
    """The answer is here: every view gets it, the one that was interrupted a second time."""
    first, second = Watcher(at_end=1), Watcher()
    runner, session = Runner(), session_for_tests("Yes.")
    answer = runner.run(session, session.make_ask("why"), [first, second])
    session.loop.close()
    assert first.answer is second.answer is answer
    assert (first.seen.count("end"), second.seen.count("end")) == (2, 1)


def test_an_interrupt_ends_in_one_error(play):
    """The view gets the partial answer, the caller one line."""
    view = Watcher(interrupts=1)
    with pytest.raises(Interrupted):
        play(Runner(), view, "Yes. ", 60.0, "never")
    assert (view.answer.text, view.answer.ended, view.answer.complete) == ("Yes. ", "stopped", False)


def test_an_ask_that_will_not_end_keeps_what_was_seen(play, monkeypatch):
    """An ask that ignores its cancellation is left after a bounded wait, and the text that was seen is kept."""
    monkeypatch.setattr("askance.kernel.runner.WIND_DOWN_SECONDS", 0.05)
    view, session = Watcher(interrupts=1), session_for_tests()
    release = threading.Event()

    async def stubborn(ask, emit):
        from askance.records import TextDelta

        emit(TextDelta("Seen. "))
        release.wait(20)

    session.answer = stubborn
    with pytest.raises(Interrupted):
        Runner().run(session, session.make_ask("why"), [view])
    release.set()
    session.loop.close()
    assert (view.answer.text, view.answer.ended) == ("Seen. ", "stopped")


def test_a_second_interrupt_ends_the_waiting(play, monkeypatch):
    """Impatience costs nothing: what was seen is kept."""
    from askance.loop import Job

    view = Watcher(interrupts=1)
    monkeypatch.setattr(Job, "result", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(Interrupted):
        play(Runner(), view, "Yes. ", 60.0, "never")
    assert view.answer.text == "Yes. "


def test_stop_ends_normally(play):
    """Another thread stops the ask: an answer, no error."""
    runner = Runner()

    class Stopper(Watcher):
        def text(self, delta) -> None:
            super().text(delta)
            thread = threading.Thread(target=lambda: self.seen.append(f"stop: {runner.stop(runner.latest.ask_id)}"))
            thread.start()
            thread.join()

    view = Stopper()
    answer = play(runner, view, "Yes. ", 60.0, "never")
    assert "stop: True" in view.seen
    assert (answer.text, answer.ended) == ("Yes. ", "stopped")


def test_a_failure_reaches_view_and_caller(play):
    """Nothing came: the view takes itself back, the error goes on."""
    runner, view = Runner(), Watcher()
    with pytest.raises(AskanceError, match="no such server"):
        play(runner, view, ProviderError("no such server"))
    assert view.seen[0] == "begin"
    assert view.seen[-1] == "failed: no such server"
    assert runner.latest.asking is False


def test_a_broken_view_stops_the_ask(play):
    """A fault of ours leaves nothing running."""
    runner = Runner()

    class Broken(Watcher):
        def ledger(self, ledger) -> None:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        play(runner, Broken(), 60.0, "never")
    assert runner.stop(None) is False
