"""Packs: text that people can read and compare, the same answers back, and one line on everything else."""

from __future__ import annotations

import json
import os
import random
import time
from dataclasses import replace

import pytest
from cache.packed import PORTABLE, as_is, item, recorded
from hypothesis import given
from hypothesis import settings as counted
from hypothesis import strategies as st

from askance.cache.entry import Entry, Present
from askance.cache.key import Question
from askance.cache.memory import MemoryTier
from askance.cache.packs.file import written
from askance.cache.packs.packs import Packs
from askance.cache.packs.reading import MOST_BYTES, load, read
from askance.cache.packs.travel import Travelled, travelling
from askance.cache.search import Hit
from askance.cache.tier import Shelf
from askance.cache.tiers import Cache
from askance.errors import ConfigError
from askance.gate import Gate
from askance.records import Ask, Candidate, Ledger
from askance.settings import Settings
from askance.testing import session_for_tests

MACHINE = item("git:branch", "g1", facts={"branch": "main", "head": "abc"})
WORDS = st.text(st.characters(), min_size=1, max_size=20)
"""Any characters, halves of surrogate pairs among them."""

FACTS = st.dictionaries(WORDS, st.integers(-(2**60), 2**60) | st.text(st.characters(), max_size=20), max_size=3)
ITEMS = st.builds(
    lambda source, name, title, facts, level, status: item(
        f"{source}:{name}", title=title, facts=facts, level=level, status=status
    ),
    st.sampled_from(["variables", "files", "cells", "error", "git", "packages"]),
    WORDS,
    st.text(st.characters(), max_size=9),
    FACTS,
    st.sampled_from(["name", "outline", "excerpt", "full"]),
    st.sampled_from(["sent", "lowered", "kept", "cut", "muted", "redacted"]),
)
LINES = st.lists(
    st.sampled_from(
        ["", "  ", "a \t ", "lone\rreturn", "\x00\x1b[31m", "ä文🙂", "\ud83d", "\u2028", "\u202e", '"\\', "<<<<<<< x"]
    )
    | st.text(st.characters(), max_size=30)
).map("\n".join)
ANSWERS = st.lists(
    st.builds(
        lambda text, question, items: recorded(text, *items, question=question),
        LINES,
        LINES,
        st.lists(ITEMS, max_size=4),
    ),
    max_size=3,
)


def pack(*answers, redact=as_is):
    """The bytes of a pack."""
    return written(answers, redact).encode()


def mended(value):
    """Two halves of a character that meet are one: JSON knows no difference."""
    return json.loads(json.dumps(value))


@counted(max_examples=60, deadline=None)
@given(ANSWERS)
def test_what_is_read_is_what_was_written(answers):
    """Exactly: trailing spaces, lone returns, control characters, halves of characters; and the bytes are the same again."""
    data = pack(*answers)
    found = read(data, "x")
    for one, other in zip(found, answers, strict=True):
        travelled = travelling(other.entry)
        assert (one.entry.question, one.entry.text) == (mended(travelled.question), mended(travelled.text))
        assert replace(one.entry, question="", text="", ledger=Ledger()) == replace(
            travelled, question="", text="", ledger=Ledger()
        )
        assert mended(one.entry.ledger.to_dict()) == mended(travelled.ledger.to_dict())
    assert pack(*found) == data
    assert data.endswith(b"}\n")
    assert all(line.isprintable() for line in data.decode().split("\n"))


def test_it_is_made_to_be_read_and_compared():
    """A line of an answer is a line; letters are as they are; a changed answer changes its own lines alone."""
    answers = [recorded(f"Größe {number}\n\n```python\nx = {number}\n```", item(), MACHINE) for number in range(3)]
    before = pack(*answers).decode().split("\n")
    assert '    "Größe 1",' in before
    assert '    "x = 1",' in before
    assert '   "created": "2023-11-14T22:13:20Z",' in before
    changed = [answers[0], recorded("Größe 1\n\n```python\nx = 7\n```", item(), MACHINE), answers[2]]
    after = pack(*changed).decode().split("\n")
    assert [line for line in after if line not in before] == ['    "x = 7",']
    assert len(after) == len(before)


