"""The folder is one user's, on one machine; else answers stay in memory, and one line says why."""

import os
import stat
import sys
from pathlib import Path

import pytest

from askance.cache.disk.mounts import mounted, shared
from askance.cache.disk.tier import DiskTier
from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.records import Ledger

KEPT = Kept.of("key", [Entry(question="why?", text="The answer.", model="local", ledger=Ledger())])
STRANGER = 12345

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes, owners and mounts are POSIX's")


def mount(point, kind, options="rw"):
    """A line of /proc/self/mountinfo; spaces are told in octal there."""
    place = str(point).replace(" ", "\\040")
    return f"36 35 98:0 / {place} {options} shared:1 - {kind} device {options}\n"


def tier_in(tmp_path, mounts=""):
    """A tier in `a folder`, with a temporary folder beside."""
    root = mount("/", "ext4")
    return DiskTier(tmp_path / "a folder" / "answers", temporary=tmp_path / "temporary", mounts=lambda: root + mounts)


def modes(folder):
    """Of a folder and of all above it that the test made."""
    return [stat.S_IMODE(path.lstat().st_mode) for path in (folder, folder.parent)]


CASES = {}


def case(is_kept, line=""):
    """Names a case, and says what must come of it."""

    def add(prepare):
        CASES[prepare.__name__] = (prepare, is_kept, line)
        return prepare

    return add


@case(is_kept="a folder/answers")
def nothing_is_there(tmp_path):
    """It is made."""


@case(is_kept="a folder/answers")
def others_may_read(tmp_path):
    """It is closed to them."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True, mode=0o755)


@case(is_kept="", line="others may write to {folder}. Type: !rm -r '{folder}', then: %askcache clear")
def all_may_write(tmp_path):
    """They may have planted rows."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True)
    (tmp_path / "a folder" / "answers").chmod(0o777)


@case(is_kept="", line="others may write to {folder}. Type: !rm -r '{folder}', then: %askcache clear")
def the_group_may_write(tmp_path):
    """The group, too."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True)
    (tmp_path / "a folder" / "answers").chmod(0o720)


@case(is_kept="", line="{folder} belongs to somebody else. Set ASKANCE_CACHE_DIR to a folder of yours")
def it_belongs_to_another(tmp_path):
    """They could read it, and plant rows."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True)
    os.chown(tmp_path / "a folder" / "answers", STRANGER, STRANGER)


@case(is_kept="", line="{folder} is a link, not a folder. Remove it, then type: %askcache clear")
def it_is_a_link(tmp_path):
    """It might point anywhere."""
    (tmp_path / "real").mkdir(mode=0o700)
    (tmp_path / "a folder").mkdir()
    (tmp_path / "a folder" / "answers").symlink_to(tmp_path / "real")


@case(is_kept="", line="{folder}/cache.db is not a file of ours. Type: %askcache clear")
def the_database_is_a_link(tmp_path):
    """It might be anything of the user's."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True, mode=0o700)
    (tmp_path / "real").write_text("mine")
    (tmp_path / "a folder" / "answers" / "cache.db").symlink_to(tmp_path / "real")


@case(is_kept="", line="{folder}/cache.db-wal is not a file of ours. Type: %askcache clear")
def the_log_is_another_name_of_a_file(tmp_path):
    """A hard link."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True, mode=0o700)
    (tmp_path / "real").write_text("mine")
    os.link(tmp_path / "real", tmp_path / "a folder" / "answers" / "cache.db-wal")


@case(is_kept="", line="{folder}/cache.db is not a file of ours. Type: %askcache clear")
def the_database_belongs_to_another(tmp_path):
    """In a folder of ours."""
    (tmp_path / "a folder" / "answers").mkdir(parents=True, mode=0o700)
    (tmp_path / "a folder" / "answers" / "cache.db").touch()
    os.chown(tmp_path / "a folder" / "answers" / "cache.db", STRANGER, STRANGER)


@case(is_kept="temporary/askance-{uid}/answers")
def it_is_on_a_network_file_system(tmp_path):
    """Then it is kept on this machine."""
    return mount(tmp_path, "ext4") + mount(tmp_path / "a folder", "nfs4")


@case(
    is_kept="",
    line="{folder} is on a network file system (cifs). Set ASKANCE_CACHE_DIR to a folder on a local disk",
)
def all_is_on_a_network_file_system(tmp_path):
    """Temporary files, too."""
    return mount(tmp_path, "cifs")


