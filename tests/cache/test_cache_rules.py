"""What counts, for how long, in which order; and what is said and counted of it."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from askance.cache.entry import Entry
from askance.cache.given import Given
from askance.cache.kept import VARIANTS, Kept
from askance.cache.key import Question
from askance.cache.memory import MemoryTier
from askance.cache.tallies import Tallies
from askance.cache.tiers import GRACE, Cache, Shelf
from askance.cache.why import Miss, span
from askance.providers.prices import cost
from askance.providers.replay import ReplayProvider
from askance.records import Ask, EndChunk, Item, Ledger, Privacy, Usage
from askance.sources.base import StaticState
from askance.sources.variables import VariablesSource
from askance.testing import FakeClock, session_for_tests
from askance.threads.turn import Turn

START = 1_000_000.0
TURN = (Turn(question="a", answer="b"),)


class Slow(MemoryTier):
    """Stands for a tier that is further away; its writes wait until they may go on."""

    def __init__(self, name="redis"):
        super().__init__(100, 10**6)
        self.name = name
        self.may_write = threading.Event()
        self.may_write.set()
        self.ttls = []

    def set(self, key, kept, ttl):
        assert self.may_write.wait(20)
        self.ttls.append(ttl)
        super().set(key, kept, ttl)


class World:
    """Variables by name, with their fingerprints; counts who asks."""

    def __init__(self, **fingerprints):
        self.fingerprints = fingerprints
        self.asked = []

    def fingerprint(self, source, name):
        self.asked.append(name)
        return self.fingerprints.get(name)

    def facts(self, source, name):
        return {}

    def kind(self, source, name):
        return None

    def named(self, names):
        return {f"variables:{name}" for name in names if name in self.fingerprints}


def question(words="k", turns=(), base_url="", **options):
    """A question as the cache knows it."""
    return Question.of(Ask(question=words, **{"model": "local", **options}), turns, turns, base_url)


def entry(text="42", created=START, **fingerprints):
    """An answer that was told of these variables."""
    plain = {"level": "full", "tokens": 1, "score": 1.0, "parts": {}, "why": "", "status": "sent"}
    items = [Item(source="variables", name=name, fingerprint=one, **plain) for name, one in fingerprints.items()]
    return Entry(question="k", text=text, model="local", ledger=Ledger(items=tuple(items)), created=created)


def texts(cache, world=None, **options):
    """What is given, or why nothing is."""
    found = cache.lookup(question(**options), world or World())
    return found.why if isinstance(found, Miss) else found.entry.text


def test_each_tier_has_its_own_time():
    """Too old for memory, an answer still counts on disk; too old for all, the miss says so, a day long at least."""
    clock = FakeClock(START)
    disk = Slow("disk")
    cache = Cache([Shelf(MemoryTier(9, 9999), 60), Shelf(disk, 600)], wall_clock=clock)
    cache.store(question(), entry())
    assert disk.ttls == [600 + GRACE]
    clock.move(59)
    assert cache.lookup(question(), World()).tier == "memory"
    clock.move(2)
    assert cache.lookup(question(), World()).tier == "disk"
    clock.move(540)
    assert texts(cache) == "expired: 10 min old, kept for 10 min"
    assert cache.last_miss.age == 601


def test_for_ever_is_for_ever():
    """`inf` in one tier says nothing of the others."""
    clock = FakeClock(START)
    disk = Slow("disk")
    cache = Cache([Shelf(MemoryTier(9, 9999), 60), Shelf(disk, float("inf"))], wall_clock=clock)
    cache.store(question(), entry())
    clock.move(10**9)
    assert cache.lookup(question(), World()).tier == "disk"
    assert disk.ttls == [float("inf")]


def test_age_counts_from_the_answer_and_not_from_its_finding():
    """Brought up from a slower tier, it is as old as it was."""
    clock = FakeClock(START)
    fast, slow = MemoryTier(9, 9999), Slow()
    cache = Cache([Shelf(fast, 60), Shelf(slow, 60)], wall_clock=clock)
    slow.set(question().key, Kept.of(question().key, [entry()]), 60)
    clock.move(50)

    async def found():
        await cache.find(question(), World())
        await cache.flush()

    asyncio.run(found())
    assert fast.stats()["entries"] == 1
    clock.move(11)
    assert texts(cache).startswith("expired")


def test_a_clock_that_goes_back_loses_nothing():
    """An answer from the future is a fresh one; when time has come it ages as any."""
    clock = FakeClock(START - 5000)
    cache = Cache([Shelf(MemoryTier(9, 9999), 60)], wall_clock=clock)
    cache.store(question(), entry())
    assert texts(cache) == "42"
    clock.move(5061)
    assert texts(cache).startswith("expired")


def test_what_a_slower_tier_has_is_brought_up_off_the_asks_path():
    """The answer is given while the faster tiers still write it."""
    memory, disk, redis = MemoryTier(9, 9999), Slow("disk"), Slow("redis")
    cache = Cache([Shelf(memory, 60), Shelf(disk, 60), Shelf(redis, 60)], wall_clock=lambda: START)
    redis.set(question().key, Kept.of(question().key, [entry(x="1")]), 60)

    async def found():
        disk.may_write.clear()
        tiers = [(await cache.find(question(), World(x="1"))).tier]
        written = disk.stats()["entries"]
        disk.may_write.set()
        await cache.flush()
        return [*tiers, (await cache.find(question(), World(x="1"))).tier], written

    assert asyncio.run(found()) == (["redis", "memory"], 0)
    assert [tier.stats()["entries"] for tier in (memory, disk, redis)] == [1, 1, 1]
    assert cache.tallies.hits == {"redis": 1, "memory": 1}


def test_what_is_brought_up_takes_nothing_away():
    """Another state of the world that only the faster tier knew stays there."""
    memory, redis = MemoryTier(9, 9999), Slow()
    cache = Cache([Shelf(memory, 60), Shelf(redis, 60)], wall_clock=lambda: START)
    memory.set(question().key, Kept.of(question().key, [entry("one", x="1")]), 60)
    redis.set(question().key, Kept.of(question().key, [entry("two", x="2")]), 60)

    async def found():
        await cache.find(question(), World(x="2"))
        await cache.flush()

    asyncio.run(found())
    assert [texts(cache, World(x=value)) for value in "12"] == ["one", "two"]
    assert cache.tallies.hits["memory"] == 2


def test_several_answers_to_one_question_are_kept():
    """The newest that holds is given; the oldest go; the same answer to the same is kept once."""
    memory = MemoryTier(9, 10**6)
    cache = Cache([Shelf(memory, 60)], wall_clock=lambda: START)
    cache.store(question(), entry("old", x="1"))
    cache.store(question(), entry("new", x="1"))
    assert texts(cache, World(x="1")) == "new"
    again = entry("new", START + 1, x="1")
    cache.store(question(), replace(again, ledger=replace(again.ledger, seconds={"variables": 0.1})))
    assert [one.text for one in memory.get(question().key).entries(question().key)] == ["new", "old"]
    for number in range(VARIANTS):
        cache.store(question(), entry(f"state {number}", x=f"state {number}"))
    assert [texts(cache, World(x=f"state {number}")) for number in (0, VARIANTS - 1)] == [
        "state 0",
        f"state {VARIANTS - 1}",
    ]
    assert texts(cache, World(x="1")) == "x changed"


@pytest.mark.parametrize(
    "damage", [lambda text: text[:-1], lambda text: text.replace("42", "43"), lambda text: "", str.upper]
)
def test_damaged_answers_are_deleted(damage):
    """They are a miss, in whatever tier they lie, and not looked at again."""
    memory = MemoryTier(9, 9999)
    cache = Cache([Shelf(memory, 60)], wall_clock=lambda: START)
    memory.set(question().key, Kept(damage(Kept.of(question().key, [entry()]).text)), 60)
    assert texts(cache) == "not asked before"
    assert memory.stats() == {"entries": 0, "bytes": 0}


def test_an_answer_under_another_key_is_none():
    """A row that somebody moved is damaged too."""
    memory = MemoryTier(9, 9999)
    cache = Cache([Shelf(memory, 60)], wall_clock=lambda: START)
    memory.set(question().key, Kept(Kept.of(question("other").key, [entry()]).text), 60)
    assert texts(cache) == "not asked before"


def test_each_fingerprint_is_asked_once_a_look():
    """However many answers, in however many tiers, depend on it; and none of what comes after the first that differs."""
    tiers = [MemoryTier(9, 99_999), Slow("disk")]
    cache = Cache([Shelf(tier, 60) for tier in tiers], wall_clock=lambda: START)
    for text, value in (("a", "1"), ("b", "2"), ("c", "3")):
        cache.store(question(), entry(text, x=value, y="1"))
    world = World(x="1", y="1")
    assert texts(cache, world) == "a"
    assert sorted(world.asked) == ["x", "y"]
    world = World(x="0", y="1")
    assert texts(cache, world) == "x changed"
    assert world.asked.count("x") == 1


def test_a_name_that_came_into_being_makes_a_miss():
    """The question calls it by name, and the answer knows nothing of it."""
    cache = Cache([Shelf(MemoryTier(9, 9999), 60)], wall_clock=lambda: START)
    asked = {"words": "what is @sales?", "mentions": ("sales",)}
    cache.store(question(**asked), entry())
    assert texts(cache, **asked) == "42"
    assert texts(cache, World(other="1"), **asked) == "42"
    assert texts(cache, World(sales="1"), **asked) == "sales is there now"


WAYS = [
    ({"model": "openai:x"}, "of another model"),
    ({"base_url": "http://127.0.0.1:1"}, "of another server"),
    ({"turns": TURN}, "after other turns of the conversation"),
    ({"privacy": Privacy(most=1)}, "with another privacy level"),
    ({"temperature": 0.5}, "with another temperature"),
    ({"budget": 999}, "with other sizes"),
    ({"max_output": 999}, "with other sizes"),
    ({"context": "none"}, "with other context flags"),
    ({"form": "code"}, "for another form of answer"),
    ({"form": "json", "schema": "{}"}, "for another form of answer and for another schema"),
    ({"pins": frozenset(["files:a"])}, "with other pins"),
    ({"mutes": frozenset(["files"])}, "with other mutes"),
]


@pytest.mark.parametrize(("other", "words"), WAYS)
def test_every_part_of_the_key_has_words(other, words):
    """Asked otherwise it is another question, and the miss says in which way."""
    cache = Cache([Shelf(MemoryTier(9, 9999), 60)], wall_clock=lambda: START)
    cache.store(question(), entry())
    assert texts(cache) == "42"
    assert texts(cache, **other) == f"asked before, but {words}"
    assert texts(cache) == "42"


def test_every_part_of_the_key_is_tried():
    """The table above has them all."""
    tried = {
        name for other, _ in WAYS for name, value in question(**other).parts.items() if value != question().parts[name]
    }
    assert tried == set(question().parts)


def test_a_second_look_counts_with_the_first():
    """An ask is one lookup: a miss that became a hit is a hit, a miss that stays one is told as it was."""
    cache = Cache([Shelf(MemoryTier(9, 9999), 60)], wall_clock=lambda: START)
    cache.lookup(question(), World())
    cache.lookup(question(privacy=Privacy(most=1)), World())
    assert cache.lookup(question(privacy=Privacy(most=1)), World(), again=True).why == "not asked before"
    assert cache.last_miss.why == "asked before, but with another privacy level"
    assert (cache.tallies.misses, len(cache.misses)) == (2, 2)
    cache.store(question(privacy=Privacy(most=1)), entry())
    cache.lookup(question(privacy=Privacy(most=1)), World(), again=True)
    assert (cache.tallies.misses, cache.tallies.hits["memory"]) == (1, 1)


def test_what_was_saved_is_counted_in_tokens_and_money():
    """Each answer at the price of the model that made it; one without a price saves tokens."""
    tallies = Tallies()
    usage = Usage(input=1_000_000, output=100_000)
    priced = "anthropic:claude-opus-5-5"
    assert cost(priced, usage)
    for model in (priced, priced, "openai:unknown-to-us"):
        tallies.hit("memory", replace(entry(), model=model, usage=usage))
    tallies.misses += 1
    assert tallies.tokens == 3 * 1_100_000
    assert tallies.money == pytest.approx(2 * cost(priced, usage))
    assert tallies.rate == 0.75
    assert Tallies().rate == 0


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (60, "1 min"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "120 min"),
        (3600, "1 h"),
        (7200, "2 h"),
        (86_400, "1 day"),
        (172_800, "2 days"),
        (float("inf"), "ever"),
    ],
)
def test_times_in_words(seconds, words):
    """As people say them."""
    assert span(seconds) == words


def test_a_placeholder_stands_for_what_its_own_kernel_meant():
    """In another kernel it stays a placeholder: what it stood for is nowhere, or something else."""
    secret = {"MY_API_KEY": "value-of-one-secret"}
    script = ["It is value-of-one-secret.", EndChunk("stop")]
    one, other = (
        session_for_tests(*script, environ=environ) for environ in (secret, {"MY_API_KEY": "another-secret-value"})
    )
    first = one.ask("what is value-of-one-secret?")
    kept = one.recall.cache.shelves[0].tier
    other.ask("what is another-secret-value?")
    (row,) = (held for held, _ in kept._held.values())
    assert "value-of-one-secret" not in row.text.partition('"text":')[0]
    (found,) = row.entries(next(iter(kept._held)))
    placed = replace(found, text="It is <MY_API_KEY_1>.")
    assert first.text == "It is value-of-one-secret."
    assert one.recall.texts(placed) == ("It is value-of-one-secret.", "It is <MY_API_KEY_1>.")
    assert other.recall.texts(placed) == ("It is <MY_API_KEY_1>.", "It is <MY_API_KEY_1>.")


def test_a_temperature_is_kept_by_choice():
    """Answers that the model might have given otherwise are kept, unless the user says not to."""
    from askance.settings import Settings

    for kept, requests in ((True, 1), (False, 2)):
        model = ReplayProvider(["one of many", EndChunk("stop")])
        session = session_for_tests(provider=model, settings=Settings(cache_sampled=kept))
        for _ in range(2):
            session.ask("say something", temperature=0.9)
        assert len(model.requests) == requests


def test_an_answer_without_text_is_not_kept():
    """Though its end mark came."""
    model = ReplayProvider([EndChunk("stop")])
    session = session_for_tests(provider=model)
    assert [session.ask("q").cached for _ in range(2)] == [None, None]


def test_undone_is_found_again():
    """Through a whole session: a value changes and changes back, and the first answer is given, for nothing."""
    namespace = {"x": 1}
    model = ReplayProvider(["answer", EndChunk("stop")])
    session = session_for_tests(provider=model, sources=[VariablesSource(StaticState(namespace=namespace))])
    tiers = []
    for value in (1, 2, 1, 2):
        namespace["x"] = value
        tiers.append(session.ask("what is @x?").cached)
    assert tiers == [None, None, "memory", "memory"]


def test_given_remembers_the_order_of_asking():
    """The latest answer of each cell, in the order the cells were first asked, whichever was answered first."""
    given = Given()
    asks = [Ask(question=words, model="local", cell=cell) for cell, words in (("a", "one"), ("b", "two"))]
    named = [question(ask.question) for ask in asks]
    for ask, name in zip(asks, named, strict=True):
        given.begin(ask, name)
    assert given.lacking == 2
    given.add(asks[1], named[1], entry("second", x="1"))
    given.add(asks[0], named[0], entry("first", x="1"))
    assert [one.entry.text for one in given.all()] == ["first", "second"]
    given.add(asks[1], named[1], entry("second, again", x="2"))
    assert [one.entry.text for one in given.all()] == ["first", "second, again"]
    assert given.lacking == 0