def test_nothing_of_the_machine_travels():
    """Of its sources no more than the names; no scores, reasons and times; of what was not sent nothing at all."""
    unsent = item("variables:other", "f9", status="cut")
    text = pack(recorded("yes", item(why="@df", facts={"rows": 3}), MACHINE, unsent, created=1_700_000_000.75)).decode()
    (row,) = json.loads(text)["answers"]
    assert row["sent"] == [
        {
            "id": "variables:df",
            "level": "outline",
            "status": "sent",
            "tokens": 12,
            "fingerprint": "f1",
            "facts": {"rows": 3},
        },
        {"id": "git:branch", "level": "outline", "status": "sent", "tokens": 12},
    ]
    assert "seconds" not in text
    assert "score" not in text


def test_every_text_passes_the_gate():
    """Secrets of the environment and of known formats, wherever they stand; placeholders stay what they are."""
    secret, key = "correct-horse-battery", "sk-ant-" + "abcdefghij" * 3
    gate = Gate(lambda: [("DB_PASSWORD", secret)])
    told = item(f"files:{secret}.py", title=key, facts={"branch": secret, key: 1})
    one = recorded(f"use {secret}\nor {key}\nor <DB_PASSWORD_7>", told, question=f"why {secret}?")
    text = pack(one, redact=gate.redactor()).decode()
    assert secret not in text
    assert key not in text
    assert text.count("<DB_PASSWORD_1>") == 4
    assert "<DB_PASSWORD_7>" in text
    assert read(text.encode(), "x")[0].entry.text == "use <DB_PASSWORD_1>\nor <ANTHROPIC_KEY_1>\nor <DB_PASSWORD_7>"


WRONG = {
    b"": "line 1: not JSON",
    b"\xff\xfe": "not text in UTF-8",
    b"[]": "no pack of askance",
    b"null": "no pack of askance",
    b"{}": "no pack of askance",
    b'{"askance": 2, "answers": []}': "another version of askance (2)",
    b'{"askance": true, "answers": []}': "another version",
    b'{"askance": 1}': '"answers" is missing',
    b'{"askance": 1, "answers": {}}': '"answers" is no list',
    b'{"askance": 1, "answers": [], "more": 1}': '"more" is unknown',
    b'{"askance": 1, "answers": [3]}': "answer 1: there is no object",
    b'{"askance": 1, "answers": [NaN]}': "no pack",
    b'{"askance": ' + b"9" * 5000 + b"}": "no pack",
    b"[" * 200_000: "no pack",
    b'{"askance": 1,\n<<<<<<< ours\n': "line 2: a merge conflict",
}


@pytest.mark.parametrize("data", WRONG, ids=lambda data: repr(data[:30]))
def test_what_is_no_pack_is_one_line(data):
    """That names the file and what is wrong."""
    with pytest.raises(ConfigError) as caught:
        read(data, "answers.askance")
    assert str(caught.value).startswith("answers.askance")
    assert WRONG[data] in str(caught.value)
    assert "\n" not in str(caught.value)


FIELDS = {
    "question": [1, [1], None, "text"],
    "text": ["text", [None]],
    "portable": ["", "x", "../../etc/passwd", 3, "A" * 20],
    "thread": ["", "a\nb", 1, "x" * 300],
    "model": ["", "a\nb", "\x1b[31m", None],
    "created": ["yesterday", "2023-11-14", 5, "0000-00-00T00:00:00Z"],
    "ended": ["error", 1, ["stop"]],
    "usage": [
        {},
        {"input": 1, "output": 1, "cached": 0, "written": -1},
        [],
        {"input": 1.5, "output": 1, "cached": 0, "written": 0},
    ],
    "request": [{"budget": True, "tokens": 0, "turns": 0, "history": 0}, None],
    "named": ["x", [1]],
    "sent": [{}, [[]], [{"id": "df", "level": "full", "status": "sent", "tokens": 1, "fingerprint": "f"}]],
}


@pytest.mark.parametrize("field", FIELDS)
def test_a_wrong_field_is_one_line(field):
    """That names the answer and the field; so is a field that is missing, and one too many."""
    good = json.loads(pack(recorded("a"), recorded("b", item())))
    assert len(read(json.dumps(good).encode(), "x")) == 2
    for value in FIELDS[field]:
        good["answers"][1] |= {field: value}
        with pytest.raises(ConfigError, match=r"^x, answer 2: ") as caught:
            read(json.dumps(good).encode(), "x")
        assert "\n" not in str(caught.value)
    del good["answers"][1][field]
    with pytest.raises(ConfigError, match=f'answer 2: "{field}" is missing'):
        read(json.dumps(good).encode(), "x")


