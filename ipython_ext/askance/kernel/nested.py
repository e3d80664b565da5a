"""Runs code as a cell does, inside of one that runs, and shows none of it.

Enters: a shell, code. Leaves: what it printed, displayed, gave and raised, as text. History, the execution count, the
cell's own outputs and its reply are left alone, and nobody is asked for input.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import io
import sys
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from traceback import walk_tb
from types import TracebackType
from typing import Any, NoReturn, TypeVar

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from .page import Page, Publisher

T = TypeVar("T")

MOST_FRAMES = 6
MOST_MESSAGE = 2000
"""What is told of an exception: the last frames, the first characters."""

NOTHING = "(it ran, and showed nothing)"


def run(shell: InteractiveShell, code: str) -> str:
    """Run code where cells run.

    Args:
        shell: whose namespace it sees and changes.
        code: as in a cell: magics, `!` and top-level await too.

    Raises:
        KeyboardInterrupt: it was interrupted.
    """
    page = Page()
    with _captured(shell, page), _unattended(shell), _unrecorded(shell):
        result = shell.run_cell(code, store_history=False)  # type: ignore[no-untyped-call]
    error = getattr(result, "error_before_exec", None) or getattr(result, "error_in_exec", None)
    if isinstance(error, KeyboardInterrupt):
        raise KeyboardInterrupt
    if error is not None and not isinstance(error, UsageError):  # which is written where it is raised
        page.line(_told(error, code))
    return page.text or NOTHING


@contextmanager
def _captured(shell: InteractiveShell, page: Page) -> Iterator[None]:
    """Everything goes onto the page."""
    formatter: Any = shell.display_formatter

    def value(result: object = None) -> None:
        if result is not None:
            page.show(formatter.format(result, include={"text/plain"})[0])

    with ExitStack() as stack:
        stack.enter_context(redirect_stdout(page))
        stack.enter_context(redirect_stderr(page))
        for owner, name, instead in (
            (shell, "display_pub", Publisher(page, shell.display_pub)),
            (shell, "_showtraceback", _show_no_traceback),
            (shell, "loop_runner", _run_apart),
            (shell.display_trap, "hook", value),
            (sys, "displayhook", value),
        ):
            stack.enter_context(_instead(owner, name, instead))
        yield


def _show_no_traceback(*_: object) -> None:
    """It is told in a few lines, and is no error of the cell that runs."""


@contextmanager
def _unattended(shell: InteractiveShell) -> Iterator[None]:
    """Whatever asks for input gets none."""

    def refuse(*_: object, **__: object) -> NoReturn:
        raise EOFError("nobody can be asked for input here")

    with ExitStack() as stack:
        for owner, name, instead in (
            (builtins, "input", refuse),
            (getpass, "getpass", refuse),
            (sys, "stdin", io.StringIO()),
            (sys, "breakpointhook", refuse),
            (shell, "call_pdb", False),
        ):
            stack.enter_context(_instead(owner, name, instead))
        yield


@contextmanager
def _unrecorded(shell: InteractiveShell) -> Iterator[None]:
    """IPython keeps what was printed under the number of the next cell, which this is not."""
    outputs: dict[int, Any] = getattr(shell.history_manager, "outputs", {})
    before = outputs.get(shell.execution_count, _MISSING)
    try:
        yield
    finally:
        if before is _MISSING:
            outputs.pop(shell.execution_count, None)


_MISSING = object()


@contextmanager
def _instead(owner: object, name: str, value: object) -> Iterator[None]:
    """Another value for a name of an object, as long as it takes."""
    own = vars(owner).get(name, _MISSING)
    before = getattr(owner, name)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if own is _MISSING and callable(before) and name in vars(owner):
            delattr(owner, name)  # a method of its class is there again
        else:
            setattr(owner, name, before)


def _run_apart(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on a loop of its own, on this thread, though another loop is in the middle of a step here."""
    outer = asyncio._get_running_loop()  # noqa: SLF001  documented for whoever writes loops
    task = asyncio.current_task() if outer is not None else None
    if outer is not None:
        if task is not None:
            asyncio.tasks._leave_task(outer, task)  # noqa: SLF001
        asyncio._set_running_loop(None)  # noqa: SLF001
    try:
        return _run_whole(work)
    finally:
        if outer is not None:
            asyncio._set_running_loop(outer)  # noqa: SLF001
            if task is not None:
                asyncio.tasks._enter_task(outer, task)  # noqa: SLF001


def _run_whole(work: Coroutine[Any, Any, T]) -> T:
    """On a new loop; tasks that it leaves behind are cancelled with it."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.run_until_complete(_wind_down())
        loop.close()


async def _wind_down() -> None:
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for one in left:
        one.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_asyncgens()


def _told(error: BaseException, code: str) -> str:
    """An exception in a few lines: where in the code, and by which of the user's files."""
    lines = [*_frames(error.__traceback__, code.splitlines())][-MOST_FRAMES:]
    try:
        message = str(error)[:MOST_MESSAGE]
    except Exception:  # noqa: BLE001  an exception of anybody's
        message = ""
    if isinstance(error, SyntaxError) and error.lineno:
        message = f"{error.msg} (line {error.lineno})"
    kind = type(error).__name__
    return "\n".join([*lines, f"{kind}: {message}" if message else kind])


def _frames(trace: TracebackType | None, lines: list[str]) -> Iterator[str]:
    shell_done = False
    for frame, number in walk_tb(trace):
        name = frame.f_code.co_filename
        is_cell = name.startswith("<ipython-input-") or "ipykernel_" in name
        shell_done = shell_done or is_cell  # before it are IPython's own
        if is_cell and number <= len(lines):
            yield f"  line {number}: {lines[number - 1].strip()[:200]}"
        elif shell_done and name != __file__:
            yield f"  {Path(name).name} line {number}, in {frame.f_code.co_name}"