@case(is_kept="", line="{temporary} belongs to somebody else. Set ASKANCE_CACHE_DIR to a folder of yours")
def somebody_was_first_among_the_temporary_files(tmp_path):
    """Its name is easy to guess."""
    (tmp_path / "temporary" / f"askance-{os.geteuid()}").mkdir(parents=True, mode=0o700)
    os.chown(tmp_path / "temporary" / f"askance-{os.geteuid()}", STRANGER, STRANGER)
    return mount(tmp_path / "a folder", "fuse.sshfs")


@case(is_kept="", line="others may write to {temporary}. Type: !rm -r {temporary}, then: %askcache clear")
def all_may_write_among_the_temporary_files(tmp_path):
    """Its name is easy to guess."""
    (tmp_path / "temporary" / f"askance-{os.geteuid()}").mkdir(parents=True)
    (tmp_path / "temporary" / f"askance-{os.geteuid()}").chmod(0o777)
    return mount(tmp_path / "a folder", "lustre")


@pytest.mark.parametrize("name", CASES)
def test_where_answers_are_kept(tmp_path, name):
    """On a private folder of this machine, or nowhere; the line says what to type."""
    prepare, is_kept, line = CASES[name]
    try:
        tier = tier_in(tmp_path, prepare(tmp_path) or "")
    except PermissionError:
        pytest.skip("only root gives files to others")
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None) == bool(is_kept)
    expected = {
        "folder": tmp_path / "a folder" / "answers",
        "temporary": tmp_path / f"temporary/askance-{os.geteuid()}",
    }
    assert tier.problem == (f"disk cache off: {line.format(**expected)}" if line else "")
    tier.close()
    held = [path.parent for path in tmp_path.rglob("cache.db") if path.stat().st_size and path.parent.name == "answers"]
    if is_kept:
        assert held == [tmp_path / is_kept.format(uid=os.geteuid())]
        assert modes(held[0])[0] == 0o700
    else:
        assert not any(path.stat().st_size > 4 for path in tmp_path.rglob("cache.db*"))
    assert not (tmp_path / "real").is_file() or (tmp_path / "real").read_text() == "mine"


def test_clearing_removes_a_planted_link_and_begins(tmp_path):
    """The link goes, what it points to stays."""
    the_database_is_a_link(tmp_path)
    tier = tier_in(tmp_path)
    assert tier.get("key") is None
    tier.clear()
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None, tier.problem) == (True, "")
    assert (tmp_path / "real").read_text() == "mine"


def test_clearing_after_what_the_line_says_begins(tmp_path):
    """Once nobody else may write there."""
    all_may_write(tmp_path)
    tier = tier_in(tmp_path)
    tier.clear()
    assert tier.problem
    (tmp_path / "a folder" / "answers").rmdir()
    tier.clear()
    tier.set("key", KEPT, 60)
    assert (tier.get("key") is not None, tier.problem) == (True, "")


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([("/", "ext4"), ("/home", "nfs")], "nfs"),
        ([("/", "nfs4"), ("/home/me", "ext4")], ""),
        ([("/", "ext4"), ("/home/me", "nfs"), ("/home/me/.cache", "tmpfs")], ""),
        ([("/", "ext4"), ("/home/m", "nfs"), ("/home/me/.cac", "nfs"), ("/hom", "nfs")], ""),
        ([("/", "ext4"), ("/home/me", "ext4"), ("/home/me", "smb3")], "smb3"),
        ([("/", "ext4"), ("/home/me", "smb3"), ("/home/me", "xfs")], ""),
        ([("/", "overlay")], ""),
        ([("/", "9p")], "9p"),
        ([("/", "ext4"), ("/home/me", "fuse.sshfs")], "fuse.sshfs"),
        ([("/", "ext4"), ("/home/me", "fuse.rclone")], "fuse.rclone"),
        ([("/", "ext4"), ("/home/me", "fuse.gocryptfs")], ""),
        ([("/", "ext4"), ("/home/me", "fuseblk")], ""),
        ([("/", "ext4"), ("/home/me/.cache/a b", "gpfs")], "gpfs"),
        ([], ""),
    ],
)
def test_the_longest_mount_point_tells_the_file_system(lines, kind):
    """The last of those on one point; names are whole; spaces are octal."""
    path = Path("/home/me/.cache/a b/askance")
    assert shared(path, "".join(mount(*line) for line in lines) + "damaged line\n\n") == kind


def test_a_link_is_followed_to_its_file_system(tmp_path):
    """A home that links to a server's."""
    (tmp_path / "server").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "server")
    mounts = mount("/", "ext4") + mount(tmp_path / "server", "afs")
    assert shared(tmp_path / "home" / "answers", mounts) == "afs"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_this_system_tells_its_mounts():
    """The root is always there."""
    assert any(line.split(" ")[4] == "/" for line in mounted().splitlines())
