"""What was spent, written down off the answer's path."""

import json
import threading

from askance import spending
from askance.cli import main
from askance.records import Usage
from askance.spending import Spending, summed
from askance.testing import FakeClock

NOVEMBER, DECEMBER = 1_795_500_000, 1_797_000_000


def test_sums_by_month_and_model(tmp_path):
    """Whoever wrote them: two kernels write side by side."""
    clock = FakeClock(NOVEMBER)
    one, other = Spending(tmp_path / "spending", clock), Spending(tmp_path / "spending", clock)
    one.add("openai:m", Usage(input=10, output=2, cached=4), 0.25)
    other.add("openai:m", Usage(input=5, output=1), 0.5)
    other.add("local", Usage(input=7, output=7), None)
    other.flush()
    clock.now = DECEMBER
    one.add("openai:m", Usage(input=1, output=1), 0.125)
    (late, december), (early, november) = one.months()
    assert (early, late) == ("2026-11", "2026-12")
    assert [(spent.model, spent.answers, spent.usage.input, spent.cost) for spent in november] == [
        ("openai:m", 2, 15, 0.75),
        ("local", 1, 7, 0.0),
    ]
    assert [spent.cost for spent in december] == [0.125]


def test_it_is_written_later_and_in_one_piece(tmp_path, monkeypatch):
    """Noting returns before anything is on the disk; what waits is one write."""
    monkeypatch.setattr(spending, "SOON", 3600)
    spent = Spending(tmp_path / "spending", FakeClock(NOVEMBER))
    for _ in range(50):
        spent.add("m", Usage(input=1), 0.0)
    assert not (tmp_path / "spending").exists()
    spent.flush()
    (file,) = (tmp_path / "spending").iterdir()
    assert len(file.read_text().splitlines()) == 50
    assert file.stat().st_mode & 0o077 == 0
    assert not [one for one in threading.enumerate() if one.name == "askance spending" and not one.finished.is_set()]


def test_a_disk_that_takes_nothing_is_no_reason_to_fail(tmp_path):
    """Neither is a place that is a file, nor a line that was torn."""
    (tmp_path / "spending").write_text("a file")
    spent = Spending(tmp_path / "spending", FakeClock(NOVEMBER))
    spent.add("m", Usage(input=1), 0.0)
    spent.flush()
    assert list(Spending(None, FakeClock()).months()) == []
    whole = json.dumps({"model": "m", "answers": 1, "input": 3, "output": 1, "cached": 0, "written": 0, "cost": None})
    for torn in ("", "{", "[]", "{}", '{"model": 3}', "null", whole[:30]):
        assert [one.usage.input for one in summed([whole, torn])] == [3]


def test_the_terminal_tells_it(tmp_path, monkeypatch, capsys):
    """A line for each month and model."""
    monkeypatch.setenv("ASKANCE_CACHE_DIR", str(tmp_path))
    assert main(["spent"]) == 0
    assert "Nothing was asked" in capsys.readouterr().out
    spent = Spending(tmp_path / "spending", FakeClock(NOVEMBER))
    spent.add("openai:m", Usage(input=1234, output=2), 0.25)
    spent.flush()
    assert main(["spent"]) == 0
    assert capsys.readouterr().out.split() == "2026-11 1 answers 1,234 tokens in 2 out 0.2500 $ openai:m".split()
