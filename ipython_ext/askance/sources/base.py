"""What a source is.

Enters: an `Ask`, and whatever the source was built with (a namespace, a folder; never a shell).
Leaves: candidates, unranked. To add a source: one file beside this one, and one line in `assemble.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ..records import Ask, Candidate, Cell


class Source(Protocol):
    """Offers context of one kind.

    One that can give less than it should may say so, after `collect`, in an attribute `notes`: a sequence of lines.
    One that needs another time limit than the rest has an attribute `deadline`, in seconds.
    One that can tell what a change was, and not only that there was one, has `facts(name) -> Mapping[str, int | str]`: a
    few small numbers and words about a candidate as it is now (rows, branch, version), no contents, in well under a
    millisecond. `staleness.py` makes words of what differs.
    One that can tell the "type" of its facts alone, for less, has `kind(name) -> str | None`: it decides for what no more
    than the name is told of.
    One whose candidates people call by name has `named(names) -> Iterable[str]`: the candidates' names that any of these
    words means now, whether `collect` would offer them or not. Cheap, and asked on every lookup of the cache: an answer from
    before there was a thing of that name is no answer any more.
    One whose candidates their owner may come to leave out, with an ignore file, has `leaves_out(name) -> bool`: what an
    earlier turn of a conversation told of one is then taken back.
    One whose candidates may change while no cell runs has `pulse() -> object`: cheap, and different after such a change.
    """

    name: str
    """One of: variables cells error files imports environment packages git tabs; third parties choose their own."""

    async def collect(self, ask: Ask) -> list[Candidate]:
        """All candidates for this ask. May be cancelled at any `await`; may raise, which becomes a note in the ledger.

        Each call has a thread and an event loop of its own: it may block, and holds up no other source.
        """
        ...

    def fingerprint(self, name: str) -> str | None:
        """The present fingerprint of the candidate `name`, None if it is gone. Cheap: the cache asks it on every lookup.

        Must equal the `fingerprint` that `collect` would give that candidate now.
        """
        ...


class KernelState(Protocol):
    """What sources may see of a running kernel. The kernel room implements it; headless sessions use `StaticState`."""

    def namespace(self) -> Mapping[str, object]:
        """The user's variables: name -> object, without IPython's own names, the last assigned last."""
        ...

    def cells(self) -> Sequence[Cell]:
        """The cells that ran, oldest first; a cell that ran again counts once, at its latest place."""
        ...

    def error(self) -> BaseException | None:
        """The exception of the last cell that ran, None if it went well."""
        ...

    def open_files(self) -> Sequence[str]:
        """Paths of the open tabs relative to the root, the active one first; empty if no front end told."""
        ...

    def recent_files(self) -> Sequence[str]:
        """Paths of files lately worked on, relative to the root, the latest first."""
        ...


def everything(_path: str) -> bool:
    """Nothing is left out."""
    return True


class StaticState:
    """A `KernelState` that is given, for sessions without a kernel and for tests."""

    def __init__(
        self,
        namespace: Mapping[str, object] | None = None,
        cells: Sequence[Cell] = (),
        error: BaseException | None = None,
        open_files: Sequence[str] = (),
        recent_files: Sequence[str] = (),
    ) -> None:
        self._namespace = {} if namespace is None else namespace
        self._cells = cells
        self._error = error
        self._open_files = open_files
        self._recent_files = recent_files

    def namespace(self) -> Mapping[str, object]:
        """As given; read anew each time, so a live dict may be given."""
        return self._namespace

    def cells(self) -> Sequence[Cell]:
        """As given."""
        return self._cells

    def error(self) -> BaseException | None:
        """As given."""
        return self._error

    def open_files(self) -> Sequence[str]:
        """As given."""
        return self._open_files

    def recent_files(self) -> Sequence[str]:
        """As given."""
        return self._recent_files
