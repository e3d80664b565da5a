"""What git's history says of each file. Enters: a root. Leaves: commits, latest first, and words per file.

Only commits that HEAD reaches: nothing of other branches, nothing of the future.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..beginning import beginning
from ..words import words as split_words
from .git_folder import common_folder, git_folder, text_of
from .git_process import MOST_BYTES, run_git

MOST_FILES = 50
"""A commit of more files says little about any of them: its paths are left out."""

MOST_LETTERS = 1200
"""Length of the words kept of a file."""

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_TRAILER = re.compile(r"[\w-]+-by: ", re.IGNORECASE)
_LINE_BYTES = 4096
_BODY_LINES = 4
_LINE_LETTERS = 300
_LOG = """log --format=%x01%H%n%ct%n%s%n%b -z --name-only --no-renames --encoding=UTF-8
    --no-notes --no-mailmap --no-color --no-ext-diff --no-textconv""".split()


@dataclass(frozen=True)
class Commit:
    """One commit: its sha, time (seconds since 1970), message (subject and first lines), and files; a merge has none."""

    sha: str
    time: int
    message: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """Commits, latest first.

    Attributes:
        head: what `head` said; "" without any commit.
        commits: the latest, up to a limit.
    """

    head: str
    commits: tuple[Commit, ...]


def head(root: Path) -> str:
    """What HEAD points to at this moment, without a process; "" if there is none. Equal means: nothing to read anew.

    A sha, or a stamp of the references where they are kept in tables (git's "reftable").
    """
    folder = git_folder(root)
    text = text_of(folder / "HEAD", _LINE_BYTES).strip()
    common = common_folder(folder)
    if text.startswith("ref: refs/") and ".." not in text and "\0" not in text:
        name = text.removeprefix("ref: ")
        places = (folder / name, common / name)
        text = next(filter(None, (text_of(place, _LINE_BYTES).strip() for place in places)), "") or _packed(
            common, name
        )
    if _SHA.fullmatch(text):
        return text
    tables = text_of(common / "reftable" / "tables.list", MOST_BYTES)
    return f"reftable {' '.join(tables.split())}" if tables else ""


def read_history(
    root: Path, environ: Mapping[str, str], limit: int = 2000, timeout: float = 20.0, below: str = ""
) -> History:
    """The latest commits of HEAD with the files each of them changed.

    Args:
        root: the folder that holds `.git`, resolved.
        environ: the environment variables, for git.
        limit: commits at most.
        timeout: seconds git may take.
        below: a file or a folder, relative to the root: only commits that changed it, with what they changed there.

    Raises:
        AskanceError: git is missing, too slow, or refuses this repository.
    """
    now = head(root)
    if not now:
        return History(now, ())
    tip = now if _SHA.fullmatch(now) else "HEAD"
    command = ["--literal-pathspecs", *_LOG, f"-n{limit}", tip, "--", *([below] if below else [])]
    return History(now, tuple(_parsed(run_git(root, command, environ, timeout))))


def subjects(history: History, limit: int = 10) -> list[str]:
    """The first lines of the latest commits, latest first; printable, and at most 200 letters of each."""
    lines = (commit.message.partition("\n")[0] for commit in history.commits[:limit])
    return [beginning("".join(filter(str.isprintable, line)), 200) for line in lines]


def messages(history: History) -> dict[str, tuple[int, int, str]]:
    """What history says of each file: path -> (its commits, place of the last one from 0 = latest, words of subjects).

    Each word stands there once, those of the latest commits first, at most `MOST_LETTERS` in all.
    """
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    words: dict[str, dict[str, None]] = {}
    for place, commit in enumerate(history.commits):
        said = dict.fromkeys(split_words(commit.message)) if commit.paths else {}
        for path in commit.paths:
            counts[path] = counts.get(path, 0) + 1
            places.setdefault(path, place)
            words.setdefault(path, {}).update(said)
    return {path: (count, places[path], _bounded(words[path])) for path, count in counts.items()}


def _packed(folder: Path, name: str) -> str:
    found = re.search(
        rf"^({_SHA.pattern}) {re.escape(name)}$", text_of(folder / "packed-refs", MOST_BYTES), re.MULTILINE
    )
    return found[1] if found else ""


def _parsed(output: str) -> list[Commit]:
    found = []
    for record in output.removeprefix("\1").split("\0\1"):
        text, *paths = record.rstrip("\0").split("\0")
        sha, time, message = [*text.split("\n", 2), "", ""][:3]
        if _SHA.fullmatch(sha) and time.isdecimal():
            kept = tuple(path.removeprefix("\n") for path in paths) if len(paths) <= MOST_FILES else ()
            found.append(Commit(sha, int(time), _message(message), kept))
    return found


def _message(text: str) -> str:
    lines = [line.strip()[:_LINE_LETTERS] for line in text.splitlines() if line.strip() and not _TRAILER.match(line)]
    return "\n".join(lines[: 1 + _BODY_LINES])


def _bounded(words: Mapping[str, None]) -> str:
    text = " ".join(words)
    return text if len(text) <= MOST_LETTERS else text[:MOST_LETTERS].rpartition(" ")[0]
