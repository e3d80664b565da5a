"""Which calls conflict, by the names of what they touch."""

import pytest

from askance.records import Ask, Privacy
from askance.tools.base import NOTHING, Touches
from askance.tools.graph import conflict, normal, withheld


def touches(reads=(), writes=()):
    return Touches(reads=frozenset(reads), writes=frozenset(writes))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("files:a.py", "files:a.py", True),
        ("files:a.py", "files:b.py", False),
        ("files:a.py", "variables:a.py", False),
        ("variables:*", "variables:df", True),
        ("variables:*", "files:df", False),
        ("variables:d*", "variables:df", True),
        ("variables:d*", "variables:e", False),
        ("variables:d*", "variables:df*", True),
        ("*", "anything at all", True),
        ("*", "*", True),
        ("files:data/", "files:data/x.csv", True),
        ("files:data/", "files:data/", True),
        ("files:data/", "files:data", True),
        ("files:data/", "files:database.csv", False),
        ("files:data", "files:data/x.csv", False),
        ("files:./data//x.csv", "files:data/x.csv", True),
        ("files:data/../x.csv", "files:x.csv", True),
        ("files:data\\x.csv", "files:data/x.csv", True),
        ("files:./", "files:x.csv", True),
        ("mail", "mail", True),
        ("mail", "mailbox", False),
    ],
)
def test_two_names_stand_for_the_same_or_not(one, other, meet):
    """Whichever of them is changed, and whichever comes first."""
    for first, second in ((one, other), (other, one)):
        assert conflict(touches(writes=[first]), touches(reads=[second])) is meet
        assert conflict(touches(reads=[first]), touches(writes=[second])) is meet
        assert conflict(touches(writes=[first]), touches(writes=[second])) is meet
        assert not conflict(touches(reads=[first]), touches(reads=[second]))


def test_what_touches_nothing_waits_for_nothing():
    """Not even for what changes everything."""
    assert not conflict(NOTHING, touches(reads=["*"], writes=["*"]))


@pytest.mark.parametrize(
    ("name", "usual"), [("files:a/./b", "files:a/b"), ("files:a/", "files:a/"), ("git:./x", "git:./x")]
)
def test_a_file_has_one_name(name, usual):
    """Other resources keep theirs."""
    assert normal(name) == usual


@pytest.mark.parametrize(
    ("resource", "is_withheld"),
    [
        ("files:secret/keys.txt", True),
        ("files:./secret/../secret/keys.txt", True),
        ("files:a.txt", False),
        ("variables:salaries", True),
        ("variables:*", False),
        ("git:log", True),
        ("git", True),
        ("*", False),
        ("cells:3", True),
    ],
)
def test_what_the_user_withholds_is_not_touched(resource, is_withheld):
    """By folder, by name, by source; whatever is muted as well. Read or changed."""
    privacy = Privacy(never=("secret/", "salaries", "git"))
    ask = Ask(question="?", model="local", privacy=privacy, mutes=frozenset(["cells:3"]))
    assert withheld(ask, touches(reads=[resource])) is is_withheld
    assert withheld(ask, touches(writes=["mail", resource])) is is_withheld
