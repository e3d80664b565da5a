"""What git's history says of each file. Enters: a root. Leaves: commits, latest first, and words per file.

Only commits that HEAD reaches: nothing of other branches, nothing of the future.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Commit:
    """One commit that is no merge: its sha, time (seconds since 1970), message (subject and first lines), and files."""

    sha: str
    time: int
    message: str
    paths: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """Commits, latest first.

    Attributes:
        head: the sha of HEAD; "" without any commit.
        commits: those between `since` and `head`.
        since: the commit after which these come; None if they are all there are, up to the limit: then they replace
            what was known before.
    """

    head: str
    commits: tuple[Commit, ...]
    since: str | None = None


def head(root: Path) -> str:
    """What HEAD points to at this moment, without a process; "" if there is none. Equal means: nothing to read anew."""
    raise NotImplementedError


def read_history(
    root: Path, environ: Mapping[str, str], since: str | None = None, limit: int = 2000, timeout: float = 20.0
) -> History:
    """The latest commits of HEAD with the files each of them changed.

    Args:
        root: the folder that holds `.git`, resolved.
        environ: the environment variables, for git.
        since: a sha known from before; commits up to it are left out, if HEAD still descends from it.
        limit: commits at most.
        timeout: seconds git may take.

    Raises:
        AskanceError: git is missing, too slow, or refuses this repository.
    """
    raise NotImplementedError


def messages(history: History) -> dict[str, tuple[int, int, str]]:
    """What history says of each file: path -> (its commits, place of the last one from 0 = latest, words of subjects)."""
    raise NotImplementedError
