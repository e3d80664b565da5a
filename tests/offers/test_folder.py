"""The folder of offers: for one user alone, and never full of what is gone."""

from __future__ import annotations

import json
import os
import socket
import warnings

import pytest

from askance.errors import ConfigError
from askance.offers.folder import Offer, folder_of_offers, offers, own, sweep, withdraw, write
from askance.offers.listening import bound


def offer(kernel="a", since=1.0, address="nowhere"):
    """An offer that nobody has to keep."""
    return Offer(kernel=kernel, since=since, address=address, token="t", countersign="c")


def test_offers_come_back_oldest_first_and_go(tmp_path):
    """What was written is found, in files that others cannot read; withdrawn, nothing is left."""
    folder = own(tmp_path / "run")
    first, second = offer("b", 1.0), offer("a", 2.0)
    write(folder, second)
    write(folder, first)
    assert offers(folder) == [first, second]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    withdraw(folder, first)
    withdraw(folder, second)
    assert list(folder.iterdir()) == []


def test_a_token_is_not_printed():
    """Neither of the two words stands in what a log would show of an offer."""
    shown = repr(Offer(kernel="a", since=1.0, address=1, token="hush", countersign="quiet"))
    assert "hush" not in shown
    assert "quiet" not in shown


@pytest.mark.parametrize("place", ["link", "file", "open"])
def test_a_folder_that_is_not_ours_alone_is_refused(tmp_path, place):
    """A link, a file, or a folder that others may look into: one line, and nothing is written or read."""
    folder = tmp_path / "run"
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    if place == "link":
        folder.symlink_to(tmp_path / "elsewhere")
    elif place == "file":
        folder.write_text("")
    else:
        folder.mkdir()
        folder.chmod(0o755)
    with pytest.raises(ConfigError, match="Set ASKANCE_RUNTIME_DIR"):
        own(folder)
    if place != "file":
        with pytest.raises(ConfigError):
            offers(folder)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_someone_elses_folder_is_refused(tmp_path, monkeypatch):
    """One that belongs to another user, or lies in a folder that does."""
    folder = own(tmp_path / "run")
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid + 1)
    with pytest.raises(ConfigError, match="run is a link, or someone else's"):
        own(folder)
    monkeypatch.undo()
    if os.getuid() == 0:
        os.chown(tmp_path, 12345, -1)
        with pytest.raises(ConfigError, match="is someone else's"):
            own(folder)
        os.chown(tmp_path, 0, -1)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "[" * 4000, '{"kernel": "a"}', "x" * 5000]
    + [
        json.dumps({"kernel": "a", "since": 1, "address": 1, "token": "t", "countersign": "c"} | change)
        for change in (
            {"kernel": "../a"},
            {"kernel": "b"},
            {"kernel": 1},
            {"since": "x"},
            {"address": None},
            {"address": True},
            {"token": None},
            {"more": 1},
        )
    ],
    ids=lambda text: text[:60],
)
def test_what_is_no_offer_is_passed_over(tmp_path, text):
    """Broken, foreign or too long: no error, and the offers beside it are found."""
    folder = own(tmp_path / "run")
    (folder / "kernel-a.json").write_text(text)
    write(folder, offer("z"))
    assert [one.kernel for one in offers(folder)] == ["z"]


def test_what_dead_kernels_left_is_swept(tmp_path):
    """A socket that refuses, one that is gone, a port that refuses: their files go; who listens stays."""
    folder = own(tmp_path / "run")
    left, gone = folder / "left.sock", folder / "gone.sock"
    bound(left)[0].close()
    free = socket.socket()
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
    free.close()
    alive, address = bound(folder / "alive.sock")
    alive.listen()
    for kernel, where in (("left", str(left)), ("gone", str(gone)), ("port", port), ("alive", address)):
        write(folder, offer(kernel, address=where))
    sweep(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["alive.sock", "kernel-alive.json"]
    alive.close()


def test_the_place_is_the_systems_unless_named(tmp_path):
    """`ASKANCE_RUNTIME_DIR` wins; without it the platform says, and no warning is printed."""
    assert folder_of_offers({"ASKANCE_RUNTIME_DIR": str(tmp_path)}) == tmp_path
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        assert folder_of_offers({}).name == "askance"
    assert warned == []
