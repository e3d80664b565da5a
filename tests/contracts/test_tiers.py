"""What holds for every tier of the cache, wherever it keeps answers."""

import threading
import time
from concurrent.futures import Future
from math import inf

import pytest
from fixtures_redis import redis_server

from askance.cache.disk.tier import DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.cache.memory import MemoryTier
from askance.cache.redis.tier import RedisTier
from askance.records import Ledger

__all__ = ["redis_server"]

NAMES = ("memory", "disk", "redis")
SHARED = ("disk", "redis")
LARGEST = 4 * 2**20


@pytest.fixture
def make(request, tmp_path):
    """Makes a tier by its name; all of one name and test share what can be shared."""
    made = []

    def new(name):
        if name == "memory":
            tier = MemoryTier(1000, LARGEST)
        elif name == "disk":
            tier = DiskTier(tmp_path / "answers")
        else:  # a busy machine is no fault here: what is asked, not how fast
            url = request.getfixturevalue("redis_server").url
            tier = RedisTier(url, wait=lambda future, seconds: Future.result(future, 30))
        made.append(tier)
        return tier

    yield new
    for tier in made:
        tier.close()


@pytest.fixture(params=NAMES)
def tier(request, make):
    """An empty tier."""
    return make(request.param)


def kept(key="key", text="The answer: 42.", count=1):
    """Answers under a key, as the cache keeps them."""
    return Kept.of(
        key, [Entry(question="why?", text=f"{text} {n}", model="local", ledger=Ledger()) for n in range(count)]
    )


def gone(tier, key):
    """Waits until a key has expired."""
    end = time.monotonic() + 30
    while tier.get(key) is not None and time.monotonic() < end:
        time.sleep(0.01)
    return tier.get(key) is None


def test_it_has_a_name_and_no_problem(tier):
    """People read both."""
    tier.get("key")
    assert tier.name in NAMES
    assert tier.problem == ""


def test_what_was_set_comes_back_to_the_letter(tier):
    """Also the empty lines, quotes and escapes of JSON; nothing is looked into."""
    for text in ("plain", 'a\n{"b": "\\u00e9\\n \\"c\\""}\n\n', "\x00\x1f tab\t", " spaces ", "0" * 64 + "\nkey"):
        tier.set("key", Kept(text), 60)
        assert tier.get("key").text == text
    assert tier.get("other") is None
    assert tier.problem == ""


def test_answers_can_be_read_again(tier):
    """With their digest; under another key they are nobody's."""
    tier.set("key", kept(text="ünï 🐍"), inf)
    assert tier.get("key").entries("key")[0].text == "ünï 🐍 0"
    assert Kept(tier.get("key").text).entries("other") == ()


def test_damaged_text_is_moved_and_holds_nothing(tier):
    """Judging it is the cache's business, for all tiers alike."""
    tier.set("key", Kept(kept().text.replace("42", "43")), 60)
    assert tier.get("key").entries("key") == ()


def test_the_newest_takes_the_place_of_what_was_there(tier):
    """Longer or shorter."""
    for text in ("first", "the second is longer", "3"):
        tier.set("key", Kept(text), 60)
    assert tier.get("key").text == "3"
    assert tier.stats()["entries"] == 1


def test_one_key_is_forgotten(tier):
    """And no other; one that is not there is no fault."""
    for key in ("a", "b"):
        tier.set(key, Kept(key), 60)
    tier.delete("a")
    tier.delete("a")
    tier.delete("never there")
    assert tier.get("a") is None
    assert tier.get("b").text == "b"
    assert tier.problem == ""


def test_all_is_forgotten_and_it_works_on(tier):
    """More than one batch of them."""
    for number in range(50):
        tier.set(f"k{number}", Kept("x"), inf)
    assert tier.stats()["entries"] == 50
    tier.clear()
    tier.clear()
    assert [tier.get(f"k{number}") for number in range(50)] == [None] * 50
    assert tier.stats()["entries"] == 0
    tier.set("k", Kept("again"), 60)
    assert tier.get("k").text == "again"


def test_it_tells_what_it_holds(tier):
    """At least the bytes of the texts; none of what is gone."""
    assert tier.stats()["entries"] == 0
    for key, size in (("a", 1000), ("b", 30_000)):
        tier.set(key, Kept("x" * size), 60)
    assert tier.stats()["entries"] == 2
    assert tier.stats()["bytes"] >= 31_000


