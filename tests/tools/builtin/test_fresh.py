"""Fingerprints of results: made anew after a change alone, and never by each look where that takes long."""

from askance.errors import ToolError
from askance.testing import FakeClock
from askance.tools.fresh import MOST, Fresh


def test_made_once_for_each_state():
    """And by every look where nobody can tell the state."""
    fresh, made = Fresh(), []
    look = [
        fresh.fingerprint("a", state, lambda: made.append(1) or str(len(made))) for state in (1, 1, 2, 2, None, None)
    ]
    assert len(made) == 4
    assert look[0] == look[1] != look[2] == look[3]
    assert len({*look}) == 4


def test_a_failure_is_none_and_is_remembered():
    """Until something changes."""
    fresh, made = Fresh(), []

    def fail():
        made.append(1)
        raise ToolError("no")

    assert [fresh.fingerprint("a", state, fail) for state in (1, 1, 2)] == [None] * 3
    assert len(made) == 2


def test_what_is_slow_is_not_made_by_each_look():
    """It is left alone for ten times as long as it took."""
    clock = FakeClock()
    fresh, made = Fresh(clock), []

    def slow():
        made.append(1)
        clock.move(5)
        return "x"

    assert fresh.fingerprint("a", 1, slow) is not None
    clock.move(49)
    assert fresh.fingerprint("a", 1, slow) is not None  # it is known
    assert fresh.fingerprint("a", 2, slow) is None
    assert len(made) == 1
    clock.move(2)
    assert fresh.fingerprint("a", 2, slow) is not None
    assert len(made) == 2


def test_few_are_remembered():
    """The oldest goes."""
    fresh, made = Fresh(), []
    for name in [*range(MOST + 1), 0]:
        fresh.fingerprint(str(name), 1, lambda: made.append(1) or "x")
    assert len(made) == MOST + 2
