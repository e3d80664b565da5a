"""A server that fails is left alone, longer each time; nobody waits for what hangs."""

import threading
from concurrent.futures import Future

import pytest

from askance.cache.redis.breaker import FIRST_PAUSE, Breaker, Busy, Late, Worker
from askance.testing import FakeClock


@pytest.fixture
def clock():
    """Moves when told to."""
    return FakeClock(100.0)


class Waits:
    """Waits as asked to, and counts."""

    def __init__(self):
        self.seconds = []

    def __call__(self, future, seconds):
        self.seconds.append(seconds)
        return Future.result(future, seconds)


def worker(clock=None, waits=None, patience=1.0):
    return Worker("askance test", patience, clock or FakeClock(), waits or Waits())


def test_a_failure_stops_the_tries_and_one_success_brings_them_back(clock):
    """Skipped for the pause, then one trial for all."""
    breaker = Breaker(clock)
    assert breaker.allow()
    breaker.failed("it is gone")
    assert not breaker.allow()
    clock.move(FIRST_PAUSE)
    assert [breaker.allow() for _ in range(5)] == [True, False, False, False, False]
    breaker.succeeded()
    assert breaker.allow() and breaker.allow()
    assert breaker.problem == ""


def test_each_trial_that_fails_doubles_the_pause_up_to_five_minutes(clock):
    """5, 10, 20 ... 300, 300 seconds; a success begins anew."""
    breaker = Breaker(clock)
    breaker.failed("it is gone")
    doubled = []
    for _ in range(9):
        began = clock.now
        while not breaker.allow():
            clock.move(1.0)
        doubled.append(clock.now - began)
        breaker.failed("still gone")
    assert doubled == [5, 10, 20, 40, 80, 160, 300, 300, 300]
    breaker.succeeded()
    breaker.failed("gone again")
    clock.move(FIRST_PAUSE)
    assert breaker.allow()


def test_many_that_fail_at_the_same_time_count_once(clock):
    """Eight threads that meet a dead server are one failure."""
    breaker = Breaker(clock)
    for _ in range(8):
        breaker.failed("it is gone")
    clock.move(FIRST_PAUSE)
    assert breaker.allow()


def test_a_trial_that_nobody_judges_is_followed_by_another(clock):
    """Who was to tell how it went may have been stopped."""
    breaker = Breaker(clock)
    breaker.failed("it is gone")
    clock.move(FIRST_PAUSE)
    assert breaker.allow()
    assert not breaker.allow()
    clock.move(FIRST_PAUSE)
    assert breaker.allow()


def test_the_line_says_what_when_again_and_what_to_type(clock):
    """In words; with whole seconds."""
    breaker = Breaker(clock)
    breaker.failed("it is gone", "Type: more")
    assert breaker.problem == "it is gone; tried again in 5 s. Type: more"
    clock.move(4.5)
    assert breaker.problem == "it is gone; tried again in 1 s. Type: more"
    clock.move(1)
    breaker.failed("it is full")
    clock.move(FIRST_PAUSE)
    assert breaker.problem == "it is full; tried again with the next question"


def test_a_result_comes_back_and_so_does_an_error():
    """Also a TimeoutError of the work's own, which is no lateness."""
    here, waits = threading.get_ident(), Waits()
    helper = worker(waits=waits)
    assert helper.call(threading.get_ident, 5.0) != here
    for kind in (ValueError, TimeoutError, KeyboardInterrupt):
        with pytest.raises(kind):
            helper.call(lambda kind=kind: (_ for _ in ()).throw(kind("own")), 5.0)
    assert waits.seconds == [5.0] * 4
    assert helper.close(5.0)


def test_nobody_waits_twice_for_what_hangs(clock):
    """The first waits its time; who comes within the patience waits, too, and is not at fault; later ones do not wait."""
    waits, hold, done = Waits(), threading.Event(), []
    helper = worker(clock, waits)
    with pytest.raises(Late):
        helper.call(lambda: hold.wait(20), 0.01)
    with pytest.raises(Busy):
        helper.call(lambda: done.append("behind it"), 0.01)
    clock.move(1.5)
    for _ in range(100):
        with pytest.raises(Late):
            helper.call(lambda: done.append("behind a hang"), 0.01)
    assert waits.seconds == [0.01, 0.01]
    hold.set()
    while helper._hangs():
        threading.Event().wait(0.001)
    assert helper.call(lambda: "again", 5.0) == "again"
    assert done == []
    assert helper.close(5.0)


def test_what_waited_behind_a_hang_says_so(clock):
    """The patience ended while it waited."""
    hold = threading.Event()

    def wait(future, seconds):
        clock.move(2.0)
        return Future.result(future, seconds)

    helper = worker(clock, wait)
    helper.begin(lambda: hold.wait(20))
    while helper._began is None:
        threading.Event().wait(0.001)
    with pytest.raises(Late):
        helper.call(int, 0.01)
    hold.set()
    assert helper.close(5.0)


def test_closing_ends_the_thread_or_says_that_it_hangs():
    """Bounded; a closed one begins nothing."""
    hold = threading.Event()
    helper = worker()
    helper.begin(lambda: hold.wait(20))
    assert not helper.close(0.01)
    hold.set()
    assert helper.close(5.0)
    with pytest.raises(Busy):
        helper.call(int, 0.01)
    unused = worker()
    assert unused.close(0.0)
    with pytest.raises(Busy):
        unused.call(int, 0.01)
    assert not [thread for thread in threading.enumerate() if thread.name == "askance test"]


def test_without_a_thread_to_be_had_the_work_fails(monkeypatch):
    """As at the interpreter's end; later it may go."""
    helper = worker()
    with monkeypatch.context() as patch:
        patch.setattr(
            threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("can't start new thread"))
        )
        with pytest.raises(RuntimeError):
            helper.call(int, 5.0)
    assert helper.call(int, 5.0) == 0
    assert helper.close(5.0)
