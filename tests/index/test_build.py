"""The build in a process of its own: complete, gentle, one at a time, and of use before it ends."""

import subprocess
import sys
import threading
import time

import pytest
from index.trees import held, index_file, write

from askance.index.build import update
from askance.index.builder import ATTEMPTS, Builder
from askance.index.database import index_file as file_of
from askance.index.files import scan
from askance.index.mirror import SMALL_FILES
from askance.index.project import Project
from askance.index.store import Store
from askance.lock import locked

FILES = SMALL_FILES + 100


@pytest.fixture
def tree(tmp_path):
    """More files than are read at once."""
    root = tmp_path / "tree"
    write(root, {f"d{i % 7}/f{i}.py": f"def name{i}(): return alpha\n" for i in range(FILES)})
    return root


@pytest.fixture
def folder(tmp_path):
    """Where the index is kept."""
    return tmp_path / "index"


def in_memory(tree):
    project = Project(tree, watch=False)
    project.refresh()
    return held(project._mirror.store)


@pytest.mark.parametrize(("patience", "written"), [(60.0, 0), (None, FILES)])
def test_a_session_that_waits_sees_all_of_it(tree, folder, patience, written):
    """Built by another process or here, on disk: equal to an index in memory."""
    project = Project(tree, folder=folder, watch=False, patience=patience)
    project.refresh()
    assert (len(project.paths()), project._mirror.written, project.notes) == (FILES, written, ())
    assert held(project._mirror.store) == in_memory(tree)
    project.close()


def test_an_ask_does_not_wait_and_says_how_far_the_build_is(tree, folder):
    """Two kernels at once: one lock, both answer meanwhile, and both see all of it when the build is done."""
    folder.mkdir()
    kernels = [Project(tree, folder=folder, watch=False, patience=0.0) for _ in range(2)]
    with locked(file_of(folder, tree).with_suffix(".lock"), 1.0):
        for kernel in kernels:
            kernel.refresh()
        assert [kernel.notes for kernel in kernels] == [(f"the index is being built: 0 of {FILES} files",)] * 2
        assert [kernel.search(["alpha"], 5) for kernel in kernels] == [{}, {}]
    assert all(kernel._mirror.builder.wait(60) for kernel in kernels)
    for kernel in kernels:
        kernel.refresh()
        assert (len(kernel.paths()), kernel._mirror.written, kernel.notes) == (FILES, 0, ())
        kernel.close()


def test_of_two_sessions_at_once_one_builds(tree, folder):
    """The other waits for it, and writes nothing."""
    sessions = [Project(tree, folder=folder, watch=False) for _ in range(2)]
    threads = [threading.Thread(target=session.refresh) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(session._mirror.written for session in sessions) == [0, FILES]
    assert [len(session.paths()) for session in sessions] == [FILES, FILES]
    for session in sessions:
        session.close()


def test_the_end_of_the_build_is_noticed_without_an_ask(tree, folder):
    """A watching kernel looks again by itself."""
    kernel = Project(tree, folder=folder, patience=0.0)
    kernel.refresh()
    assert kernel._mirror.builder.wait(60)
    for _ in range(500):
        if not kernel._mirror._dirty and not kernel._mirror.building:
            break
        time.sleep(0.02)
    assert len(kernel.search(["alpha"], FILES)) == FILES
    kernel.close()


def test_a_build_that_was_broken_off_is_continued(tree, folder):
    """What its batches wrote stays; the next one writes the rest alone."""
    store = Store(file_of(folder, tree), tree)
    files = scan(tree, FILES)
    done = update(store, files, list(files.files), go_on=lambda: False)
    assert 0 < done < FILES
    rest = [path for path in files.files if path not in store.stamps()]
    assert (update(store, files, rest), len(rest)) == (FILES - done, FILES - done)
    assert held(store) == in_memory(tree)
    store.close()


def test_a_build_leaves_one_segment(tree, folder):
    """Segments are left alone while it writes, and merged by the process that builds; afterwards FTS5 merges again."""
    project = Project(tree, folder=folder, watch=False, patience=60.0)
    project.refresh()
    store = project._mirror.store
    assert store.rows("SELECT count(DISTINCT segid) FROM texts_idx") == [(1,)]
    assert store.rows("SELECT v FROM texts_config WHERE k = 'automerge'") == [(16,)]
    store.compact()
    assert held(store) == in_memory(tree)
    project.close()


def test_closing_ends_the_build(tree, folder):
    """No process and no thread stays behind."""
    threads = set(threading.enumerate())
    project = Project(tree, folder=folder, patience=0.0)
    project.refresh()
    process = project._mirror.builder._process
    project.close()
    assert process.poll() is not None
    assert [thread for thread in threading.enumerate() if thread not in threads] == []


@pytest.mark.parametrize("command", [["/does/not/exist"], ["false"]])
def test_where_no_build_works_the_index_is_made_here(tree, folder, monkeypatch, command):
    """After as many attempts as are made, with the same outcome."""
    made = Builder.__init__
    monkeypatch.setattr(
        Builder, "__init__", lambda self, *rest: made(self, *rest) or setattr(self, "_command", command)
    )
    project = Project(tree, folder=folder, watch=False, patience=0.0)
    for _ in range(ATTEMPTS + 1):
        project.refresh()
        project._mirror.builder.wait(10)
    project.refresh()
    assert (len(project.paths()), project._mirror.written) == (FILES, FILES)
    project.close()


def test_the_program_starts_light():
    """It imports nothing of models, kernels, watching or answers."""
    code = "import sys, askance.index.build; print(*(n for n in sys.modules if '.' not in n), *(n for n in sys.modules if n.startswith('askance')))"
    names = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = "openai anthropic httpx httpx2 pydantic watchdog diskcache IPython ipywidgets asyncio askance.sources askance.kernel askance.session askance.index.watcher"
    assert set(names) & set(heavy.split()) == set()


def commit(tree, message):
    git = ["git", "-C", str(tree), "-c", "user.name=A", "-c", "user.email=a@b.c"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", message], check=True)


@pytest.mark.parametrize("kept", [True, False])
def test_messages_of_commits_find_files(tmp_path, folder, kept):
    """On disk and in memory; a new commit is seen by the next refresh, and edits leave history alone."""
    tree = tmp_path / "repository"
    write(tree, {"a.py": "x", "b.py": "y"})
    commit(tree, "Round the quarterly balance")
    project = Project(tree, folder=folder if kept else None, watch=False)
    project.refresh()
    assert project.history() == {"a.py": (1, 0), "b.py": (1, 0)}
    write(tree, {"a.py": "z"})
    commit(tree, "Say why a ledger is refused")
    project.refresh()
    assert project.history() == {"a.py": (2, 0), "b.py": (1, 1)}
    found = project.search_columns(["refused", "quarterly"], 5)
    assert {path: set(scores) for path, scores in found.items()} == {
        path: {"all", "symbols", "history"} for path in ("a.py", "b.py")
    }
    assert found["a.py"]["history"] > found["b.py"]["history"] > found["a.py"]["all"] == 0
    project.close()


def test_the_file_is_found_by_the_roots_name(tree, folder):
    """So that every kernel of a root opens the same one."""
    project = Project(tree, folder=folder, watch=False)
    project.refresh()
    assert index_file(folder) == file_of(folder, tree)
    project.close()
