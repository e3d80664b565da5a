"""The tool that tells of commits. Enters: a file, words. Leaves: the latest commits: id, day, subject, files.

Subjects that speak of a file that is left out are left out too, as the source of git's state does it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ..beginning import beginning
from ..errors import ToolError
from ..index.history import Commit, head, read_history
from ..records import Ask
from ..records.privacy import SAMPLES
from ..sources.git import FRESH_SECONDS
from ..sources.git_status import subjects_text
from ..sources.variable_parts import ANY
from .base import Arguments, Hands, Touches
from .over_files import OverGit
from .read_file import relative
from .reading import number, paged, takes, text

USUAL, MOST = 10, 50
"""Commits of one result."""

_SEARCHED = 2000
_SPARE = 50
_TIMEOUT = 10.0
_FILES = 8


class GitLog(OverGit):
    """Tells of commits that HEAD reaches what the source of git's state would tell of them."""

    name = "git_log"
    description = (
        "The latest commits with their subjects and files; of one file or folder, or those whose subject has some words. Use it "
        "to find out when and why something changed."
    )
    schema = takes(
        path=text("A file or a folder, like src/utils.py; leave it out for all"),
        query=text("Words that the subject has"),
        count=number(f"How many commits, {USUAL} if left out", MOST),
    )

    def touches(self, arguments: Arguments) -> Touches:
        """Git's state, and the names of the file, or any."""
        path = relative(arguments.get("path", ""), self._project).rstrip("/")
        return Touches(reads=frozenset(("git:commits", f"files:{path or '*'}")))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """A hash of what is told."""
        changed = self._project.changes()
        # Which files may be told of depends on ignore files.
        told = changed if changed is not None else ("at", self._clock() // FRESH_SECONDS)
        state = (None if self._root is None else head(self._root), told)
        return self._fresh.fingerprint(repr(sorted(arguments.items())), state, lambda: self._log(arguments, ANY))

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """The commits, latest first.

        Raises:
            ToolError: this is no repository, there is no such commit, or nothing may be told.
            AskanceError: git is missing, too slow, or refuses this repository.
        """
        if ask.withholds("git", "commits"):
            raise ToolError("Nothing may be told of commits")
        if ask.privacy.of("git", "commits") < SAMPLES:
            raise ToolError("Commits may be told of at privacy level 3 alone")
        return paged(self._log(arguments, ask))

    def _log(self, arguments: Arguments, ask: Ask) -> str:
        if self._root is None or self._git.pulse() is None:
            raise ToolError("This project is no git repository")
        path = relative(arguments.get("path", ""), self._project).rstrip("/")
        if path and not self._may_be_named(path, ask):
            raise ToolError(f"There is no file {path} that may be told of", "Use list_files to find files.")
        wanted, count = arguments.get("query", "").lower().split(), arguments.get("count", USUAL)
        limit = _SEARCHED if wanted else count + _SPARE
        found = read_history(self._root, self._environ, limit, _TIMEOUT, path).commits
        told = self._git.told(ask)
        said = [lines for commit in found if (lines := _said(commit, wanted, told))][:count]
        if not said:
            raise ToolError(
                "No commit fits that may be told of", "Try other words, or leave out the path or the query."
            )
        return "\n".join(said)

    def _may_be_named(self, path: str, ask: Ask) -> bool:
        """Whether a file or a folder may be told of; it may be gone by now."""
        both = (path, f"{path}/")
        return all(map(self._project.access.allows, both)) and not any(ask.withholds("files", one) for one in both)


def _said(commit: Commit, wanted: list[str], told: Callable[[str], bool]) -> str:
    """A commit in words; "" if it is not wanted, or may not be told of."""
    subject = commit.message.partition("\n")[0]
    if not all(word in subject.lower() for word in wanted) or not subjects_text([subject], told):
        return ""
    day = datetime.fromtimestamp(min(commit.time, 32503680000), UTC).strftime("%Y-%m-%d")
    paths = [path for path in commit.paths if told(path) and path.isprintable()]
    if commit.paths and not paths:
        return ""  # it is about files alone that are left out
    more = f", and {len(paths) - _FILES} more" if len(paths) > _FILES else ""
    line = f"{commit.sha[:8]} {day} {beginning(''.join(filter(str.isprintable, subject)), 200)}"
    return "\n".join([line, *([f"  {', '.join(paths[:_FILES])}{more}"] if paths else [])])
