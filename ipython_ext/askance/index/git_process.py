"""Runs git without trusting the repository. Enters: a folder and arguments. Leaves: what git printed.

A repository may come from a stranger, and its own configuration names programs that git runs (monitors, filters,
hooks, pagers, signature checkers, transports). Each of them is switched off by name before git looks.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from ..errors import AskanceError

MOST_BYTES = 32_000_000
"""Output read at most; what comes after it is cut off."""

_PIECE = 1_000_000

_OFF = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "diff.external": "",
    "log.showSignature": "false",
    "safe.bareRepository": "explicit",
}
_NOTHING: Mapping[str, str] = {}


def run_git(
    root: Path,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    timeout: float,
    *,
    settings: Mapping[str, str] = _NOTHING,
    good_exits: Collection[int] = (0,),
) -> str:
    """What `git <arguments>` prints, run in `root`; one process.

    Args:
        root: the folder that holds `.git`, resolved.
        arguments: the verb and its options.
        environ: the environment variables; git gets PATH and HOME of them, and nothing named GIT_*.
        timeout: seconds it may take.
        settings: configuration that overrides the repository's, such as its filters by name.
        good_exits: exit codes that are no failure.

    Raises:
        AskanceError: git is missing, too slow, or refuses this repository.
    """
    program = _program(environ.get("PATH", ""), root)
    _check(root)
    process = subprocess.Popen(  # noqa: S603  an absolute program, no shell
        [program, "--no-optional-locks", "--no-pager", *arguments],
        cwd=root,
        # A broken .git must not make git look for another repository further up.
        env={**_environment(environ, {**_OFF, **settings}), "GIT_CEILING_DIRECTORIES": str(root.parent)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,  # not a session of its own: on a busy Linux its scheduling would double the time
    )
    output, late = _output(process, timeout)
    if late:
        raise AskanceError(f"git state left out: git took longer than {timeout:g} s")
    if process.returncode not in good_exits and len(output) < MOST_BYTES:
        raise AskanceError(f"git state left out: git refused this repository (exit {process.returncode})")
    return output.decode("utf-8", "backslashreplace")


def git_folder(root: Path) -> Path:
    """The folder of the repository's own files: `.git`, or where that file points to (worktrees, submodules)."""
    folder = root / ".git"
    pointer = read_regular(folder)
    return root / pointer.partition("gitdir:")[2].strip() if pointer else folder


def read_regular(path: Path, errors: str = "replace") -> str:
    """The text of a regular file, "" for anything else: a pipe in its place is never waited on.

    Args:
        path: the file.
        errors: what becomes of bytes that are no UTF-8, as in `bytes.decode`.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError):
        return ""
    try:
        state = os.fstat(handle)
        size = min(state.st_size, MOST_BYTES) if stat.S_ISREG(state.st_mode) else 0
        return os.read(handle, size).decode("utf-8", errors)
    except OSError:
        return ""
    finally:
        os.close(handle)


def _output(process: subprocess.Popen[bytes], timeout: float) -> tuple[bytes, bool]:
    """What it printed, and whether it was too slow. No helper thread: starting one takes as long as a small git."""
    end = time.monotonic() + timeout
    output = bytearray()
    assert process.stdout is not None
    with process.stdout as pipe:
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        while len(output) < MOST_BYTES:
            left = end - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                break
            piece = os.read(pipe.fileno(), _PIECE)
            if not piece:
                process.wait()
                return bytes(output), False
            output += piece
    _kill(process)
    process.wait()
    return bytes(output[:MOST_BYTES]), time.monotonic() >= end


def _kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)  # its children too: it leads a group of its own


@lru_cache(maxsize=16)
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
    # A partial clone would fetch what is missing through a program or a host that the repository names.
    offline = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
    quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return {**kept, **numbered, **offline, **quiet}


def _check(root: Path) -> None:
    """Refuse what git would wait on for ever: a pipe in the place of one of its files."""
    folder = git_folder(root)
    for name in ("HEAD", "config", "index", "commondir", "packed-refs", "shallow"):
        try:
            mode = (folder / name).stat().st_mode
        except OSError:
            continue
        if not stat.S_ISREG(mode):
            raise AskanceError(f"git state left out: .git/{name} is not a regular file")
