"""Brings a store up to date with the files of a tree, and is the program of the build's own process.

    python -m askance.index.build ROOT FILE LIMIT

Enters: a store and a tree. Leaves: the store, equal to one made anew.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from ..errors import AskanceError
from ..lock import locked
from .database import forget_old
from .document import Document, prepare
from .files import Stamp, Tree, scan
from .history import head, messages, read_history, subjects
from .store import Store

BATCH_FILES, BATCH_BYTES = 100, 2_000_000
"""What is written in one transaction: little enough for others to write in between."""

LOCK_SECONDS = 300.0

_SWITCH_SECONDS = 0.0001
"""The thread that writes gets Python's lock this soon when it comes back from SQLite."""


def outdated(tree: Tree, stamps: Mapping[str, Stamp]) -> tuple[list[str], list[str]]:
    """The files of a tree that are stored otherwise or not at all, and the stored ones that it does not have."""
    changed = [path for path, made in tree.files.items() if stamps.get(path) != made]
    return changed, [path for path in stamps if path not in tree.files]


def update(
    store: Store,
    tree: Tree,
    paths: Sequence[str],
    *,
    now_ns: Callable[[], int] = time.time_ns,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Store these files of a tree as they are now; those it does not have are forgotten.

    Args:
        store: where to.
        tree: what may be stored.
        paths: relative to the tree's root.
        now_ns: the wall clock in nanoseconds.
        go_on: asked between batches.

    Returns:
        How many texts were written.
    """
    gone = [path for path in paths if path not in tree.files]
    batches = list(_batches(tree, [path for path in paths if path in tree.files]))
    if gone:
        store.remove(gone)
    if len(batches) <= 1:
        return sum(_store(store, batch, _prepared(tree, batch, now_ns)) for batch in batches)
    written = 0
    # The next batch is read while SQLite, without Python's lock, writes this one.
    with store.growing(), ThreadPoolExecutor(1) as ahead:
        reading = ahead.submit(_prepared, tree, batches[0], now_ns)
        for batch, following in zip(batches, [*batches[1:], []], strict=True):
            documents = reading.result()
            reading = ahead.submit(_prepared, tree, following, now_ns)
            written += _store(store, batch, documents)
            if not go_on():
                break
    return written


def update_history(store: Store, root: Path, environ: Mapping[str, str]) -> None:
    """Store what git's history says, if HEAD is another than that of the last time."""
    now = head(root)
    if now == store.recall("head"):
        return
    try:
        history = read_history(root, environ)
        store.replace_history(now, messages(history))
        store.remember("subjects", "\n".join(subjects(history)))
    except AskanceError:
        store.replace_history(now, {})  # not asked again until HEAD moves


def fill(store: Store, tree: Tree, *, now_ns: Callable[[], int] = time.time_ns, go_on: Callable[[], bool]) -> int:
    """Store all that is outdated; of several processes that try, one works and the others find it done.

    Args:
        store: where to.
        tree: what was scanned.
        now_ns: the wall clock in nanoseconds.
        go_on: asked between batches.

    Returns:
        How many texts were written.
    """
    interval = sys.getswitchinterval()
    with _alone(store):
        changed, gone = outdated(tree, store.stamps())
        sys.setswitchinterval(_SWITCH_SECONDS)
        try:
            return update(store, tree, [*gone, *changed], now_ns=now_ns, go_on=go_on)
        finally:
            sys.setswitchinterval(interval)


def main(arguments: Sequence[str]) -> None:
    """Build at the lowest priority; ends early if its parent does."""
    root, file, limit = Path(arguments[0]), Path(arguments[1]), int(arguments[2])
    parent = os.getppid()
    if hasattr(os, "nice"):
        os.nice(19)
    store = Store(file, root, wait=30.0)
    written = fill(store, scan(root, limit), go_on=lambda: os.getppid() == parent)
    update_history(store, root, os.environ)
    if written:
        store.compact()
    store.close()
    forget_old(file.parent, time.time())


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    if store.path is None:
        yield
        return
    with locked(store.path.with_suffix(".lock"), LOCK_SECONDS):
        yield


def _batches(tree: Tree, paths: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path in paths:
        batch.append(path)
        size += tree.files[path][1]
        if len(batch) >= BATCH_FILES or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _prepared(tree: Tree, paths: Sequence[str], now_ns: Callable[[], int]) -> list[Document]:
    found = [prepare(tree.root, path, now_ns()) for path in paths]
    return [document for document in found if document is not None]


def _store(store: Store, paths: Sequence[str], documents: Sequence[Document]) -> int:
    gone = set(paths) - {document.path for document in documents}
    if gone:
        store.remove(sorted(gone))
    return store.replace(documents)


if __name__ == "__main__":
    main(sys.argv[1:])
