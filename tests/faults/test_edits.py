"""Edits at random between two asks: no answer is given that no longer holds, and what it did not see never costs it."""

from collections import Counter

import pytest

pytest.importorskip("pandas")

from faults.edits import outcomes


def judge(found):
    """No stale answer, and of what was not seen hardly anything costs an answer."""
    assert [(outcome.edit.kind, outcome.told) for outcome in found if outcome.stale] == []
    unseen = [outcome for outcome in found if outcome.unseen]
    lost = Counter(outcome.edit.kind for outcome in unseen if not outcome.cached)
    assert len(unseen) >= len(found) / 10
    assert sum(lost.values()) <= 0.05 * len(unseen), lost
    assert sum(bool(outcome.told) for outcome in found) >= len(found) / 10


def test_edits(tmp_path):
    """Fifty of them."""
    found = outcomes(tmp_path, 50)
    assert len(found) >= 50
    judge(found)


def test_the_judge_sees_stale_answers(tmp_path, monkeypatch):
    """With fingerprints that never change, edits of variables are found out."""
    monkeypatch.setattr("askance.sources.variables.fingerprint", lambda _: "0" * 16)
    assert any(outcome.stale for outcome in outcomes(tmp_path, 30))


@pytest.mark.full
@pytest.mark.timeout(900)
def test_five_hundred_edits(tmp_path):
    """The whole count."""
    found = outcomes(tmp_path, 500)
    assert len(found) >= 500
    judge(found)
