"""What askance keeps for one shell.

Enters: a shell and its environment. Leaves: the session, put together when it is first needed and again when a
setting or a key has changed.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from IPython.core.interactiveshell import InteractiveShell

from ..errors import AskanceError
from ..loop import LoopThread
from ..settings import Settings, load
from .config import Askance
from .executions import Executions, parent
from .offering import Offering
from .permissions import Permissions
from .state import NotebookState

if TYPE_CHECKING:
    from ..loop import Job
    from ..providers.registry import Choice
    from ..records import Wishes
    from ..session import Session
    from .runner import Runner

KEY_PREFIXES = ("ASKANCE_", "ANTHROPIC_", "OPENAI_", "GEMINI_", "GOOGLE_")
"""How the variables begin whose change calls for a new session."""

CLOSE_SECONDS = 2.0
"""Time to give back connections and files."""


class Host:
    """Holds the settings, the state, the loop, and lazily the session and the runner."""

    def __init__(self, shell: InteractiveShell, environ: Mapping[str, str], cwd: Path, home: Path) -> None:
        """
        Args:
            shell: the shell that askance was loaded into.
            environ: the environment variables, read anew each time.
            cwd: the folder the kernel runs in.
            home: the user's home folder.

        Attributes of use to others: `beside`, the notebook's folder, or the kernel's where the notebook is not known.
        """
        self.shell = shell
        self.environ = environ
        self.loop = LoopThread()
        self.state = NotebookState(shell, environ)
        self.config = Askance(self.explain, parent=shell)
        self.said_hello = False
        self.lacks_module = False
        self.permissions = Permissions()
        self.offering = Offering(self)
        self.config.observe(self.offering.set, "mcp")
        self._executions = Executions()
        self.beside = self.state.notebook.parent if self.state.notebook else cwd
        self._home = home
        self._lock = threading.RLock()
        self._session: Session | None = None
        self._runner: Runner | None = None
        self._made_from: object = None
        self._owner = os.getpid()

    @cached_property
    def root(self) -> Path | None:
        """The project's folder, None if there is none."""
        from ..index.root import find_root

        self.state.root = find_root(self.beside, self._home)
        return self.state.root

    @property
    def runner(self) -> Runner:
        """Runs this shell's asks."""
        with self._lock:
            if self._runner is None:
                from .runner import Runner

                self._runner = Runner()
            return self._runner

    def settings(self) -> Settings:
        """What holds now: defaults, pyproject.toml, the environment, `%config`, the later winning.

        Raises:
            ConfigError: a value is wrong.
        """
        return self.config.over(load(self.environ, self.root))

    def choice(self) -> Choice:
        """The model that an ask would go to now; cheap.

        Raises:
            ConfigError: a value is wrong.
        """
        from ..local import install
        from ..paths import cache_dir
        from ..providers.registry import choose

        settings = self.settings()
        folder = cache_dir(self.environ)
        return choose(settings, self.environ, local_ready=lambda: install.model_path(settings, folder) is not None)

    def explain(self) -> str:
        """The model and why it was chosen, or what is wrong with the settings; one line."""
        try:
            choice = self.choice()
        except AskanceError as error:
            return str(error)
        return f"{choice.model} ({choice.why})"

    def session(self) -> Session:
        """The session; a new one, with the old transcript, if a setting or a key has changed.

        Raises:
            AskanceError: it cannot be put together.
        """
        with self._lock:
            settings = self.settings()
            keys = {name: value for name, value in self.environ.items() if name.startswith(KEY_PREFIXES)}
            if self._session is None or self._made_from != (settings, keys):
                self._renew(settings)
                self._made_from = (settings, keys)
            assert self._session is not None  # noqa: S101  made just now
            return self._session

    def _renew(self, settings: Settings) -> None:
        from ..assemble import build
        from .tools import KERNEL_TOOLS

        old = self._session
        self._session = build(
            settings,
            self.state,
            self.root,
            environ=self.environ,
            notebook=lambda: self.state.notebook,
            beside=self.beside,
            loop=self.loop,
            pace=lambda: self.state.pace,
            earlier=old.recall if old is not None else None,
            tools=KERNEL_TOOLS,
        )
        if old is not None:
            if old.settings.mode == settings.mode:  # what is recorded must not depend on what was said before
                self._session.transcript = old.transcript
            self._session.last, self._session.wishes = old.last, old.wishes
            self._session.outbox.take(old.outbox)
            self.loop.submit(old.close())

    def shown(self, text: str) -> str:
        """A text as it may be shown: without secrets. Never puts a session together: before one, nothing was asked."""
        session = self._session
        return text if session is None else session.shown(text)

    def cell_metadata(self) -> dict[str, Any]:
        """What the front end said about the cell that runs; {} outside a kernel."""
        metadata = parent(self.shell).get("metadata")
        return metadata if isinstance(metadata, dict) else {}

    @property
    def fresh_cells(self) -> set[str]:
        """Ids of cells that bypass the answer cache when they run next: a front end's Retry adds to it."""
        return self._executions.fresh_cells

    def cell(self) -> str | None:
        """Id of the cell that runs, None if the front end does not tell."""
        cell = self.cell_metadata().get("cellId")
        return cell if isinstance(cell, str) else None

    def next_cell(self) -> tuple[str | None, bool]:
        """The id that the next ask of the running cell has, and whether it bypasses the cache; counts it."""
        header = parent(self.shell).get("header") or {}
        return self._executions.next(self.cell(), str(header.get("msg_id")))

    def thread_names(self) -> Sequence[str]:
        """The conversations that are known; none before there is a session."""
        session = self._session
        return tuple(session.transcript.threads()) if session is not None else ()

    def tool_names(self) -> Sequence[str]:
        """What a model may call; nothing before there is a session."""
        return tuple(session.tools.all()) if (session := self._session) is not None else ()

    @property
    def wishes(self) -> Wishes:
        """What the user told this kernel about single things; nothing before there is a session."""
        from ..records import Wishes

        session = self._session
        return session.wishes if session is not None else Wishes()

    def may_be_heard(self) -> bool:
        """Whether a front end may listen to comms: one that names its cells, or one we do not know of yet.

        Programs that execute notebooks name no cells, and print a warning about every comm.
        """
        return not parent(self.shell).get("header") or "cellId" in self.cell_metadata()

    def brings_module(self) -> bool:
        """Whether a widget must bring the module that draws it, half a megabyte: our part in JupyterLab has it."""
        return self.lacks_module or not self.said_hello

    def miss_module(self) -> None:
        """A page turned out not to have that module: from now on each widget brings it."""
        self.lacks_module = True

    def view(self, wanted: str | None = None) -> str:
        """The view that an answer gets now.

        Args:
            wanted: what the ask says, None for the setting.
        """
        from .view.choose import kind

        interactive = self.said_hello or "cellId" in self.cell_metadata()
        return kind(self.shell, wanted or self.config.view, interactive=interactive)

    def warm(self) -> None:
        """Prepare the first ask in the background: nothing of it is shown, not even a failure."""
        from .warming import warmed

        self.loop.submit(warmed(self, self.view()))

    def close(self) -> None:
        """Give back the session, the loop and its thread. Does nothing in a forked child."""
        if os.getpid() != self._owner:
            return
        self.config.unobserve(self.offering.set, "mcp")
        self.offering.close()
        with self._lock:
            session, self._session, self._made_from = self._session, None, None
        if self._runner is not None:
            self._runner.close()
        if session is not None:
            job: Job[None] = self.loop.submit(session.close())
            try:
                job.result(CLOSE_SECONDS)
            except Exception:  # noqa: BLE001  the interpreter may be half gone
                job.cancel()
        self.loop.close()
