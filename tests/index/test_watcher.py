"""Changes of a real tree: what is reported, what is not watched, and what is said when watching fails."""

import os
import shutil
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from askance.index import watched_tree, watcher
from askance.index.project import Project
from askance.index.watcher import Watcher

linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify")


class Seen(list):
    """What was reported."""

    def until(self, path):
        """Wait up to five seconds for a path."""
        return wait(lambda: path in self)


def wait(condition):
    for _ in range(500):
        if condition():
            return True
        time.sleep(0.01)
    return False


def wanted(directory):
    return directory.rpartition("/")[2] not in {".venv", "node_modules"}


@pytest.fixture
def root(tmp_path):
    """A tree with something to leave out."""
    folder = (tmp_path / "above" / "root").resolve()
    for directory in ("a/b", ".venv/lib/deep", "a/node_modules/x"):
        (folder / directory).mkdir(parents=True)
    return folder


@pytest.fixture(params=["linux", "elsewhere"])
def seen(request, monkeypatch):
    """Reports, once as on Linux, once as on other systems."""
    if request.param == "elsewhere":
        monkeypatch.setattr(watcher, "_has_inotify", lambda: False)
    return Seen()


@pytest.fixture
def watch(root, seen, recwarn):
    """A watcher that runs, and ends without a trace."""
    handles, threads = set(os.listdir("/proc/self/fd")), set(threading.enumerate())
    made = Watcher(root, wanted, seen.append)
    assert made.start()
    yield made
    made.stop()
    assert set(threading.enumerate()) <= threads
    assert len(os.listdir("/proc/self/fd")) <= len(handles)
    # A race of watchdog's inotify observer; where that observer stands in for another system's, it is no concern of ours.
    assert not [warning for warning in recwarn.list if "already exists for watch" not in str(warning.message)]


def settled(root, seen):
    """Everything reported so far, by way of a last file."""
    (root / "last.py").write_text("")
    assert seen.until("last.py")
    found = set(seen) - {"last.py"}
    seen.clear()
    return found


def test_created_changed_moved_and_deleted_files(root, seen, watch):
    """Each shows up under its path, a move under both."""
    (root / "a/b/new.py").write_text("1")
    assert settled(root, seen) == {"a/b/new.py"}
    (root / "a/b/new.py").write_text("2")
    assert settled(root, seen) == {"a/b/new.py"}
    (root / "a/b/new.py").rename(root / "a/other.py")
    assert settled(root, seen) == {"a/b/new.py", "a/other.py"}
    (root / "a/other.py").unlink()
    assert settled(root, seen) == {"a/other.py"}
    assert (watch.alive, watch.trouble) == (True, "")


def test_reading_is_no_change(root, seen, watch):
    """Our own walks and reads report nothing; else they would feed themselves."""
    (root / "a/x.py").write_text("1")
    settled(root, seen)
    (root / "a/x.py").read_text()
    os.listdir(root / "a")
    assert settled(root, seen) == set()


@linux
def test_catching_up_waits_for_what_happened_before(root):
    """Every change made before the call was reported when it returns, whatever the threads do."""
    seen = Seen()
    watch = Watcher(root, wanted, seen.append)
    assert not watch.catch_up()
    assert watch.start()
    for number in range(300):
        (root / f"a/x{number}.py").write_text("1")
        assert watch.catch_up()
        assert f"a/x{number}.py" in seen
    shutil.rmtree(root)
    assert not watch.catch_up()
    assert not watch.alive


def test_what_is_not_wanted_is_silent(root, seen, watch):
    """Nothing below a directory that is left out, new ones included."""
    (root / ".venv/lib/deep/x.py").write_text("1")
    (root / "a/node_modules/x/y.js").write_text("1")
    (root / "a/b/node_modules/z").mkdir(parents=True)
    (root / "a/b/node_modules/z/y.js").write_text("1")
    assert settled(root, seen) <= {""}
    shutil.rmtree(root / "a/node_modules")
    assert settled(root, seen) <= {""}


@linux
def test_what_is_not_wanted_is_not_watched(root):
    """The system's watches are on the wanted directories, on those above the root, and on our own mark."""
    watch = Watcher(root, wanted, lambda path: None)
    assert watch.start()
    inotify = [
        text
        for file in Path("/proc/self/fdinfo").iterdir()
        if "inotify wd:" in (text := file.read_text() if file.exists() else "")
    ]
    assert sum(text.count("inotify wd:") for text in inotify) == 3 + len(root.parents) + 1
    watch.stop()


