"""The repository's state as context. Enters: a folder. Leaves: the candidate "branch", and where the question speaks of
git, "changes" and "commits".

For the branch one small file is read. For the others an ask takes the last reading, which is made beside everything else;
see `git_reading`. No contents of files are read.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..errors import AskanceError
from ..index.digest import digest
from ..index.git_folder import git_folder, text_of
from ..index.root import path_inside
from ..records import Ask, Candidate
from ..records.privacy import NAMES, SAMPLES
from .asked import is_asked_for
from .base import everything
from .git_reading import GitReader, Reading
from .git_status import branch_text, changes_text, head_text, subjects_text

TIMEOUT = 2.0
"""Seconds one reading may take."""

PATIENCE = 0.03
"""Seconds an ask waits for a newer reading where there is an older one."""

UNWATCHED_PATIENCE = 0.5
"""The same while nobody watches the working tree: the older one may be of any age then."""

FRESH_SECONDS = 0.5
"""Time for which one reading answers for several fingerprints while nobody watches the working tree."""

_SHORT = 8
"""Hex digits of a commit's id that name it."""

_SPOKEN = re.compile(
    r"\b(?:git\w*|commit\w*|uncommitted|diffs?|branch(?:es)?|rebas\w+|stash\w*|(?:un)?staged|push(?:ed)?|pulled|upstream"
    r"|repo|repository|chang(?:ed|es)|modified|untracked|HEAD)\b",
    re.IGNORECASE,
)
_NAMES = frozenset(("git", "branch", "changes", "commits"))
_HEAD_BYTES = 4096
_ON_BRANCH = re.compile(r"ref: refs/heads/([^\0-\x20\x7f~^:?*\[\\]{1,250})")
_DETACHED = re.compile(r"[0-9a-f]{40,64}")

_WORDS = {
    "branch": "git repository branch remote upstream push pull fetch merge",
    "changes": "git repository change changes changed modified uncommitted diff status commit",
    "commits": "git repository commit commits committed history log",
}
"""What a question about a candidate says; its own words, such as names of files, say little about git."""


