"""Asks in the world of a round, and looks for its secrets in all that leaves or is written down.

Enters: a round. Leaves: what was sent of it, and what is left of each secret where.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from askance.assemble import build
from askance.records import Answer, Cell
from askance.settings import Settings
from askance.sources.base import StaticState

from .placements import marker, secrets_of, world_of
from .recording_server import KEY, PLACEHOLDER, RecordingServer
from .secret_kinds import Placed, remains
from .tool_stand_in import installed

IDENTITY = {f"GIT_{who}_{what}": "t@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
BASE = {"PATH": "/usr/local/bin:/usr/bin:/bin", **IDENTITY}
REACH = 400
"""Characters after a marker in which its placeholder stands."""


@dataclass(frozen=True)
class Outcome:
    """What became of a secret.

    Attributes:
        sent: whether the thing it stood in was sent, with a placeholder in it.
        left: where something of it is left -> what.
        restored: whether the answer in memory has it; None if that cannot be told.
        shown: whether what is saved has it.
    """

    number: int
    place: str
    secret: Placed
    sent: bool
    left: Mapping[str, list[str]]
    restored: bool | None
    shown: bool

    @property
    def name(self) -> str:
        """For people."""
        return f"round {self.number}: {self.secret.kind}{' (other)' if self.secret.other else ''} in {self.place}"

    @property
    def some(self) -> dict[str, list[str]]:
        """One of the pieces that are left in each place."""
        return {where: pieces[:1] for where, pieces in self.left.items()}


def outcomes(
    number: int, folder: Path, redis: Callable[[], tuple[str, Callable[[], bytes]]] | None = None
) -> list[Outcome]:
    """One round: nine secrets in nine places, asked for by one question (and one before it).

    Args:
        number: its number; even ones go through the openai SDK, odd ones through anthropic's.
        folder: an empty one.
        redis: gives the address of a Redis server, and how to read all it keeps.
    """
    protocol = ("openai", "anthropic")[number % 2]
    address, kept = redis() if redis is not None else ("", lambda: b"")
    with RecordingServer() as server, heard() as records:
        url = server.base_url if protocol == "openai" else server.anthropic_url
        own = {f"{protocol.upper()}_API_KEY": KEY, f"{protocol.upper()}_BASE_URL": url}
        environ = {**BASE, **own, "ASKANCE_CACHE_DIR": str(folder / "cache")}
        world = world_of(number, folder, environ)
        notebook = world.root / "asking.ipynb"
        state = StaticState(
            namespace=world.namespace,
            cells=[Cell(id=f"c{at}", number=at, source=source) for at, source in enumerate(world.cells, 1)],
            error=world.error,
        )
        settings = Settings(
            model=f"{protocol}:scripted-model", privacy=3, redis_url=address, mode="record", gather_deadline=20.0
        )
        with installed(folder / "installed", world.tools):
            session = build(
                settings,
                state,
                world.root,
                environ=world.environ,
                notebook=lambda: notebook,
                beside=world.root,
                patience=None,
            )
            answers = []
            for question in filter(None, (world.earlier, f"{' '.join(world.question)} and the last commits?")):
                answers.append(session.ask(question, budget=60_000, context_budget=50_000))
            pack = session.recall.pack()
            session.loop.run(session.close())
            session.loop.close()
        found = {
            "the server's bytes": server.received,
            "the cache and the conversations": disk(folder / "cache"),
            "the recording": b"".join(file.read_bytes() for file in world.root.glob("*.askance")),
            "the pack": pack.encode(),
            "Redis": kept(),
            "the logs": "\n".join(records).encode("utf-8", "replace"),
            "the ledger": "".join(str(answer.ledger.to_dict()) for answer in answers).encode(),
            "what is shown": "".join(answer.shown for answer in answers).encode(),
        }
        proves(found, server, bool(address))
        return [
            _outcome(number, place, one, found, "\n".join(server.texts), answers)
            for place, one in secrets_of(number).items()
        ]


def _outcome(
    number: int, place: str, one: Placed, found: Mapping[str, bytes], told: str, answers: list[Answer]
) -> Outcome:
    left = {where: pieces for where, data in found.items() if (pieces := remains(one, data))}
    text = "".join(answer.text for answer in answers).replace("\\n", "\n")
    long = one.secret.replace("\\n", "\n")
    restored = any(long[at : at + 12] in text for at in range(len(long) - 11)) if one.whole else None
    return Outcome(number, place, one, is_sent(place, number, told), left, restored, "what is shown" in left)


def is_sent(place: str, number: int, told: str) -> bool:
    """Whether the model was told of the thing, with a placeholder in it."""
    return re.search(rf"(?s)(?i:{marker(place, number)}).{{0,{REACH}}}?{PLACEHOLDER.pattern}", told) is not None


def proves(found: Mapping[str, bytes], server: RecordingServer, redis: bool) -> None:
    """That there was something to look at in each place, and that the key went where it belongs and nowhere else."""
    for where in (
        "the server's bytes",
        "the cache and the conversations",
        "the recording",
        "the pack",
        "what is shown",
    ):
        assert b"I see" in found[where] or where == "the server's bytes", where
        assert PLACEHOLDER.search(found[where].decode("utf-8", "replace")), where
    assert not redis or b"I see" in found["Redis"]
    for where, data in found.items():
        assert KEY.encode() not in data, where
    headers = [request.headers for request in server.asked]
    assert headers
    assert all(KEY in f"{one.get('authorization')} {one.get('x-api-key')}" for one in headers)


def disk(cache: Path) -> bytes:
    """All that is kept on disk but the index: that holds the project's texts as the project itself does, for its owner's
    eyes alone, and never leaves.
    """
    files = (file for file in cache.rglob("*") if file.is_file() and "index" not in file.relative_to(cache).parts)
    return b"\n".join(file.read_bytes() for file in sorted(files))


@contextmanager
def heard() -> Iterator[list[str]]:
    """Everything that anything logs meanwhile, at any level."""
    records: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(f"{record.name} {record.getMessage()} {record.args!r} {record.exc_info!r}")

    ear, root = Ear(0), logging.getLogger()
    before = root.level
    loggers = [one for one in root.manager.loggerDict.values() if isinstance(one, logging.Logger)]
    levels = {one: one.level for one in loggers}
    root.addHandler(ear)
    root.setLevel(1)
    for one in loggers:
        one.setLevel(1)
    try:
        yield records
    finally:
        root.removeHandler(ear)
        root.setLevel(before)
        for one, level in levels.items():
            one.setLevel(level)
