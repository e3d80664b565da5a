"""Kernels killed while they write leave a cache that opens, holds no wrong answer, and no orphans."""

import os

import pytest
from faults.running import counted

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the program forks")


@pytest.mark.parametrize("rounds", [50, pytest.param(1000, marks=[pytest.mark.full, pytest.mark.timeout(900)])])
def test_killed_while_writing(tmp_path, rounds):
    """At random moments; every key is looked at after each."""
    counts = counted("killing", tmp_path / "answers", rounds)
    assert counts["kills"] == rounds
    assert counts["writes"] > rounds
    assert counts["right"] > 12 * rounds
    assert {name: counts[name] for name in ("wrong", "problems", "notices", "orphans", "damaged")} == dict.fromkeys(
        ("wrong", "problems", "notices", "orphans", "damaged"), 0
    )
