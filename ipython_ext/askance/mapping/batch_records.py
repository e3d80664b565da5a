"""Which batches are under way at a provider, and which rows they hold: so that no kernel submits again what another did.

Enters: batches as they begin. Leaves: those that hold some rows. On disk there are ids and hashes alone, no contents.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ..paths import make_private, replace_file
from ..regular import read_regular

MOST_BYTES = 64_000_000
"""Of a record; a batch of as many requests as there may be has less."""

KEPT_SECONDS = 29 * 86_400.0
"""Time after which a provider keeps no results, in seconds (Anthropic: 29 days; what we ask of OpenAI: 30)."""

_TEXT = re.compile(r"[A-Za-z0-9_-]{1,200}")


@dataclass(frozen=True, kw_only=True)
class Record:
    """A batch that was handed over.

    Attributes:
        batch: its id.
        server: the provider's name and address.
        model: the full model name.
        mark: names the gate whose placeholders are in it.
        created: seconds since the epoch.
        requests: request's id -> row's id in that request -> the row's key.
    """

    batch: str
    server: str
    model: str
    mark: str
    created: float
    requests: Mapping[str, Mapping[str, str]]

    @property
    def keys(self) -> set[str]:
        """Of all rows in it."""
        return {key for rows in self.requests.values() for key in rows.values()}


class Records:
    """The batches under way.

    Args:
        folder: where they are written down, made on first use; None to keep them for as long as this is.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._held: dict[str, Record] = {}

    def add(self, record: Record) -> None:
        """Write it down. A folder that takes no files loses nothing but the memory of another kernel."""
        self._held[record.batch] = record
        if self._folder is not None and _TEXT.fullmatch(record.batch):
            with suppress(OSError):
                text = json.dumps(asdict(record))
                replace_file(make_private(self._folder) / f"{record.batch}.json", text.encode(), 0o600)

    def forget(self, batch: str) -> None:
        """There is nothing more to get from it."""
        self._held.pop(batch, None)
        if self._folder is not None and _TEXT.fullmatch(batch):
            with suppress(OSError):
                (self._folder / f"{batch}.json").unlink(missing_ok=True)

    def all(self, now: float) -> list[Record]:
        """Those that have results, or will, the oldest first.

        Args:
            now: seconds since the epoch.
        """
        found = dict(self._held)
        for path in self._folder.glob("*.json") if self._folder is not None else ():
            record = _read(path)
            if record is not None:
                found.setdefault(record.batch, record)
        for record in [one for one in found.values() if now - one.created > KEPT_SECONDS]:
            self.forget(found.pop(record.batch).batch)
        return sorted(found.values(), key=lambda one: one.created)

    def holding(self, keys: Collection[str], server: str, now: float) -> list[Record]:
        """Those of a server that hold some of these rows."""
        wanted = set(keys)
        return [one for one in self.all(now) if one.server == server and not wanted.isdisjoint(one.keys)]


def _read(path: Path) -> Record | None:
    """None if it is not what we wrote."""
    try:
        record = Record(**json.loads((read_regular(path, MOST_BYTES) or b"").decode()))
        texts = (record.batch, record.server, record.model, record.mark)
        rows = [key for named in record.requests.values() for pair in named.items() for key in pair]
        good = isinstance(record.created, float) and all(isinstance(one, str) for one in (*texts, *rows))
    except (OSError, ValueError, TypeError, AttributeError, RecursionError):
        return None
    return record if good and _TEXT.fullmatch(record.batch) else None
