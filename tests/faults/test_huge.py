"""Values of ten gigabytes: what is told of them is told without looking at more than some thousand places."""

import pytest

pytest.importorskip("pandas")

from faults.running import counted

PLACES = 20_000
"""Pages that one look may touch: those of the places that are looked at, of each column."""


def test_huge_values_are_not_looked_at():
    """Arrays and frames over untouched pages, and over a mapped file: memory stays, and the file is not read."""
    found = counted("huge")
    assert len(found) >= 11
    for name, said in found.items():
        assert said["grown"] < 5, name
        assert said["read"] == 0, name
        assert said["pages"] < PLACES, name
        assert said["text"], name
    assert sum(said["grown"] for said in found.values()) < 5
    assert found["frame"]["text"].startswith("pandas.DataFrame, 62,500,000 rows x 20 columns")
    assert found["mapped_frame"]["text"].startswith("pandas.DataFrame, 62,500,000 rows x 20 columns")
    assert "shape (1250000000,)" in found["zeros"]["text"]
    for name in ("view", "part", "mapped_frame", "mapped_series"):
        assert found[name]["facts"]["sampled"].startswith("0 of"), name
        assert found[name]["pages"] < 200, name


def test_what_is_looked_at_would_be_noticed():
    """A sum of a tenth of one of them makes the process grow: the measure measures."""
    found = counted("huge_control")
    assert found["grown"] > 100