def test_an_item_needs_its_fingerprint():
    """Only what tells of the machine may come without one: else an answer would hold for ever."""
    good = json.loads(pack(recorded("a", item())))
    row = good["answers"][0]["sent"][0]
    for changes in (
        {"fingerprint": ""},
        {"fingerprint": None},
        {"level": "all"},
        {"status": "cut"},
        {"facts": {"a": 0.5}},
    ):
        good["answers"][0]["sent"][0] = row | changes
        with pytest.raises(ConfigError, match="answer 1"):
            read(json.dumps(good).encode(), "x")


@pytest.mark.parametrize("count", [300, pytest.param(5000, marks=pytest.mark.full)])
def test_damage_is_a_line_or_a_pack(count):
    """Bytes changed, cut, doubled at random: an error of ours, or answers that are text; never anything else."""
    chance = random.Random(5)
    whole = pack(*(recorded(f"answer {n}\n\ttext", item(), MACHINE) for n in range(4)))
    refused = 0
    for _ in range(count):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            place = chance.randrange(len(data))
            kind = chance.randrange(3)
            if kind == 0:
                data[place] = chance.randrange(256)
            elif kind == 1:
                del data[place : place + chance.randint(1, 200)]
            else:
                data[place:place] = data[place : place + chance.randint(1, 200)]
        try:
            found = read(bytes(data), "x")
        except ConfigError as error:
            refused += "\n" not in str(error)
        else:
            refused += all(type(one.entry.text) is str for one in found)
    assert refused == count


def test_only_files_of_a_bearable_size_are_read(tmp_path):
    """A larger one, a folder, a pipe, one that is not there."""
    large = tmp_path / "large.askance"
    with large.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    os.mkfifo(tmp_path / "pipe")
    for name, words in {
        "large.askance": "larger than",
        "pipe": "not a file",
        ".": "not a file",
        "none": "No such",
    }.items():
        with pytest.raises(ConfigError, match=words):
            load(tmp_path / name)


class World:
    """Things by id, with their fingerprints."""

    def __init__(self, fingerprints, named=()):
        self._fingerprints, self._named = fingerprints, named

    def fingerprint(self, source, name):
        return self._fingerprints.get(f"{source}:{name}")

    def facts(self, source, name):
        return {}

    def kind(self, source, name):
        return None

    def named(self, names):
        return self._named


def question(**options):
    return Question.of(Ask(question="why?", **({"model": "openai:gpt-x"} | options)), (), ())


@pytest.fixture
def packs(tmp_path):
    """Packs with a recording of one answer, and nothing imported."""
    named = recorded("recorded", item(), MACHINE, portable=question().portable)
    (tmp_path / "answers.askance").write_bytes(pack(named))
    return Packs(tmp_path / "packs", tmp_path / "answers.askance")


def looked_up(packs, world, recorded=True, **options):
    cache = Cache([Shelf(MemoryTier(10, 10**6), 60)], packs)
    return cache.lookup(question(**options), World(world), recorded=recorded, default="model" not in options)


def test_a_recorded_answer_holds_on_another_machine(packs):
    """At any age, whatever its branch, by whatever model; but not for another value, and not unless it is asked for."""
    hit = looked_up(packs, {"variables:df": "f1", "git:branch": "another"})
    assert isinstance(hit, Hit)
    assert (hit.tier, hit.entry.text) == ("pack", "recorded")
    assert looked_up(packs, {"variables:df": "f2"}).why == "df changed"
    assert looked_up(packs, {"variables:df": "f1"}, recorded=False).why == "not asked before"
    assert looked_up(packs, {"variables:df": "f1"}, model="local").why == "answered by openai:gpt-x alone, not by local"


def test_a_miss_names_the_file(packs, tmp_path):
    """That does not have the question, or is not there, or cannot be read."""
    path = tmp_path / "answers.askance"
    assert looked_up(packs, {}, context="none").why == "answers.askance does not have this question"
    path.write_text("<<<<<<< ours\n")
    assert "answers.askance, line 1: a merge conflict" in looked_up(packs, {}).why
    path.unlink()
    assert looked_up(packs, {}).why == f"there is no {path}"


def test_a_file_is_read_again_when_it_is_another(packs, tmp_path):
    """And only then."""
    assert packs.find(question().portable, recorded=True)[0].text == "recorded"
    path = tmp_path / "answers.askance"
    path.write_bytes(pack(recorded("recorded anew", item(), portable=question().portable)))
    found = packs.find(question().portable, recorded=True)
    assert [entry.text for entry in found] == ["recorded anew"]
    assert packs.find(question().portable, recorded=True)[0] is found[0]


