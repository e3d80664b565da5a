"""Answers are found while they hold, and a miss says why."""

import asyncio

from askance.cache.disk.tier import DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.cache.key import Question
from askance.cache.memory import MemoryTier
from askance.cache.search import Hit
from askance.cache.tier import Shelf
from askance.cache.tiers import Cache
from askance.records import Ask, Item, Ledger, Privacy
from askance.testing import FakeClock

NOW = 1_000_000.0


def question(words="k", turns=(), **options):
    return Question.of(Ask(question=words, model="local", **options), turns, turns)


def cached(*tiers, clock=lambda: NOW):
    return Cache([Shelf(tier, 60) for tier in tiers], wall_clock=clock)


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
    return Entry(question="k", text=text, model="local", ledger=Ledger(items=items), created=NOW)


class World:
    """Variables by name, with their fingerprints."""

    def __init__(self, fingerprints):
        self._fingerprints = fingerprints

    def fingerprint(self, source, name):
        return self._fingerprints.get(name)

    def facts(self, source, name):
        return {}

    def kind(self, source, name):
        return None

    def named(self, names):
        return {f"variables:{name}" for name in names if name in self._fingerprints}


def test_a_hit_needs_every_fingerprint():
    """One changed variable is a miss that names it."""
    cache = cached(MemoryTier(10, 100_000))
    cache.store(question(), entry(df="1", x="2"))
    world = {"df": "1", "x": "2"}
    assert isinstance(cache.lookup(question(), World(world)), Hit)
    world["df"] = "3"
    assert cache.lookup(question(), World(world)).why == "df changed"
    del world["df"]
    assert cache.lookup(question(), World(world)).why == "df gone"
    assert cache.lookup(question("other"), World({})).why == "not asked before"


def test_undoing_a_change_finds_the_old_answer():
    """Several states of the world are kept."""
    cache = cached(MemoryTier(10, 100_000))
    cache.store(question(), entry("old", df="1"))
    cache.store(question(), entry("new", df="2"))
    found = cache.lookup(question(), World({"df": "1"}))
    assert isinstance(found, Hit)
    assert found.entry.text == "old"


def test_a_second_kernel_finds_it_on_disk_and_keeps_it(tmp_path):
    """What the disk knows is brought into memory."""
    cached(MemoryTier(10, 100_000), DiskTier(tmp_path / "c")).store(question(), entry(df="1"))
    cache = cached(MemoryTier(10, 100_000), DiskTier(tmp_path / "c"))

    async def twice():
        tiers = [(await cache.find(question(), World({"df": "1"}))).tier]
        await cache.flush()
        return [*tiers, (await cache.find(question(), World({"df": "1"}))).tier]

    tiers = asyncio.run(twice())
    assert tiers == ["disk", "memory"]
    assert cache.stats()["hits"] == {"memory": 1, "disk": 1, "pack": 0}


def test_memory_is_bounded_and_forgets():
    """In entries, in bytes, in time; the least recently used goes first."""
    clock = FakeClock()
    tier = MemoryTier(3, 100, clock)
    for key in "abc":
        tier.set(key, Kept(key * 10), 60)
    tier.get("a")
    tier.set("d", Kept("d" * 10), 60)
    assert [tier.get(key) is not None for key in "abcd"] == [True, False, True, True]
    tier.set("large", Kept("x" * 101), 60)
    assert tier.get("large") is None
    tier.set("half", Kept("x" * 95), 60)
    assert tier.stats() == {"entries": 1, "bytes": 95}
    clock.move(61)
    assert tier.get("half") is None
    assert tier.stats() == {"entries": 0, "bytes": 0}


def test_the_key_knows_the_question_and_the_conversation():
    """But not the cell it is asked in."""
    from askance.threads.turn import Turn

    turns = [Turn(question="a", answer="b")]
    assert question("why?").key == question("why?\n", cell="c", fresh=True, replay=True).key
    named = [question("why?"), question("how?"), question("why?", turns), question("why?", privacy=Privacy(most=1))]
    other = Question.of(Ask(question="why?", model="x", budget=5), (), ())
    assert len({one.key for one in [*named, other]}) == 5
    assert other.portable == named[0].portable == named[3].portable
    assert len({one.portable for one in named[:3]}) == 3
