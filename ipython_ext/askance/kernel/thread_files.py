"""Threads in a file that a person can read, and give to others.

Enters: a transcript and a path. Leaves: a JSON file; or the transcript with what a file holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..threads.store import read, write

if TYPE_CHECKING:
    from ..threads.transcript import Transcript


def save(transcript: Transcript, arguments: Sequence[str]) -> str:
    """Write all threads to the file that is named; one that holds anything else stays as it is.

    Raises:
        UsageError: it cannot be written.
    """
    path = Path(arguments[0]).expanduser()
    try:
        if path.exists():
            read(path)
        write(path, transcript)
    except OSError as error:
        raise _unusable(path, error) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} is there already, and holds no threads", "Type another name.") from None
    return f"{_sizes(transcript)} written to {path}."


def load(transcript: Transcript, arguments: Sequence[str]) -> str:
    """Put the threads of the file that is named in place of those there are.

    Raises:
        UsageError: it holds none, or is damaged; nothing has changed.
    """
    path = Path(arguments[0]).expanduser()
    try:
        transcript.take(read(path).to_dict())
    except OSError as error:
        raise _unusable(path, error) from None
    except (ValueError, RecursionError):
        raise UsageError(f"{path} holds no threads", "It takes a file that %threads save has written.") from None
    return f"{_sizes(transcript)} taken from {path}."


def turns_in_words(count: int) -> str:
    """A number of turns, for a sentence."""
    return f"{count} turn{'' if count == 1 else 's'}"


def _sizes(transcript: Transcript) -> str:
    threads = transcript.threads()
    names = f"{len(threads)} thread{'' if len(threads) == 1 else 's'}"
    return f"{names} with {turns_in_words(sum(map(len, threads.values())))}"


def _unusable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path} cannot be used: {error.strerror or error}", "Type another name.")
