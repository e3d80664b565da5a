"""Folders that are damaged or tampered with run nothing, raise nothing, tell nothing wrong, and touch nothing else."""

import sys

import pytest
from faults.damaging import DAMAGES, TAMPERINGS
from faults.running import counted

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the program damages files that are open")


@pytest.mark.parametrize(
    ("damages", "tamperings"), [(4, 2), pytest.param(100, 20, marks=[pytest.mark.full, pytest.mark.timeout(1800)])]
)
def test_damaged_and_tampered_with(tmp_path, damages, tamperings):
    """Before a kernel opens it, and under an open one; clearing makes it work again."""
    counts = counted("damaging", tmp_path / "trials", damages, tamperings)
    assert (counts["damaged"], counts["tampered with"]) == (damages * len(DAMAGES), tamperings * len(TAMPERINGS))
    assert {
        name: counts[name] for name in ("wrong", "exceptions", "code run", "outside", "lost after clear")
    } == dict.fromkeys(("wrong", "exceptions", "code run", "outside", "lost after clear"), 0)
    assert counts["right"] > 0 < counts["notices"]
    assert counts["peak MB"] < 250
