"""What only looks like a secret leaves as it is."""

import pytest
from gate.lookalikes import lookalikes

from askance.gate import Gate

MOST = 0.003
"""Share of lookalikes that may be replaced; 2 % is promised."""


def replaced(seed, count):
    return [(kind, text) for kind, text in lookalikes(seed, count) if Gate().redact(text, "x", 3)[1]]


def test_lookalikes_leave():
    """A hundred of all kinds; none is replaced that the whole count would not allow."""
    assert len(replaced(20, 114)) <= 1


@pytest.mark.full
def test_a_thousand_lookalikes_leave():
    """Of five seeds: at most 0.3 % are replaced."""
    for seed in range(5):
        assert len(replaced(seed, 1000)) <= 1000 * MOST
