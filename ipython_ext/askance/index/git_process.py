"""Runs git without trusting the repository. Enters: a folder and arguments. Leaves: what git printed.

A repository may come from a stranger, and its own configuration names programs that git runs (monitors, filters,
hooks, pagers, signature checkers, transports). Each of them is switched off by name before git looks.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import time
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from ..errors import AskanceError
from .git_config import Configuration, read_configuration
from .git_folder import check

MOST_BYTES = 32_000_000
"""Output read at most; what comes after it is cut off."""

_PIECE = 1_000_000
_GRACE = 0.2

_OFF = {
    "core.alternateRefsCommand": "",
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "diff.external": "",
    "diff.orderFile": os.devnull,
    "gc.auto": "0",
    "log.mailmap": "false",
    "log.showSignature": "false",
    "maintenance.auto": "false",
    "safe.bareRepository": "explicit",
    "status.submoduleSummary": "false",
    "submodule.recurse": "false",
}


def run_git(
    root: Path,
    arguments: Sequence[str],
    environ: Mapping[str, str],
    timeout: float,
    *,
    known: Configuration | None = None,
    good_exits: Collection[int] = (0,),
) -> str:
    """What `git <arguments>` prints, run in `root`; one process.

    Args:
        root: the folder that holds `.git`, resolved.
        arguments: the verb and its options.
        environ: the environment variables; git gets PATH and HOME of them, and nothing named GIT_*.
        timeout: seconds it may take.
        known: what the repository's configuration says, if that was just read.
        good_exits: exit codes that are no failure.

    Raises:
        AskanceError: git is missing, too slow, or refuses this repository.
    """
    program, path = _program(environ.get("PATH", ""), root)
    check(root)
    known = known or read_configuration(root, environ)
    try:
        process = subprocess.Popen(  # noqa: S603  an absolute program, no shell
            [program, "--no-optional-locks", "--no-pager", *arguments],
            cwd=root,
            # A broken .git must not make git look for another repository further up.
            env={**_environment(environ, path, {**_OFF, **known.off}), "GIT_CEILING_DIRECTORIES": str(root.parent)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            process_group=0,  # not a session of its own: on a busy Linux its scheduling would double the time
        )
    except OSError as error:
        raise AskanceError(f"git state left out: git cannot be started ({error.strerror})") from None
    output, late = _output(process, timeout)
    if late:
        raise AskanceError(f"git state left out: git took longer than {timeout:g} s")
    if process.returncode not in good_exits and len(output) < MOST_BYTES:
        raise AskanceError(f"git state left out: git refused this repository (exit {process.returncode})")
    return output.decode("utf-8", "backslashreplace")


def _output(process: subprocess.Popen[bytes], timeout: float) -> tuple[bytes, bool]:
    """What it printed, and whether it was too slow. No helper thread: starting one takes as long as a small git."""
    end = time.monotonic() + timeout
    try:
        output, ended = _printed(process, end)
        if ended:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, end - time.monotonic()) + _GRACE)
                return output, False
        return output, time.monotonic() >= end
    finally:
        if process.returncode is None:
            # Its children too, for it leads a group of its own; its id is taken as long as it was not waited for.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _printed(process: subprocess.Popen[bytes], end: float) -> tuple[bytes, bool]:
    """What it printed until then, cut, and whether that was all."""
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
                return bytes(output), True
            output += piece
    return bytes(output[:MOST_BYTES]), False


@lru_cache(maxsize=16)
def _program(path: str, root: Path) -> tuple[str, str]:
    """The git to run, and the PATH it gets."""
    # A relative entry of PATH, or one inside the project, could make a stranger's file our git.
    folders = [
        f for f in path.split(os.pathsep) if Path(f).is_absolute() and not Path(f).resolve().is_relative_to(root)
    ]
    safe = os.pathsep.join(folders)
    git = shutil.which("git", path=safe) if folders else None
    if git is None or Path(git).resolve().is_relative_to(root):
        raise AskanceError("git state left out: git is not installed")
    return git, safe


def _environment(environ: Mapping[str, str], path: str, settings: Mapping[str, str]) -> dict[str, str]:
    # Settings go in by the environment, not by -c: a filter's name may contain "=".
    kept = {name: environ[name] for name in ("HOME", "XDG_CONFIG_HOME") if name in environ}
    numbered = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        numbered |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    # A partial clone would fetch what is missing through a program or a host that the repository names.
    offline = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
    quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    return {"PATH": path, **kept, **numbered, **offline, **quiet}
