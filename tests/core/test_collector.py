"""The garbage collector stands still inside, and is as it was afterwards."""

import gc
import threading

import pytest

from askance import collector


@pytest.fixture(autouse=True)
def _enabled():
    gc.enable()
    yield
    gc.enable()


def test_it_stands_still_inside_and_runs_afterwards():
    """Also after an error, and only when the last of several is done."""
    with pytest.raises(KeyError), collector.paused():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()
    inside, leave = threading.Event(), threading.Event()

    def other():
        with collector.paused():
            inside.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    inside.wait(10)
    with collector.paused():
        pass
    assert not gc.isenabled()
    leave.set()
    thread.join()
    assert gc.isenabled()


def test_one_that_the_user_switched_off_stays_off():
    """It is the user's."""
    gc.disable()
    with collector.paused():
        pass
    assert not gc.isenabled()