def test_import_and_clear(packs, tmp_path):
    """What was imported is asked by everybody, kept for its owner alone, and shared by kernels."""
    other = tmp_path / "course.askance"
    other.write_bytes(pack(recorded("a", portable="ab" * 10), recorded("b", portable="cd" * 10)))
    assert packs.add(other) == 2
    assert packs.add(other) == 2
    other.unlink()
    again = Packs(tmp_path / "packs")
    assert [entry.text for entry in again.find("ab" * 10)] == ["a"]
    assert again.stats()["entries"] == 2
    (kept,) = (tmp_path / "packs").iterdir()
    assert [path.stat().st_mode & 0o777 for path in (tmp_path / "packs", kept)] == [0o700, 0o600]
    packs.clear()
    assert again.find("ab" * 10) == []
    assert again.stats() == {"entries": 0, "bytes": 0}


def test_what_cannot_be_imported_changes_nothing(packs, tmp_path):
    """Not a pack; or no place for it."""
    other = tmp_path / "course.askance"
    other.write_text("{}")
    with pytest.raises(ConfigError, match="no pack"):
        packs.add(other)
    assert not (tmp_path / "packs").exists()
    (tmp_path / "packs").write_text("a file")
    other.write_bytes(pack(recorded()))
    with pytest.raises(ConfigError, match="cannot be kept"):
        packs.add(other)


def test_a_damaged_import_is_told(packs, tmp_path):
    """It gives nothing, the others do; strangers and links are not looked at."""
    for text in "ab":
        (tmp_path / "course.askance").write_bytes(pack(recorded(text, portable="ab" * 10)))
        packs.add(tmp_path / "course.askance")
    kept = sorted((tmp_path / "packs").iterdir())
    damaged = kept[0].read_bytes().replace(b'"a"', b'"evil"').replace(b'"b"', b'"evil"')
    kept[0].write_bytes(damaged)
    (tmp_path / "packs" / "link.askance").symlink_to(tmp_path / "course.askance")
    assert len(packs.find("ab" * 10)) == 1
    assert packs.find("ab" * 10)[0].text in "ab"
    assert "is damaged; type: %askcache clear packs" in packs.problem


def test_a_cell_is_known_by_its_text():
    """Front ends give it an id, programs that execute notebooks another, or none."""
    entry = recorded("x", item("cells:id-in-the-browser", "f1")).entry
    (line,) = travelling(entry).ledger.items
    assert line.id == "cells:#f1"
    assert travelling(travelling(entry)) == travelling(entry)
    named = replace(
        entry,
        ledger=replace(entry.ledger, named=("cells:id-in-the-browser", "error:error", "git:branch", "files:a.py")),
    )
    assert travelling(named).ledger.named == ("cells:#f1", "error:error")
    world = World({"cells:elsewhere": "f1", "cells:#f1": "f1"}, named=["cells:elsewhere"])
    assert list(travelling(named).changes(Travelled(Present(world, ())))) == []
    another = World({"cells:elsewhere": "f2", "cells:#f1": "f1"}, named=["cells:elsewhere"])
    assert [one.words for one in travelling(named).changes(Travelled(Present(another, ())))] == [
        "another cell has that number now"
    ]


def test_hostile_texts_stay_texts():
    """What a pack says of markup, of code, of models, is no more than that."""
    hostile = "<img src=x onerror=alert(1)>{__import__('os')}"
    one = recorded(hostile, item(f"variables:{hostile}", facts={hostile: hostile}), question=hostile)
    (found,) = read(pack(replace(one, entry=replace(one.entry, model=hostile))), "x")
    assert isinstance(found.entry, Entry)
    assert found.entry.text == found.entry.model == hostile
    assert found.portable == PORTABLE


class SlowSource:
    """A variable that takes its time to say how it is."""

    name = "variables"
    seconds = 0.0

    async def collect(self, ask):
        return [Candidate(source=self.name, name="x", render=lambda level: "x", fingerprint=lambda: "f1")]

    def fingerprint(self, name):
        time.sleep(self.seconds)
        return "f1"


def test_a_recorded_answer_is_waited_for():
    """Where no model may be asked, a slow look is better than none."""
    source = SlowSource()
    session = session_for_tests("Yes.", sources=[source], settings=Settings(gather_deadline=0.2))
    session.ask("what is @x?")
    source.seconds = 0.5
    assert session.ask("what is @x?", replay=True).cached == "memory"
    assert session.ask("what is @x?").cached is None