def test_new_directories_are_watched_and_their_files_reported(root, seen, watch):
    """Whole trees that appear at once, made, copied or moved in from elsewhere."""
    (root / "c/d/e").mkdir(parents=True)
    (root / "c/d/e/x.py").write_text("1")
    assert seen.until("c/d/e/x.py") or "" in seen
    settled(root, seen)
    (root / "c/d/e/y.py").write_text("1")
    assert settled(root, seen) == {"c/d/e/y.py"}
    outside = root.parent / "outside/f"
    outside.mkdir(parents=True)
    (outside / "z.py").write_text("1")
    outside.parent.rename(root / "moved")
    assert seen.until("moved/f/z.py") or "" in seen
    settled(root, seen)
    (root / "moved/f/z.py").write_text("2")
    assert settled(root, seen) == {"moved/f/z.py"}


def test_a_moved_directory_is_followed(root, seen, watch):
    """Its files are looked for again, and later changes come under the new name; moved out of sight it is silent."""
    (root / "a/b/x.py").write_text("1")
    settled(root, seen)
    (root / "a/b").rename(root / "c")
    assert seen.until("")
    settled(root, seen)
    (root / "c/x.py").write_text("2")
    assert settled(root, seen) == {"c/x.py"}
    (root / "c").rename(root / ".venv/c")
    assert seen.until("")
    settled(root, seen)
    (root / ".venv/c/x.py").write_text("3")
    assert settled(root, seen) == set()


def test_names_that_are_no_text(root, seen, watch):
    """Bytes that are not UTF-8 arrive escaped; links to directories are not followed."""
    (root / os.fsdecode(b"a/bad\xff.py")).write_text("1")
    (root / "link").symlink_to(root / ".venv")
    (root / ".venv/x.py").write_text("1")
    assert settled(root, seen) - {"", "link"} == {"a/bad\udcff.py"}


@pytest.mark.parametrize("how", ["deleted", "moved", "moved above", "replaced", "deleted while a process stands in it"])
def test_a_root_that_goes_away(root, seen, watch, how, monkeypatch):
    """Noticed and said at once; watching begins again where it is back."""
    if "stands" in how:
        monkeypatch.chdir(root)
    if how.startswith("deleted"):
        shutil.rmtree(root)
    elif how == "moved above":
        root.parent.rename(root.parent.with_name("elsewhere"))
    else:
        root.rename(root.with_name("elsewhere"))
    if how == "replaced":
        root.mkdir()
    if watcher._has_inotify():
        assert wait(lambda: not watch.alive)
        assert watch.trouble == watched_tree.ROOT_GONE
        assert wait(lambda: seen and seen[-1] == "")
    root.mkdir(parents=True, exist_ok=True)
    assert watch.start()
    assert watch.trouble == ""
    seen.clear()
    (root / "x.py").write_text("1")
    assert seen.until("x.py")


