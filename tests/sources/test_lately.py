"""What was worked on lately: tabs and edits, merged by time."""

from askance.index.recent import difference
from askance.sources.base import StaticState
from askance.sources.lately import Lately


def test_tabs_and_edits_merge_by_time():
    """An edit is later than a tab that stood in front before it, and earlier than one that came to the front since."""
    told, edits, now = ["a.py", "b.py"], [], [100.0]
    lately = Lately(StaticState(recent_files=told), lambda: edits, lambda: now[0])
    assert lately.files() == ("a.py", "b.py")
    edits.insert(0, difference("c.py", "x = 1", "x = 2", 150.0))
    now[0] = 200.0
    assert lately.files() == ("c.py", "a.py", "b.py")
    told[:] = ["b.py", "a.py"]
    assert lately.files() == ("b.py", "c.py", "a.py")


def test_no_more_than_fifty():
    """The oldest go first."""
    lately = Lately(StaticState(recent_files=[f"{number}.py" for number in range(60)]), list, lambda: 1.0)
    assert lately.files() == tuple(f"{number}.py" for number in range(50))
