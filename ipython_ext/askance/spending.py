"""What was asked of models, and what it cost: a line for each answer or column, in a file a month that anybody can read.

Enters: usage, as providers counted it. Leaves: sums. Written in a moment and off the answer's path; no words of any question
are in it.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from .records import Usage

SOON = 1.0
"""Seconds until what was noted is written, with whatever else comes until then."""

MOST_BYTES = 50_000_000
"""A larger file is not read: no month of one person has half a million requests."""


@dataclass(frozen=True)
class Spent:
    """What some answers of one model took: how many, their tokens, their price in US dollars as far as it is known."""

    model: str
    answers: int = 0
    usage: Usage = field(default_factory=Usage)
    cost: float = 0.0

    def __add__(self, other: Spent) -> Spent:
        """Both together, by the name of the first."""
        usage = self.usage + other.usage
        return Spent(self.model, self.answers + other.answers, usage, self.cost + other.cost)


class Spending:
    """Notes what is spent. Thread-safe; never raises for a disk that does not take it.

    Args:
        folder: where the files are; made when it is needed. None to note nothing.
        wall_clock: seconds since the epoch.
    """

    def __init__(self, folder: Path | None, wall_clock: Callable[[], float]) -> None:
        self._folder = folder
        self._wall_clock = wall_clock
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, str]] = []
        self._timer: threading.Timer | None = None

    def add(self, model: str, usage: Usage, cost: float | None, answers: int = 1) -> None:
        """Note what was spent; returns at once.

        Args:
            model: the full model name.
            usage: its tokens.
            cost: its price in US dollars, None if it is not known.
            answers: how many answers it was for: rows of a column, too.
        """
        if self._folder is None or usage == Usage():
            return
        now = self._wall_clock()
        price = None if cost is None else round(cost, 8)
        row = {"time": round(now), "model": model, "answers": answers, **asdict(usage), "cost": price}
        with self._lock:
            self._waiting.append((_month(now), json.dumps(row, separators=(",", ":")) + "\n"))
            if self._timer is None:
                self._timer = threading.Timer(SOON, self.flush)
                self._timer.name, self._timer.daemon = "askance spending", True
                self._timer.start()

    def flush(self) -> None:
        """Write what waits, now."""
        with self._lock:
            timer, self._timer = self._timer, None
            waiting, self._waiting = self._waiting, []
        if timer is not None:
            timer.cancel()
        if self._folder is None or not waiting:
            return
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for month in sorted({month for month, _ in waiting}):
                self._write(month, "".join(line for one, line in waiting if one == month))

    def _write(self, month: str, lines: str) -> None:
        """In one piece, so that kernels may write side by side."""
        assert self._folder is not None  # noqa: S101  asked for above
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        file = os.open(self._folder / f"{month}.jsonl", flags, 0o600)
        try:
            os.write(file, lines.encode())
        finally:
            os.close(file)

    def months(self, most: int = 12) -> Iterator[tuple[str, list[Spent]]]:
        """The latest months, the last first: ("2026-11", the sums by model, the dearest first).

        Args:
            most: how many.
        """
        self.flush()
        files = sorted(self._folder.glob("????-??.jsonl"), reverse=True) if self._folder is not None else []
        for path in files[:most]:
            with suppress(OSError, UnicodeDecodeError):
                if path.stat().st_size <= MOST_BYTES:
                    yield path.stem, summed(path.read_text("utf-8").splitlines())


def summed(lines: Iterable[str]) -> list[Spent]:
    """The sums by model; what is no line of ours, torn by a crash perhaps, counts for nothing."""
    sums: dict[str, Spent] = {}
    for line in lines:
        with suppress(ValueError, TypeError, KeyError):
            row = json.loads(line)
            usage = Usage(**{name: int(row[name]) for name in ("input", "output", "cached", "written")})
            one = Spent(str(row["model"]), int(row["answers"]), usage, float(row["cost"] or 0))
            sums[one.model] = sums[one.model] + one if one.model in sums else one
    return sorted(sums.values(), key=lambda spent: (-spent.cost, -spent.usage.input, spent.model))


def _month(now: float) -> str:
    return datetime.fromtimestamp(now, UTC).strftime("%Y-%m")