@pytest.mark.parametrize("ttl", [0.05, 0.001])
def test_it_is_kept_for_its_time(tier, ttl):
    """Then it is gone by itself; setting it again counts from anew."""
    tier.set("short", Kept("x"), ttl)
    tier.set("long", Kept("x"), 3600.0)
    tier.set("ever", Kept("x"), inf)
    assert gone(tier, "short")
    tier.set("short", Kept("y"), 3600.0)
    assert [tier.get(key).text for key in ("short", "long", "ever")] == ["y", "x", "x"]


@pytest.mark.parametrize("ttl", [0.0, -5.0])
def test_without_time_nothing_is_kept(tier, ttl):
    """Not what was there before, either."""
    tier.set("key", Kept("before"), 60)
    tier.set("key", Kept("x"), ttl)
    assert tier.get("key") is None
    assert tier.problem == ""


@pytest.mark.parametrize("ttl", [1e9, 1e12, 1e300])
def test_any_time_may_be_named(tier, ttl):
    """Thousands of years are no fault."""
    tier.set("key", Kept("x"), ttl)
    assert tier.get("key").text == "x"
    assert tier.problem == ""


@pytest.mark.parametrize("size", [1, 30_000, 1_000_000, 3_900_000])
def test_large_answers_come_back(tier, size):
    """Whole."""
    text = ("0123456789" * (size // 10 + 1))[:size]
    tier.set("key", Kept(text), 60)
    assert tier.get("key").text == text


def test_bytes_are_bounded(make):
    """What is too large is not kept, nor what it was to replace; the rest stays (the disk: test_disk)."""
    for name in ("memory", "redis"):
        tier = make(name)
        tier.set("small", Kept("x"), 60)
        tier.set("key", Kept("before"), 60)
        tier.set("key", Kept("x" * (LARGEST + 1)), 60)
        assert tier.get("key") is None
        assert tier.get("small").text == "x"
        assert tier.problem == ""


@pytest.mark.parametrize("key", ["", "a b", "a:b", "*", "[ab]?", "a\nb", "a\\*", "x" * 500])
def test_any_key_is_one_key(tier, key):
    """No pattern, no path, no command."""
    tier.set("ab", Kept("other"), 60)
    tier.set(key, Kept("x"), 60)
    assert tier.get(key).text == "x"
    tier.delete(key)
    assert tier.get(key) is None
    assert tier.get("ab").text == "other"
    tier.set(key, Kept("x"), 60)
    tier.clear()
    assert tier.get(key) is None


@pytest.mark.parametrize("text", ["é", "\ud800", "🐍"])
def test_what_is_not_ascii_never_raises(tier, text):
    """Ours always is; what is not comes back as it was, or not at all."""
    tier.set("key", Kept(text), 60)
    found = tier.get("key")
    assert found is None or found.text == text
    tier.set("key", Kept("x"), 60)
    assert tier.get("key").text == "x"


def test_any_thread_may_use_it(tier):
    """Eight at once, each with keys of its own and one in common."""
    wrong = []

    def work(number):
        try:
            for turn in range(25):
                key, text = f"{number}-{turn % 5}", f"{number} {turn} " + "x" * 2000
                tier.set(key, Kept(text), 60)
                tier.set("common", Kept("common"), 60)
                found = tier.get(key)
                if found is None or found.text != text or tier.get("common").text != "common":
                    wrong.append((key, found))
                tier.stats()
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert tier.problem == ""
    assert tier.stats()["entries"] == 41


@pytest.mark.parametrize("name", SHARED)
def test_another_kernel_finds_it(make, name):
    """And finds it gone when it is."""
    one, other = make(name), make(name)
    one.set("key", Kept("x"), inf)
    assert other.get("key").text == "x"
    other.delete("key")
    assert one.get("key") is None
    one.set("key", Kept("y"), inf)
    one.close()
    assert make(name).get("key").text == "y"


def test_a_closed_one_raises_nothing(tier):
    """An answer may still be on its way when a kernel unloads us."""
    tier.set("key", Kept("x"), 60)
    tier.close()
    tier.close()
    tier.get("key")
    tier.set("key", Kept("x"), 60)
    tier.delete("key")
    tier.clear()
    assert set(tier.stats()) == {"entries", "bytes"}
