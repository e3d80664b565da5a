"""What a notebook is given is written down: in the order of asking, once for a burst, and nothing of it is lost."""

from __future__ import annotations

import os
import threading
from dataclasses import replace

import pytest
from cache.packed import as_is, item, recorded

from askance.cache.given import MOST, Given
from askance.cache.key import Question
from askance.cache.notices import Notices
from askance.cache.packs.file import written
from askance.cache.packs.reading import load
from askance.cache.packs.recording import VARIANTS, Recording, merged
from askance.lock import FileLock
from askance.records import Ask


def asked(words, cell=None, id_="", **options):
    ask = Ask(question=words, model="openai:gpt-x", cell=cell, id=id_ or words, **options)
    return ask, Question.of(ask, (), ())


def give(given, words, text, *items, **where):
    ask, question = asked(words, **where)
    given.begin(ask, question)
    given.add(ask, question, recorded(text, *items, question=words).entry)


def texts(answers):
    return [one.entry.text for one in answers]


@pytest.fixture
def writes(tmp_path):
    """A recording, and what it is given."""
    given = Given()
    recording = Recording(tmp_path / "answers.askance", given, lambda: as_is, tmp_path / "locks" / "one.lock")
    given.follow = recording.soon
    return recording, given


def test_answers_stand_in_the_order_of_asking():
    """However long each takes; one that never came has no place."""
    given = Given()
    asks = [asked(words) for words in ("one", "two", "three")]
    for ask, question in asks:
        given.begin(ask, question)
    for number in (2, 0):
        given.add(*asks[number], recorded(str(number)).entry)
    assert texts(given.all()) == ["0", "2"]
    assert given.lacking == 1


def test_a_cell_has_one_answer():
    """Its latest, in its first place; what it asked before is forgotten."""
    given = Given()
    give(given, "why?", "a", cell="c1")
    give(given, "how?", "b", cell="c2")
    give(given, "why not?", "c", cell="c1")
    assert texts(given.all()) == ["c", "b"]


def test_without_cells_a_question_has_one_answer_for_each_state_of_the_world():
    """The machine's state apart: asked again of other data, both are needed."""
    given = Given()
    give(given, "why?", "a", item(fingerprint="f1"), id_="1")
    give(given, "why?", "b", item(fingerprint="f2"), id_="2")
    give(given, "why?", "c", item(fingerprint="f2"), item("git:branch", "g"), id_="3")
    assert texts(given.all()) == ["a", "c"]


def test_what_is_remembered_is_bounded():
    """The oldest go first."""
    given = Given()
    for number in range(MOST + 5):
        give(given, f"q{number}", str(number))
    assert texts(given.all())[0] == "5"
    assert len(given.all()) == MOST


def test_merging_keeps_places_and_what_is_the_same():
    """A new answer takes the old one's place; the same answer changes nothing, not even its date; others stay."""
    before = [recorded(str(number), item(), portable=f"{number:016x}") for number in range(3)]
    newer = [
        recorded("7", item(), portable=f"{1:016x}", created=1_800_000_000.0),
        recorded("2", item(), portable=f"{2:016x}", created=1_800_000_000.0),
        recorded("new", portable=f"{9:016x}"),
    ]
    rows = merged(before, newer)
    assert texts(rows) == ["0", "7", "2", "new"]
    assert rows[2] is before[2]
    assert rows[1] is newer[0]


def test_answers_for_other_states_stay_up_to_a_number():
    """Two notebooks may share a file and a question; the newest are kept."""
    before = [recorded(str(n), item(fingerprint=str(n)), created=float(n)) for n in range(VARIANTS)]
    rows = merged(before, [recorded("new", item(fingerprint="new"))])
    assert texts(rows) == [*(str(n) for n in range(1, VARIANTS)), "new"]


def test_a_burst_is_one_write_off_the_asks_path(writes, tmp_path, monkeypatch):
    """And closing waits for it."""
    recording, given = writes
    threads = []
    own = Recording._merge
    monkeypatch.setattr(Recording, "_merge", lambda self: (threads.append(threading.current_thread()), own(self)))
    for number in range(20):
        give(given, f"q{number}", str(number))
    assert not (tmp_path / "answers.askance").exists()
    recording.close()
    assert len(threads) == 1
    assert texts(load(tmp_path / "answers.askance")[1]) == [str(number) for number in range(20)]
    recording.close()
    assert len(threads) == 1
    assert os.listdir(tmp_path / "locks") == []


