"""The repository's state as context. Enters: a folder. Leaves: the candidates "branch" and "changes", or none.

A repository may come from a stranger, and its own configuration names programs that git runs (monitors, filters,
hooks, pagers). Each of them is switched off by name before git looks at the working tree; contents are never compared.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from ..errors import AskanceError
from ..index.digest import digest
from ..records import Ask, Candidate
from .git_status import Status, branch_text, changes_text, hosts, parse

TIMEOUT = 2.0
"""Seconds one call of git may take."""

_FRESH_SECONDS = 0.5
"""Time for which one reading answers for several fingerprints."""

_OFF = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "diff.external": "",
    "safe.bareRepository": "explicit",
}
_PROGRAMS = (
    r"^(filter\..*\.(clean|smudge|process|required)|diff\..*\.(command|textconv)|remote\..*\.url|core\.worktree)$"
)


class GitSource:
    """Offers "branch" (with head, distance to its upstream, remote hosts) and "changes" (uncommitted files).

    Args:
        root: the folder that holds `.git`, resolved; None if there is none.
        environ: the environment variables; git gets PATH and HOME of them, and nothing named GIT_*.
        notebook: gives the path of the asking notebook, None if nobody knows: its own edits are no news.
        clock: seconds, monotonic.
        timeout: seconds one call of git may take.
    """

    name = "git"

    def __init__(
        self,
        root: Path | None,
        environ: Mapping[str, str],
        notebook: Callable[[], Path | None] = lambda: None,
        clock: Callable[[], float] = time.monotonic,
        timeout: float = TIMEOUT,
    ) -> None:
        self._root = root
        self._environ = environ
        self._notebook = notebook
        self._clock = clock
        self._timeout = timeout
        self._last: tuple[float, Status] | None = None

    async def collect(self, ask: Ask) -> list[Candidate]:  # noqa: ARG002  the same for every ask
        """Two candidates, or none outside a repository.

        Raises:
            AskanceError: git is missing, too slow, or refuses this repository.
        """
        if not self._is_repository():
            return []
        texts = self._texts(await asyncio.to_thread(self._read))
        return [_candidate(name, text) for name, text in texts.items()]

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of "branch" or "changes", None outside a repository or if git fails."""
        if name not in ("branch", "changes") or not self._is_repository():
            return None
        last = self._last
        try:
            status = last[1] if last and self._clock() - last[0] < _FRESH_SECONDS else self._read()
        except AskanceError:
            return None
        text = self._texts(status).get(name)
        return None if text is None else digest(text)

    def _is_repository(self) -> bool:
        return self._root is not None and os.path.lexists(self._root / ".git")

    def _texts(self, status: Status) -> dict[str, str]:
        notebook, root = self._notebook(), self._root
        own = ""
        if notebook is not None and root is not None and notebook.resolve().is_relative_to(root):
            own = notebook.resolve().relative_to(root).as_posix()
        changed = changes_text(status, own)
        return {"branch": branch_text(status), **({"changes": changed} if changed else {})}

    def _read(self) -> Status:
        assert self._root is not None
        git = _program(self._environ.get("PATH", ""), self._root)
        _check(self._root)
        known = self._run([git, "config", "-z", "--get-regexp", _PROGRAMS], {}, missing_is_empty=True)
        pairs = [entry.partition("\n")[::2] for entry in known.split("\0") if entry]
        if any(key == "core.worktree" for key, _ in pairs):
            raise AskanceError("git state left out: this repository's core.worktree points elsewhere")
        off = {
            key: "false" if key.endswith(".required") else ""
            for key, _ in pairs
            if key.startswith(("filter.", "diff."))
        }
        command = [git, "--no-optional-locks", "--no-pager", "status", "--porcelain=v2", "-z", "--branch"]
        output = self._run([*command, "--ignore-submodules=all", "--untracked-files=normal"], off)
        status = parse(output, hosts(value for key, value in pairs if key.startswith("remote.")))
        self._last = (self._clock(), status)
        return status

    def _run(self, command: Sequence[str], off: Mapping[str, str], *, missing_is_empty: bool = False) -> str:
        process = subprocess.Popen(  # noqa: S603  an absolute program, no shell
            command,
            cwd=self._root,
            env=_environment(self._environ, {**_OFF, **off}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=self._timeout)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise AskanceError(f"git state left out: git took longer than {self._timeout:g} s") from None
        if process.returncode == 1 and missing_is_empty:
            return ""
        if process.returncode != 0:
            raise AskanceError(f"git state left out: git refused this repository (exit {process.returncode})")
        return output.decode("utf-8", "backslashreplace")


def _program(path: str, root: Path) -> str:
    # A relative entry of PATH, or one inside the project, could make a stranger's file our git.
    folders = [
        f for f in path.split(os.pathsep) if Path(f).is_absolute() and not Path(f).resolve().is_relative_to(root)
    ]
    git = shutil.which("git", path=os.pathsep.join(folders))
    if git is None:
        raise AskanceError("git state left out: git is not installed")
    return git


def _environment(environ: Mapping[str, str], settings: Mapping[str, str]) -> dict[str, str]:
    # Settings go in by the environment, not by -c: a filter's name may contain "=".
    kept = {name: environ[name] for name in ("PATH", "HOME", "XDG_CONFIG_HOME") if name in environ}
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {**kept, **numbered, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _check(root: Path) -> None:
    """Refuse what git would wait on for ever: a pipe in the place of one of its files."""
    folder = root / ".git"
    if folder.is_file():
        pointer = folder.read_text("utf-8", "replace")[:4096].partition("gitdir:")[2].strip()
        folder = root / pointer
    for name in ("HEAD", "config", "index", "commondir"):
        try:
            mode = (folder / name).stat().st_mode
        except OSError:
            continue
        if not stat.S_ISREG(mode):
            raise AskanceError(f"git state left out: .git/{name} is not a regular file")


def _candidate(name: str, text: str) -> Candidate:
    return Candidate(
        source="git",
        name=name,
        render=lambda level: text.partition("\n")[0] if level == "name" else text,
        fingerprint=lambda: digest(text),
        text=text,
        levels=("name", "outline"),
        aliases=("git",),
    )
