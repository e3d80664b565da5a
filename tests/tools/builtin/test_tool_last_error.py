"""last_error: by level, in pages, and where there is none."""

import runpy

import pytest
from faults.left_out import code, error_of

from askance.records import Cell


@pytest.fixture
def failed(world):
    """A cell that failed, in the project's code."""
    file = world.write("tool.py", "def divide(amount, by):\n    return amount / by\n")
    divide = runpy.run_path(str(file))["divide"]
    world.error = error_of(lambda: divide(1200, 0))
    world.cells = [Cell(id="a", number=1, source="divide(1200, 0)", failed=True)]
    return world


def test_what_is_told_at_each_level(failed):
    """The type; the steps; message, lines and values."""
    said = [failed.call("last_error", failed.ask(most=most)) for most in range(4)]
    assert said[0] == "ZeroDivisionError"
    assert "tool.py, line 2, in divide" in said[1]
    assert "1200" not in said[1]
    assert "division by zero" not in said[1]
    assert "division by zero" in said[2]
    assert "amount: int 1200" in said[2]
    assert ">    2     return amount / by" in said[3]


def test_a_muted_local_variable_is_not_told(failed):
    """By its name, as by the source."""
    said = failed.call("last_error", failed.ask(mutes=frozenset({"variables:amount"})))
    assert "by: int 0" in said
    assert "1200" not in said
    assert "Nothing may be told" in failed.refused("last_error", failed.ask(mutes=frozenset({"error"})))


def test_no_error_is_an_answer_that_can_be_checked(failed):
    """The fingerprint changes once there is one, and again with the next."""
    prints = [failed.fingerprint("last_error")]
    failed.error = None
    assert failed.call("last_error") == "There is no error: the last cell that ran went well."
    prints.append(failed.fingerprint("last_error"))
    failed.error = ValueError("other")
    prints.append(failed.fingerprint("last_error"))
    assert len(set(prints)) == 3
    assert None not in prints
    assert failed.reads("last_error") == {"error:error"}


def test_nothing_of_a_file_that_is_left_out(failed):
    """Neither its lines nor its message."""
    failed.write(".askignore", "private.py\n")
    made = runpy.run_path(str(failed.write("private.py", code("walrus").decode())))
    failed.error = error_of(made["run"])
    assert "walrus" not in failed.call("last_error", failed.ask(most=3))