def test_a_timer_writes_it(writes, tmp_path):
    """Without being closed: a kernel may be killed."""
    from kernel.live import wait_for

    give(writes[1], "q", "a")
    assert wait_for((tmp_path / "answers.askance").exists)
    assert writes[0].problem == ""


def test_at_the_interpreters_end_closing_writes_it(writes, tmp_path, monkeypatch):
    """When no thread can be started any more."""

    def refused(self):
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refused)
    give(writes[1], "q", "a")
    writes[0].close()
    assert texts(load(tmp_path / "answers.askance")[1]) == ["a"]


def test_two_kernels_share_a_file(tmp_path):
    """Whoever writes last keeps what the other wrote."""
    path = tmp_path / "answers.askance"
    kernels = []
    for name in ("a", "b"):
        given = Given()
        kernels.append((Recording(path, given, lambda: as_is, tmp_path / "lock"), given))
        give(given, name, name)
    for recording, _ in kernels:
        recording._write()
    give(kernels[0][1], "c", "c")
    kernels[0][0]._write()
    assert sorted(texts(load(path)[1])) == ["a", "b", "c"]


def test_many_kernels_at_once_lose_nothing(tmp_path):
    """Each waits for its turn."""
    path, given = tmp_path / "answers.askance", [Given() for _ in range(8)]
    recordings = [Recording(path, one, lambda: as_is, tmp_path / "lock") for one in given]
    for number, one in enumerate(given):
        give(one, str(number), str(number))
    threads = [threading.Thread(target=recording._write) for recording in recordings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(texts(load(path)[1])) == [str(number) for number in range(8)]
    assert not [name for name in os.listdir(tmp_path) if name != "answers.askance"]


def test_what_is_no_pack_is_left_alone(writes, tmp_path):
    """And told; once it is gone, all is written."""
    recording, given = writes
    path = tmp_path / "answers.askance"
    path.write_text("<<<<<<< ours\n")
    give(given, "q", "a")
    recording._write()
    assert path.read_text() == "<<<<<<< ours\n"
    assert recording.problem.startswith("answers are not recorded: answers.askance, line 1: a merge conflict")
    path.unlink()
    recording._write()
    assert recording.problem == ""
    assert texts(load(path)[1]) == ["a"]


def test_a_folder_that_is_not_there_is_told_before_the_first_answer(tmp_path):
    """And nothing is raised when there are some."""
    given = Given()
    recording = Recording(tmp_path / "gone" / "answers.askance", given, lambda: as_is, tmp_path / "lock")
    assert "cannot be written (there is no such folder)" in recording.problem
    give(given, "q", "a")
    recording._write()
    assert "cannot be written (No such file or directory)" in recording.problem


def test_a_link_stays_a_link_and_an_unchanged_file_is_not_touched(writes, tmp_path):
    """The file it leads to is written."""
    recording, given = writes
    (tmp_path / "elsewhere").write_text(written([], as_is))
    recording.path.symlink_to(tmp_path / "elsewhere")
    give(given, "q", "a")
    recording._write()
    assert recording.path.is_symlink()
    stamp = (tmp_path / "elsewhere").stat()
    assert texts(load(tmp_path / "elsewhere")[1]) == ["a"]
    recording._write()
    assert (tmp_path / "elsewhere").stat() == stamp


def test_a_lock_that_is_not_to_be_had_keeps_nobody_from_writing(tmp_path, monkeypatch):
    """For longer than a moment: its holder may hang."""
    monkeypatch.setattr("askance.cache.packs.recording.PATIENCE", 0.1)
    other = FileLock(tmp_path / "lock")
    assert other.take()
    given = Given()
    recording = Recording(tmp_path / "answers.askance", given, lambda: as_is, tmp_path / "lock")
    give(given, "q", "a")
    recording._write()
    assert texts(load(tmp_path / "answers.askance")[1]) == ["a"]
    other.release()


def test_another_answer_can_be_preferred(writes, tmp_path):
    """It takes the place of the one that was given."""
    recording, given = writes
    give(given, "q", "a", item())
    (one,) = given.all()
    given.put(one, replace(one.entry, text="b"))
    recording._write()
    assert texts(load(tmp_path / "answers.askance")[1]) == ["b"]


def test_a_problem_is_told_once():
    """However its words change."""
    notices = Notices()
    assert notices.news({}) == ""
    assert notices.news({"disk": "disk cache off: full."}) == "disk cache off: full"
    assert notices.news({"disk": "disk cache off: fuller", "redis": "no answer"}) == "no answer"
    assert notices.news({"disk": "x", "redis": "y"}) == ""
