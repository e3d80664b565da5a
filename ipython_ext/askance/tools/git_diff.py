"""The tool that shows what was changed. Enters: a file, what to compare. Leaves: changed files, and the diffs that may be told.

Lines are told of files alone that may be told of whole now, and are there: what was deleted may be a file by another name
that is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import unified_diff

from ..errors import AskanceError, ToolError
from ..index.git_diff import Change, changes, commit_of, content, hunks, is_sha, untracked
from ..index.history import head
from ..index.text import decode
from ..records import Ask
from ..records.privacy import NAMES, SAMPLES
from ..sources.git import FRESH_SECONDS
from ..sources.variable_parts import ANY
from .base import Arguments, Hands, Touches
from .over_files import OverGit
from .read_file import relative
from .reading import near, number, paged, takes, text

FILES = 50
"""Files whose lines are told at once, and names that are listed."""

_NOTEBOOK_ROOM = 300_000


class GitDiff(OverGit):
    """Tells of changes what the sources of git and of files would tell at most."""

    name = "git_diff"
    description = (
        "What was changed in the project's files, line by line, since the last commit or another one. Use it when something "
        "worked before, or to describe a change."
    )
    schema = takes(
        path=text("One file, like src/utils.py; leave it out for all"),
        staged={"type": "boolean", "description": "Only what is staged for the next commit"},
        against=text("The commit or branch to compare with, like main or HEAD~2; the last commit if left out"),
        start=number("The first line to read, where it is long"),
    )

    def touches(self, arguments: Arguments) -> Touches:
        """Git's state, and the file, or any."""
        path = relative(arguments.get("path", ""), self._project)
        return Touches(reads=frozenset(("git:changes", f"files:{path or '*'}")))

    def fingerprint(self, arguments: Arguments) -> str | None:
        """A hash of the whole diff."""
        return self._fresh.fingerprint(
            repr(sorted(arguments.items())), self._state(), lambda: self._diff(arguments, ANY)
        )

    async def run(self, arguments: Arguments, ask: Ask, hands: Hands | None) -> str:  # noqa: ARG002
        """The changed files, and the lines of those that may be told of whole.

        Raises:
            ToolError: this is no repository, there is no such file or commit, or nothing may be told.
            AskanceError: git is missing, too slow, or refuses this repository.
        """
        if ask.withholds("git", "changes"):
            raise ToolError("Nothing may be told of changes in git")
        return paged(self._diff(arguments, ask), arguments.get("start", 1))

    def _state(self) -> object:
        changed, stamps = self._project.changes(), self._git.pulse()
        # As for git's state: while nobody watches the files, one reading answers for several questions.
        return stamps, changed if changed is not None else ("at", self._clock() // FRESH_SECONDS)

    def _diff(self, arguments: Arguments, ask: Ask) -> str:
        if self._root is None or self._git.pulse() is None:
            raise ToolError("This project is no git repository")
        against, staged = arguments.get("against", ""), arguments.get("staged", False)
        now = head(self._root)
        base = now if is_sha(now) and not against else commit_of(self._root, self._environ, against or "HEAD")
        if not base:
            raise ToolError(
                f"There is no commit {against!r}" if against else "There is no commit yet",
                "Use git_log to find commits." if against else "",
            )
        path = relative(arguments.get("path", ""), self._project)
        told = self._git.told(ask)
        found = [one for one in changes(self._root, self._environ, base, staged=staged) if told(one.path)]
        new = [] if staged or against else list(filter(told, untracked(self._root, self._environ)))
        summary = f"{len(found)} changed file{'' if len(found) == 1 else 's'}, compared with {against or 'the last commit'} {base[:8]}"
        if ask.privacy.of("git", "changes") == NAMES:
            return summary
        if path:
            return self._of_one(path, found, new, base, ask, staged=staged)
        names = [*(f"{one.what}: {one.path}" for one in found), *(f"untracked: {one}" for one in new)]
        more = [f"… {len(names) - FILES} more"] if len(names) > FILES else []
        return "\n".join(
            [summary, *map(_on_one_line, names[:FILES]), *more, *self._lines(found[:FILES], base, ask, staged)]
        )

    def _of_one(
        self, path: str, found: Sequence[Change], new: Sequence[str], base: str, ask: Ask, *, staged: bool
    ) -> str:
        one = next((one for one in found if one.path == path), None)
        if one is not None:
            said = self._lines([one], base, ask, staged) or ["(its lines are not told: see read_file)"]
            return "\n".join([f"{one.what}: {_on_one_line(path)}", *said])
        if path in new:
            return f"untracked: {_on_one_line(path)}\n(it is new: read_file tells its lines)"
        if self._files.told(path, ask) is not None:
            return f"{_on_one_line(path)} is unchanged"
        raise ToolError(f"There is no changed file {path} that may be told of", near(path, [one.path for one in found]))

    def _lines(self, found: Sequence[Change], base: str, ask: Ask, staged: bool) -> list[str]:  # noqa: FBT001
        """The diffs of those that may be told of whole, and are there."""
        assert self._root is not None  # noqa: S101  asked for in a repository alone
        if ask.privacy.of("git", "changes") < SAMPLES:
            return []
        whole = [one for one in found if self._is_told_whole(one, ask)]
        plain = [one.path for one in whole if not one.path.endswith(".ipynb")]
        said = hunks(self._root, self._environ, base, plain, staged=staged) if plain else ""
        notebooks = [self._notebook(one, staged=staged) for one in whole if one.path.endswith(".ipynb")]
        return [part for part in (said, *notebooks) if part]

    def _is_told_whole(self, change: Change, ask: Ask) -> bool:
        is_there = change.is_plain and self._project.text(change.path) is not None
        return is_there and self._files.tells(change.path, ask) and self._files.privacy(change.path, ask) >= SAMPLES

    def _notebook(self, change: Change, *, staged: bool) -> str:
        """A notebook's cells compared: its outputs are never told."""
        assert self._root is not None  # noqa: S101  as above
        try:
            texts = [content(self._root, self._environ, id_) if id_ else "" for id_ in (change.old, change.new)]
        except AskanceError:
            return ""
        old = decode(change.path, texts[0].encode("utf-8", "replace")) or ""
        kept = decode(change.path, texts[1].encode("utf-8", "replace")) or ""
        now = kept if staged else self._project.text(change.path) or ""
        if len(old) + len(now) > _NOTEBOOK_ROOM:
            return f"{change.path}: too long to be compared"
        names = (f"a/{change.path} (cells)", f"b/{change.path} (cells)")
        lines = unified_diff(old.splitlines(), now.splitlines(), *names, n=3, lineterm="")
        return "\n".join(lines) or f"{change.path}: its cells are the same"


def _on_one_line(said: str) -> str:
    return said if said.isprintable() else repr(said)[1:-1]