@linux
def test_more_directories_than_the_system_lets_one_watch(tmp_path):
    """Past the limit nothing is half watched: it is said, the handles are given back, and later growth is noticed too."""
    script = f"""
        import os, time
        from pathlib import Path
        from askance.index.watcher import Watcher
        root, seen = Path({str(tmp_path)!r}).resolve(), []
        for number in range(60):
            (root / f"d{{number}}").mkdir()
        Path("/proc/sys/user/max_inotify_watches").write_text(str(50))
        watch = Watcher(root, lambda directory: True, seen.append)
        assert not watch.start() and not watch.alive
        assert "fs.inotify.max_user_watches" in watch.trouble, watch.trouble
        assert not any("inotify" in os.readlink(f"/proc/self/fd/{{n}}") for n in range(3, 30) if os.path.islink(f"/proc/self/fd/{{n}}"))
        watch = Watcher(root, lambda directory: directory < "d4", seen.append)
        assert watch.start() and watch.trouble == ""
        for number in range(30):
            (root / f"a{{number}}").mkdir()
        for _ in range(200):
            if seen and seen[-1] == "":
                break
            time.sleep(0.01)
        assert "fs.inotify.max_user_watches" in watch.trouble and not watch.alive, (watch.trouble, seen)
        print("done")
    """
    done = subprocess.run(
        ["unshare", "-Ur", sys.executable, "-c", textwrap.dedent(script)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if "unshare" in done.stderr or "Permission denied" in done.stderr:
        pytest.skip("this system gives no user namespace to lower the limit in")
    assert done.stdout == "done\n", done.stderr


@linux
def test_more_changes_than_the_system_can_queue(root):
    """A real flood, while the watching thread is held up: said, and everything is to be looked at again."""
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    seen, held = Seen(), threading.Event()
    watch = Watcher(root, wanted, lambda path: (seen.append(path), held.wait(60)))
    assert watch.start()
    for number in range(most // 2 + 3000):  # two events each, and some are read before the queue is full
        (root / f"f{number % 100}.py").touch()
        (root / f"f{number % 100}.py").unlink()
    held.set()
    assert wait(lambda: not watch.alive)
    assert watch.trouble == watched_tree.OVERFLOW
    assert wait(lambda: seen[-1] == "")
    assert watch.start()
    seen.clear()
    (root / "x.py").write_text("1")
    assert seen.until("x.py")
    watch.stop()


@linux
def test_no_instance_left(root, monkeypatch):
    """The reason of a start that failed is said, and the next one may work."""
    from watchdog.observers import inotify_c

    watch = Watcher(root, wanted, lambda path: None)
    with monkeypatch.context() as patch:
        patch.setattr(inotify_c, "inotify_init", lambda: -1)
        patch.setattr(inotify_c.ctypes, "get_errno", lambda: 24)
        assert not watch.start()
    assert "fs.inotify.max_user_instances" in watch.trouble
    assert watch.start()
    watch.stop()


@linux
def test_a_watching_thread_that_dies(root, monkeypatch, capsys):
    """An error while reading events is noticed at once, and nothing is printed."""
    from watchdog.observers.inotify_c import InotifyFD

    seen = Seen()
    watch = Watcher(root, wanted, seen.append)
    assert watch.start()
    monkeypatch.setattr(InotifyFD, "handle_event", lambda self, event: 1 / 0)
    (root / "x.py").write_text("1")
    assert wait(lambda: not watch.alive)
    assert watch.trouble == watched_tree.ENDED
    assert wait(lambda: seen == [""])
    watch.stop()
    assert capsys.readouterr() == ("", "")


def test_no_callback_ends_the_watching(root, seen):
    """A callback that raises is its owner's fault and keeps nothing from being reported."""

    def fail(path):
        seen.append(path)
        raise RuntimeError

    watch = Watcher(root, wanted, fail)
    assert watch.start()
    for name in ("x.py", "y.py"):
        (root / name).write_text("1")
        assert seen.until(name)
    watch.stop()


def test_a_root_that_is_not_there(tmp_path):
    """No exception: it is said."""
    watch = Watcher(tmp_path / "gone", wanted, lambda path: None)
    assert not watch.start()
    assert watch.trouble
    watch.stop()
    assert not watch.alive


def test_a_forked_child_leaves_the_parents_watch_alone(root, seen, watch):
    """In the child it is dead; the child stops it, watches by itself, and the parent still sees changes."""
    child = os.fork()
    if child == 0:
        dead = not watch.alive
        watch.stop()
        own = Watcher(root, wanted, seen.append)
        good = dead and own.start()
        (root / "a/child.py").write_text("1")
        good = good and seen.until("a/child.py")
        own.stop()
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert watch.alive
    assert seen.until("a/child.py")
    (root / "a/parent.py").write_text("1")
    assert seen.until("a/parent.py")


def test_the_index_watches_what_is_not_ignored_any_more(root):
    """A directory that an ignore file gives free is watched from then on."""
    (root / ".gitignore").write_text("a/")
    project = Project(root)
    project.refresh()
    (root / ".gitignore").write_text("")
    project.refresh()
    (root / "a/b/x.py").write_text("alpha = 1")
    assert wait(lambda: project.search(["alpha"], 5))
    project.close()


def test_the_index_works_without_watching_and_says_so(root, monkeypatch):
    """A tree that cannot be watched is compared before each ask; a note tells why, until it can be watched."""
    project = Project(root)
    with monkeypatch.context() as patch:
        patch.setattr(watcher.Watcher, "_made", lambda self: 1 / 0)
        project.refresh()
        (root / "a/b/x.py").write_text("alpha = 1")
        project.refresh()
        assert list(project.search(["alpha"], 5)) == ["a/b/x.py"]
        assert project.notes == (
            "changes of files cannot be watched here (ZeroDivisionError): all files are looked at before each ask",
        )
    project.refresh()
    assert project.notes == ()
    project.close()


def test_starting_and_stopping_leaves_nothing(root, seen):
    """Fifty times, and stopping twice."""
    handles, threads = len(os.listdir("/proc/self/fd")), threading.active_count()
    watch = Watcher(root, wanted, seen.append)
    for _ in range(50):
        assert watch.start()
        watch.stop()
    watch.stop()
    assert threading.active_count() <= threads
    # Servers of other tests may open some meanwhile; a leak would be fifty.
    assert len(os.listdir("/proc/self/fd")) < handles + 25
