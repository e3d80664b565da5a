"""Many kernels on one cache: no error, nothing wrong, no wait to speak of."""

import pytest
from faults.running import counted


@pytest.mark.parametrize(
    ("processes", "seconds"), [(4, 2), pytest.param(16, 30, marks=[pytest.mark.full, pytest.mark.timeout(300)])]
)
def test_many_at_once(tmp_path, processes, seconds):
    """All look and write all the time, in more room than the cache has."""
    counts = counted("crowding", tmp_path / "answers", processes, seconds)
    assert {name: counts[name] for name in ("wrong", "errors", "dropped", "died")} == dict.fromkeys(
        ("wrong", "errors", "dropped", "died"), 0
    )
    assert counts["right"] > 0 < counts["sets"]
