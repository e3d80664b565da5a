"""Puts a session together: the only place that picks concrete classes.

Enters: settings, what may be seen of a kernel, the project's folder, the environment. Leaves: a `Session`.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path

from . import prompt
from . import settings as settings_
from .cache.disk.tier import DiskTier
from .cache.flights import Flights
from .cache.given import Given
from .cache.memory import MemoryTier
from .cache.notices import Notices
from .cache.packs.packs import Packs
from .cache.packs.recording import Recording
from .cache.redis.tier import RedisTier
from .cache.tier import Shelf
from .cache.tiers import Cache
from .chunks import INTERVAL
from .exits import finish_at_exit
from .gate import Gate
from .gate.outbox import Outbox
from .gate.registry import Registry
from .index.project import Project
from .index.spelled import may_name, may_show
from .local.install import model_path
from .loop import LoopThread
from .paths import cache_dir
from .providers import registry
from .recall import Keeping, Recall
from .records import Cell
from .session import Session
from .settings import Settings
from .sources.base import KernelState, Source, StaticState
from .sources.cells import CellsSource
from .sources.environment import EnvironmentSource
from .sources.error import ErrorSource
from .sources.files import FilesSource
from .sources.git import GitSource
from .sources.imports import ImportsSource
from .sources.lately import Lately
from .sources.machine import machine_facts
from .sources.packages import PackagesSource
from .sources.tabs import TabsSource
from .sources.variables import VariablesSource
from .spending import Spending
from .threads.store import ThreadStore
from .tools.base import Tool
from .tools.box import ToolBox
from .tools.declare import declared
from .tools.packages import PackageTools
from .tools.table import built_in

SOURCES_GROUP = "askance.sources"
"""Entry points of other packages: name -> a callable `(state, root) -> Source`."""

INDEX_PATIENCE = 0.3
"""Seconds an ask in a kernel waits for an index that is being built; then it works with what is there."""


def build(
    settings: Settings,
    state: KernelState,
    root: Path | None,
    *,
    environ: Mapping[str, str],
    notebook: Callable[[], Path | None] = lambda: None,
    beside: Path | None = None,
    loop: LoopThread | None = None,
    patience: float | None = INDEX_PATIENCE,
    pace: Callable[[], float] = lambda: INTERVAL,
    earlier: Recall | None = None,
    tools: Sequence[Tool] = (),
) -> Session:
    """A session for a kernel.

    Args:
        settings: what the user set.
        state: what may be seen of the kernel.
        root: the project's folder, None if there is none.
        environ: the environment variables, read anew when needed.
        notebook: the notebook's own path, which is never context.
        beside: the notebook's folder, where its recording lies; None for the project's, or else the current one.
        loop: where asks run; by default a thread of the session's own.
        patience: seconds an ask waits for the project's index to be built; None for as long as it takes.
        pace: least seconds between two pieces of an answer, as whoever shows them can draw them.
        earlier: what an earlier session of this kernel kept.
        tools: what a model may call beside what every session has.
    """
    folder = cache_dir(environ)
    project = Project(root, folder=folder / "index", never=settings.forbidden, environ=environ, patience=patience)
    if patience is None:
        project.refresh()  # here, and not in an ask, whose sources have a deadline
    # Without a kernel, what was worked on lately is what the caller says.
    recent = state.recent_files if patience is None else Lately(state, project.edits).files
    sources = _sources(state, project, root, environ, notebook, recent)
    gate = Gate(_registry(environ, root, beside, settings))
    outbox = Outbox(gate)
    return Session(
        settings=settings,
        choice=registry.choose(settings, environ, local_ready=lambda: model_path(settings, folder) is not None),
        limits=registry.limits,
        provider=lambda name: registry.make(
            name, settings, environ, opening=gate.open(prompt.opening(registry.parse(name)[1])), outgoing=outbox
        ),
        sources=sources,
        tools=_tools([*built_in(state, project, root, environ, sources), *tools], sources),
        gate=gate,
        outbox=outbox,
        keeping=_keeping(settings, environ, folder, (beside or root or Path.cwd()) / settings.recording, gate, earlier),
        # What is recorded must not depend on what was said before.
        threads=ThreadStore(folder / "threads", notebook) if settings.cache and settings.mode == "live" else None,
        spending=Spending(folder / "spending", time.time),
        loop=loop or LoopThread(),
        pace=pace,
        on_close=[project.close],
    )


def _registry(environ: Mapping[str, str], root: Path | None, beside: Path | None, settings: Settings) -> Registry:
    home = environ.get("HOME") or environ.get("USERPROFILE")
    own = {"ASKANCE_REDIS_URL": settings.redis_url, "ASKANCE_BASE_URL": settings.base_url}
    return Registry(environ, root, Path(home) if home else None, beside, own)


def _sources(
    state: KernelState,
    project: Project,
    root: Path | None,
    environ: Mapping[str, str],
    notebook: Callable[[], Path | None],
    recent: Callable[[], Sequence[str]],
) -> list[Source]:
    access = project.access
    code = partial(may_show, access)
    own: list[Source] = [
        VariablesSource(state, str(root) if root else "", code),
        CellsSource(state, partial(may_name, access)),
        ErrorSource(state, str(root) if root else "", code),
        FilesSource(project, state, notebook, recent),
        ImportsSource(project, state),
        EnvironmentSource(machine_facts(sys.prefix, sys.base_prefix, environ), environ, root, access.may_read),
        PackagesSource(state, sys.modules, sys.path, sys.stdlib_module_names, root, access.may_read),
        GitSource(root, environ, notebook, changes=project.changes, subjects=project.subjects, allows=access.allows),
        TabsSource(state, access.allows),
    ]
    return [*own, *(point.load()(state, root) for point in entry_points(group=SOURCES_GROUP))]


def _tools(own: Sequence[Tool], sources: Sequence[Source]) -> ToolBox:
    """Ours, those of other packages, and those that the user has declared by now."""
    packages = PackageTools(tool.name for tool in own)
    by_name = {source.name: source for source in sources}

    def look(source: str, name: str) -> str | None:
        return by_name[source].fingerprint(name) if source in by_name else None

    return ToolBox(lambda: [*own, *packages.tools, *(one.looking(look) for one in declared())], packages.notes)


def _keeping(
    settings: Settings, environ: Mapping[str, str], folder: Path, recorded: Path, gate: Gate, earlier: Recall | None
) -> Keeping:
    given = earlier.given if earlier is not None else Given()
    packs = Packs(folder / "packs", recorded)
    recording = _recording(recorded, given, gate, folder) if settings.mode == "record" else None
    given.follow = recording.soon if recording is not None else None
    return Keeping(
        cache=_cache(settings, environ, folder, packs, earlier.cache if earlier is not None else None),
        flights=Flights(folder / "flights" if settings.cache else None),
        given=given,
        packs=packs,
        recording=recording,
        notices=earlier.notices if earlier is not None else Notices(),
        folder=folder if settings.cache else None,
    )


def _recording(path: Path, given: Given, gate: Gate, folder: Path) -> Recording:
    lock = hashlib.blake2b(os.fsencode(path.resolve()), digest_size=20).hexdigest()
    return Recording(path, given, gate.redactor, folder / "flights" / f"{lock}.lock")


def _cache(
    settings: Settings, environ: Mapping[str, str], folder: Path, packs: Packs, before: Cache | None
) -> Cache | None:
    if not settings.cache:
        return None
    bounds = (settings.cache_entries, settings.cache_bytes)
    held = [shelf.tier for shelf in before.shelves if isinstance(shelf.tier, MemoryTier)] if before is not None else []
    memory = next((tier for tier in held if tier.bounds == bounds), None) or MemoryTier(*bounds)
    shelves = [
        Shelf(memory, settings.cache_seconds),
        Shelf(DiskTier(folder / "answers"), _seconds(settings.disk_seconds, settings)),
    ]
    if settings.redis_url:
        redis = RedisTier(settings.redis_url, environ)
        shelves.append(Shelf(redis, _seconds(settings.redis_seconds, settings)))
    return Cache(shelves, packs, tallies=before.tallies if before is not None else None)


def _seconds(own: float | None, settings: Settings) -> float:
    return settings.cache_seconds if own is None else own


def for_project(
    root: Path,
    namespace: Mapping[str, object] | None,
    cells: Sequence[Cell | str],
    open_files: Sequence[str],
    recent_files: Sequence[str],
    settings: Settings | None,
    environ: Mapping[str, str] | None,
) -> Session:
    """A session without a kernel; see `Session.for_project`."""
    environ = os.environ if environ is None else environ
    ran = [
        Cell(id=f"cell-{number}", number=number, source=cell) if isinstance(cell, str) else cell
        for number, cell in enumerate(cells, 1)
    ]
    state = StaticState(namespace=namespace, cells=ran, open_files=open_files, recent_files=recent_files)
    session = build(settings or settings_.load(environ, root), state, root, environ=environ, patience=None)
    finish_at_exit(session)
    return session