class GitSource:
    """Offers "branch"; to who asks also "changes" (uncommitted files) and "commits" (head, distance to its upstream, subjects).

    Args:
        root: the folder that holds `.git`, resolved; None if there is none.
        environ: the environment variables; git gets PATH and HOME of them, and nothing named GIT_*.
        notebook: gives the path of the asking notebook, None if nobody knows: its own edits are no news.
        clock: seconds, monotonic.
        timeout: seconds a reading may take.
        changes: a number that differs after every change in the working tree; None while nobody watches it.
        allows: whether a file may be told of.
        subjects: first lines of the latest commits as of a commit, for what git's diary does not tell.
    """

    name = "git"

    def __init__(
        self,
        root: Path | None,
        environ: Mapping[str, str],
        notebook: Callable[[], Path | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT,
        changes: Callable[[], int | None] = lambda: None,
        subjects: Callable[[str], Sequence[str]] = lambda _head: (),
        allows: Callable[[str], bool] = everything,
    ) -> None:
        self._root = root
        self._notebook = notebook
        self._clock = clock
        self._changes = changes
        self._subjects = subjects
        self._allows = allows
        self._reader = GitReader(root, environ, changes, clock, timeout) if root is not None else None
        self.notes: tuple[str, ...] = ()

    async def collect(self, ask: Ask) -> list[Candidate]:
        """Up to three candidates, or none outside a repository.

        Raises:
            AskanceError: git is missing, too slow, or refuses this repository.
        """
        self.notes = ()
        reader = self._repository()
        if reader is None:
            return []
        branch = self._branch()
        if branch is not None and not is_asked_for(ask, self.name, _NAMES, _SPOKEN):
            return [_candidate("branch", branch_text(branch), digest(branch_text(branch)), ask)]
        reading = await self._reading(reader)
        whole, texts = self._texts(reading), self._texts(reading, ask)
        return [_candidate(name, text, _fingerprint(name, whole[name], reading), ask) for name, text in texts.items()]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "branch", "changes" or "commits", None outside a repository or if git fails."""
        branch = self._branch() if name == "branch" and self._repository() is not None else None
        if branch is not None:
            return digest(branch_text(branch))
        reading = self._now(name)
        text = None if reading is None else self._texts(reading).get(name)
        return None if reading is None or text is None else _fingerprint(name, text, reading)

    def facts(self, name: str) -> Mapping[str, int | str]:
        """The branch; of "changes" how many files, of "commits" also the head, and the commits that led to it."""
        branch = self._branch() if name == "branch" and self._repository() is not None else None
        if branch is not None:
            return {"branch": branch}
        reading = self._now(name)
        if reading is None:
            return {}
        if name == "changes":
            return {"files": sum(map(self.told(), (path for path, _ in reading.status.files)))}
        said = {"branch": reading.status.branch}
        ids = " ".join(id_[:_SHORT] for id_ in reading.lately.ids)
        return said if name == "branch" else {**said, "head": reading.status.head[:_SHORT], "commits": ids}

    def pulse(self) -> object:
        """What differs once git's own files have changed."""
        reader = self._repository()
        return None if reader is None else reader.stamps()

    def _now(self, name: str) -> Reading | None:
        reader = self._repository()
        if reader is None or name not in _WORDS:
            return None
        try:
            return reader.now(FRESH_SECONDS)
        except AskanceError:
            return None

    async def _reading(self, reader: GitReader) -> Reading:
        present = reader.present(fresh=0)
        last = reader.last
        patience = UNWATCHED_PATIENCE if self._changes() is None else PATIENCE
        waiting = asyncio.wrap_future(present)
        waiting.add_done_callback(asyncio.Future.exception)  # a failure that comes too late is no one's
        await asyncio.wait([waiting], timeout=patience if last else None)
        if present.done() or last is None:
            return present.result()
        self.notes = (f"git is still reading; its state is that of {self._clock() - last.seconds:.1f} s ago",)
        return last

    def _repository(self) -> GitReader | None:
        return self._reader if self._root is not None and os.path.lexists(self._root / ".git") else None

    def _branch(self) -> str | None:
        """The branch, "" if none is checked out; None where only git can tell."""
        if self._root is None:
            return None
        said = text_of(git_folder(self._root) / "HEAD", _HEAD_BYTES).strip()
        match = _ON_BRANCH.fullmatch(said)
        if (
            match and match[1] != ".invalid" and match[1].isprintable()
        ):  # which stands there where references are kept in tables
            return match[1]
        return "" if _DETACHED.fullmatch(said) else None

    def _texts(self, reading: Reading, ask: Ask | None = None) -> dict[str, str]:
        """What is told of each candidate: all that any question may be told, or what this one may."""
        subjects = self._subjects(reading.status.head) or reading.lately.subjects
        told = self.told(ask)
        level = {name: SAMPLES if ask is None else ask.privacy.of(self.name, name) for name in _WORDS}
        said = subjects_text(subjects, told) if level["commits"] >= SAMPLES else []
        head = head_text(reading.status, names=level["commits"] > NAMES)
        texts = {
            "branch": branch_text(reading.status.branch),
            "changes": changes_text(reading.status, told, names=level["changes"] > NAMES),
            "commits": "\n".join([head, *(["latest commits:", *said] if said else [])]),
        }
        return {name: text for name, text in texts.items() if text}

    def told(self, ask: Ask | None = None) -> Callable[[str], bool]:
        """Whether a file may be told of, by this question or by any; the notebook itself is not worth it."""
        own = self._own_path()
        return lambda path: path != own and self._allows(path) and not (ask and ask.withholds("files", path))

    def _own_path(self) -> str:
        return path_inside(self._root, self._notebook())


def _fingerprint(name: str, text: str, reading: Reading) -> str:
    # How many commits are told of depends on what is known by now; what they say, on HEAD alone.
    return digest(reading.status.head, head_text(reading.status)) if name == "commits" else digest(text)


def _candidate(name: str, text: str, fingerprint: str, ask: Ask) -> Candidate:
    return Candidate(
        source="git",
        name=name,
        render=lambda level: text.partition("\n")[0] if level == "name" else text,
        fingerprint=lambda: fingerprint,
        text=_WORDS[name],
        levels=("name", "outline") if name == "changes" else ("outline",),
        aliases=("git",),
        privacy=ask.privacy.of("git", name),
    )
