"""The quickstart notebook, shown or executed.

Enters: the notebook that ships with askance. Leaves: JupyterLab with a copy of it open, or its answers and its
ledger as text. The demo always asks the embedded model, whatever keys are around: it never costs anything.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import ConfigError, MissingExtra

if TYPE_CHECKING:
    from nbformat import NotebookNode

NOTEBOOK = "quickstart.ipynb"
FOLDER = "askance-demo"
TIMEOUT = 300
"""Seconds one cell may take."""


def _notebook() -> Path:
    here = Path(__file__).resolve()
    for folder in (here.parent / "notebooks", here.parents[2] / "notebooks"):  # a wheel, a clone
        if (folder / NOTEBOOK).is_file():
            return folder / NOTEBOOK
    raise ConfigError("The quickstart notebook is missing from this installation", "Install askance again.")


def _environment() -> dict[str, str]:
    return {**os.environ, "ASKANCE_MODEL": "local"}


def open_in_lab(say: Callable[[str], None]) -> int:
    """Open a copy of the notebook in JupyterLab and stay until it is closed.

    Args:
        say: prints one line.
    """
    try:
        import jupyterlab  # noqa: F401
    except ImportError:
        raise MissingExtra("askance demo", "all") from None
    folder = Path.cwd() / FOLDER
    folder.mkdir(exist_ok=True)
    copy = folder / NOTEBOOK
    if not copy.exists():
        shutil.copyfile(_notebook(), copy)
    say(f"Opening {FOLDER}/{NOTEBOOK} in JupyterLab. Close it with Ctrl-C.")
    command = [sys.executable, "-m", "jupyterlab", str(copy)]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return subprocess.run(command, env=_environment(), check=False).returncode


def execute(say: Callable[[str], None]) -> int:
    """Execute the notebook in a kernel and print what it shows.

    Args:
        say: prints one line.

    Returns:
        0 if every cell ran and every answer reached its end.
    """
    try:
        import nbformat
        from nbclient import NotebookClient
        from nbclient.exceptions import CellExecutionError
    except ImportError:
        raise MissingExtra("askance demo --headless", "all") from None
    notebook = nbformat.reads(_notebook().read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    failure = ""
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook, timeout=TIMEOUT, resources={"metadata": {"path": folder}}, extra_arguments=["--log-level=ERROR"]
        )
        try:
            client.execute(env=_environment())
        except CellExecutionError as error:
            failure = str(error).strip().splitlines()[-1]
    for line in _story(notebook):
        say(line)
    answers = list(_answers(notebook))
    whole = [answer for answer in answers if answer.get("complete")]
    say(
        f"{len(whole)} of {len(answers)} answers complete, {sum(bool(a.get('cached')) for a in answers)} from the cache."
    )
    if failure:
        say(f"failed: {failure}")
    return 0 if answers and whole == answers and not failure else 1


def _outputs(notebook: NotebookNode) -> Iterator[tuple[Any, Any]]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield cell, output


def _answers(notebook: NotebookNode) -> Iterator[dict[str, Any]]:
    """What each answer's metadata says of it."""
    for _, output in _outputs(notebook):
        if "askance" in output.get("metadata", {}):
            yield output.metadata["askance"]


def _story(notebook: NotebookNode) -> Iterator[str]:
    """Each cell that shows something, then what it shows."""
    shown = None
    for cell, output in _outputs(notebook):
        if cell is not shown:
            shown = cell
            yield "\n" + "\n".join(f">>> {line}" for line in cell.source.splitlines())
        if output.output_type == "stream":
            yield output.text.rstrip()
        elif output.output_type == "error":
            yield "\n".join(output.traceback)
        elif "data" in output:
            yield output.data.get("text/markdown") or output.data.get("text/plain", "")
