"""Answers are found while they hold, and a miss says why."""

from askance.cache.disk import DiskTier
from askance.cache.entry import Entry
from askance.cache.key import question_key
from askance.cache.memory import MemoryTier
from askance.cache.tiers import Cache, Hit, Miss
from askance.records import Ask, Item, Ledger
from askance.testing import FakeClock


def entry(text="42", **fingerprints):
    items = tuple(
        Item(
            source="variables",
            name=name,
            level="full",
            tokens=1,
            score=1,
            parts={},
            why="",
            fingerprint=value,
            status="sent",
        )
        for name, value in fingerprints.items()
    )
    return Entry(text=text, model="local", ledger=Ledger(items=items))


class World:
    """Variables by name, with their fingerprints."""

    def __init__(self, fingerprints):
        self._fingerprints = fingerprints

    def fingerprint(self, source, name):
        return self._fingerprints.get(name)

    def facts(self, source, name):
        return {}


def test_a_hit_needs_every_fingerprint():
    """One changed variable is a miss that names it."""
    cache = Cache([MemoryTier(10, 10_000)], 60)
    cache.store("k", entry(df="1", x="2"))
    world = {"df": "1", "x": "2"}
    assert isinstance(cache.lookup("k", World(world)), Hit)
    world["df"] = "3"
    assert cache.lookup("k", World(world)) == Miss("df changed")
    del world["df"]
    assert cache.lookup("k", World(world)) == Miss("df gone")
    assert cache.lookup("other", World({})) == Miss("not asked before")


def test_undoing_a_change_finds_the_old_answer():
    """Several states of the world are kept."""
    cache = Cache([MemoryTier(10, 10_000)], 60)
    cache.store("k", entry("old", df="1"))
    cache.store("k", entry("new", df="2"))
    found = cache.lookup("k", World({"df": "1"}))
    assert isinstance(found, Hit)
    assert found.entry.text == "old"


def test_a_second_kernel_finds_it_on_disk_and_keeps_it(tmp_path):
    """What the disk knows is brought into memory."""
    Cache([MemoryTier(10, 10_000), DiskTier(tmp_path / "c")], 60).store("k", entry(df="1"))
    cache = Cache([MemoryTier(10, 10_000), DiskTier(tmp_path / "c")], 60)
    tiers = [cache.lookup("k", World({"df": "1"})).tier for _ in range(2)]
    assert tiers == ["disk", "memory"]
    assert cache.stats()["hits"] == {"memory": 1, "disk": 1}


def test_memory_is_bounded_and_forgets():
    """In entries, in bytes, in time; the least recently used goes first."""
    clock = FakeClock()
    tier = MemoryTier(3, 100, clock)
    for key in "abc":
        tier.set(key, key * 10, 60)
    tier.get("a")
    tier.set("d", "d" * 10, 60)
    assert [tier.get(key) is not None for key in "abcd"] == [True, False, True, True]
    tier.set("large", "x" * 101, 60)
    assert tier.get("large") is None
    tier.set("half", "x" * 95, 60)
    assert tier.stats() == {"entries": 1, "bytes": 95}
    clock.move(61)
    assert tier.get("half") is None
    assert tier.stats() == {"entries": 0, "bytes": 0}


def test_the_key_knows_the_question_and_the_conversation():
    """But not the cell it is asked in."""
    from askance.threads.turn import Turn

    ask = Ask(question="why?", model="local")
    turns = [Turn(question="a", answer="b")]
    assert question_key(ask, []) == question_key(Ask(question="why?\n", model="local", cell="c", fresh=True), [])
    others = [
        Ask(question="how?", model="local"),
        Ask(question="why?", model="x"),
        Ask(question="why?", model="local", privacy=1),
    ]
    keys = {question_key(other, []) for other in others} | {question_key(ask, []), question_key(ask, turns)}
    assert len(keys) == 5
