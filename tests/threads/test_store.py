"""Conversations survive their kernel, in a file for their owner's eyes only."""

import stat

import pytest

from askance.records import Ask
from askance.threads.store import ThreadStore, read, write
from askance.threads.transcript import Transcript
from askance.threads.turn import Turn


def spoken(words="1"):
    transcript = Transcript()
    asked = Ask(question="one", model="local")
    transcript.add(asked, Turn(question="one", answer=words, content="context\none"))
    return transcript


def test_a_conversation_comes_back(tmp_path):
    """For its notebook, and for no other."""
    store = ThreadStore(tmp_path / "threads", lambda: tmp_path / "a.ipynb")
    store.save(spoken("é𝄞\ud800"))
    (turn,) = ThreadStore(tmp_path / "threads", lambda: tmp_path / "a.ipynb").load().turns("main")
    assert (turn.answer, turn.content) == ("é𝄞?", "context\none")
    assert ThreadStore(tmp_path / "threads", lambda: tmp_path / "b.ipynb").load().threads() == {}


def test_only_its_owner_reads_it(tmp_path):
    """Folder 0700, file 0600, nothing unfinished beside it."""
    ThreadStore(tmp_path / "threads", lambda: tmp_path / "a.ipynb").save(spoken())
    (file,) = (tmp_path / "threads").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"askance": 1}', b"\xff\xfe", b'{"askance": 9, "threads": {}}'])
def test_a_damaged_file_is_put_aside(tmp_path, damage):
    """The kernel starts with no conversation, says why, and keeps the next one."""
    store = ThreadStore(tmp_path, lambda: tmp_path / "a.ipynb")
    store.save(spoken())
    (file,) = tmp_path.glob("*.json")
    file.write_bytes(damage)
    assert store.load().threads() == {}
    assert "could not be read" in store.problem
    assert file.with_suffix(".bad").read_bytes() == damage
    store.save(spoken())
    assert len(store.load().turns("main")) == 1


def test_without_a_notebook_nothing_is_written(tmp_path):
    """A terminal's conversation ends with it."""
    store = ThreadStore(tmp_path, lambda: None)
    store.save(spoken())
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_no_error(tmp_path):
    """It is said, nothing more."""
    (tmp_path / "threads").write_text("in the way")
    store = ThreadStore(tmp_path / "threads", lambda: tmp_path / "a.ipynb")
    store.save(spoken())
    assert "not kept" in store.problem


def test_soon_is_once(tmp_path):
    """Many turns at once are one write; `save` waits for no timer and leaves none."""
    store = ThreadStore(tmp_path, lambda: tmp_path / "a.ipynb")
    transcript = spoken()
    for _ in range(50):
        store.save_soon(transcript)
    store.save(transcript)
    assert store._timer is None
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_a_file_of_the_users_own(tmp_path):
    """Readable, and itself again."""
    path = tmp_path / "talk.json"
    write(path, spoken())
    assert '"question": "one"' in path.read_text()
    assert read(path).threads() == spoken().threads()
