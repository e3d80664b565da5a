"""What `git status --porcelain=v2 -z --branch` says. Enters: its output. Leaves: a `Status`, and words for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

MOST = 100
"""Changed files that are listed."""

_WORDS = {
    "M": "modified",
    "A": "added",
    "D": "deleted",
    "R": "renamed",
    "C": "copied",
    "T": "type changed",
    "?": "untracked",
}
_SCP = re.compile(r"(?:[^@/]*@)?([\w.-]+):(?!//)")
_FILE = re.compile(r"(?<![\w./-])[\w./-]*\w[./][\w-][\w./-]*|(?<![\w./-])\.\w[\w./-]*")
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1}


@dataclass(frozen=True, kw_only=True)
class Status:
    """Branch ("" if detached), full id of the head, upstream, commits ahead and behind, changed files in words, remote hosts."""

    branch: str
    head: str
    upstream: str
    ahead: int
    behind: int
    files: tuple[tuple[str, str], ...]
    remotes: tuple[str, ...]


def parse(output: str, remotes: tuple[str, ...] = ()) -> Status:
    """Read the output; lines of unknown kinds are skipped.

    Args:
        output: entries separated by NUL.
        remotes: hosts of the remotes.
    """
    facts: dict[str, str] = {}
    files: list[tuple[str, str]] = []
    entries = iter(output.split("\0"))
    for entry in entries:
        kind = entry[:1]
        if kind == "#":
            key, _, value = entry[2:].partition(" ")
            facts[key] = value
        elif kind in _FIELDS_BEFORE_PATH:
            files.append((entry.split(" ", _FIELDS_BEFORE_PATH[kind])[-1], _change(entry)))
            if kind == "2":
                next(entries, None)  # a rename is followed by the old path
    ahead, _, behind = facts.get("branch.ab", "+0 -0").partition(" ")
    branch, head = facts.get("branch.head", ""), facts.get("branch.oid", "")
    return Status(
        branch="" if branch == "(detached)" else branch,
        head="" if head == "(initial)" else head,
        upstream=facts.get("branch.upstream", ""),
        ahead=_count(ahead),
        behind=_count(behind),
        files=tuple(files),
        remotes=remotes,
    )


def hosts(urls: Iterable[str]) -> tuple[str, ...]:
    """The hosts of remotes, without user names, tokens and paths."""
    found = []
    for url in urls:
        if "://" in url:
            try:
                host = urlsplit(url).hostname
            except ValueError:
                host = None
        else:
            match = _SCP.match(url)
            host = match[1] if match else None
        found += [host] if host else []
    return tuple(dict.fromkeys(found))


def branch_text(branch: str) -> str:
    """The branch alone: what else is true of it changes with every commit and fetch.

    Args:
        branch: its name, "" for none.
    """
    return f"branch {branch}" if branch else "no branch (detached)"


def head_text(status: Status, *, names: bool = True) -> str:
    """Branch, head, distance to the upstream, hosts.

    Args:
        status: what git said.
        names: whether more than the branch is told.
    """
    if not names:
        return branch_text(status.branch)
    where = branch_text(status.branch)
    lines = [f"{where} at {status.head[:8]}" if status.head else f"{where}, no commit yet"]
    if status.upstream:
        lines.append(f"{status.ahead} ahead, {status.behind} behind {status.upstream}")
    lines += [f"remote on {', '.join(status.remotes)}"] if status.remotes else []
    return "\n".join(lines)


def changes_text(status: Status, told: Callable[[str], bool], *, names: bool = True) -> str:
    """The uncommitted files, "" if there are none.

    Args:
        status: what git said.
        told: whether a file may be told of; of one that may not there is nothing, not even in the number.
        names: whether they are named.
    """
    files = [(path, change) for path, change in status.files if told(path)]
    if not files:
        return ""
    more = len(files) - MOST
    head = f"{len(files)} uncommitted file{'s' if len(files) > 1 else ''}"
    if not names:
        return head
    lines = [f"{change}: {_on_one_line(path[:300])}" for path, change in files[:MOST]]
    return "\n".join([head, *lines, *([f"… {more} more"] if more > 0 else [])])


def subjects_text(subjects: Iterable[str], told: Callable[[str], bool]) -> list[str]:
    """The subjects, those left out that speak of a file that may not be told of.

    Args:
        subjects: first lines of commits.
        told: whether a file may be told of.
    """
    return [line for line in subjects if all(map(told, _FILE.findall(line)))]


def _on_one_line(path: str) -> str:
    return path if path.isprintable() else repr(path)[1:-1]


def _count(said: str) -> int:
    return int(said[1:]) if said[1:].isdecimal() else 0  # "+?" where the user told git not to count


def _change(entry: str) -> str:
    if entry[:1] == "u":
        return "in conflict"
    staged, unstaged = ("?", "?") if entry[:1] == "?" else (entry[2:3], entry[3:4])
    word = _WORDS.get(unstaged if staged == "." else staged, "changed")
    if staged in "?.":
        return word
    return f"{word}, staged" if unstaged == "." else f"{word}, staged in part"
