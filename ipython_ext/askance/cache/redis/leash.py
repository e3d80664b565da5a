"""Keeps a connection from reading for ever: so many bytes, in so many seconds.

Enters: a class of connections. Leaves: one like it, whose sockets stop at the allowance. A server that sends a byte now and
then keeps a plain timeout waiting, and one that sends without end fills the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Allowance:
    """What may still be read."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """
        Args:
            clock: seconds, monotonic.
        """
        self._clock = clock
        self._end, self._bytes = 0.0, 0

    def renew(self, seconds: float, size: int) -> None:
        """Allow so many seconds from now, and so many bytes."""
        self._end, self._bytes = self._clock() + seconds, size

    def check(self) -> None:
        """
        Raises:
            TimeoutError: it is used up.
        """
        if self._bytes <= 0 or self._clock() > self._end:
            raise TimeoutError

    def take(self, size: int) -> None:
        """So many bytes were read."""
        self._bytes -= size


class _Leash:
    """A socket that reads within an allowance."""

    def __init__(self, socket: Any, allowance: Allowance) -> None:
        self._socket = socket
        self._allowance = allowance

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)

    def recv(self, size: int) -> bytes:
        self._allowance.check()
        data: bytes = self._socket.recv(size)
        self._allowance.take(len(data))
        return data

    def recv_into(self, buffer: Any, *sizes: int) -> int:
        self._allowance.check()
        size: int = self._socket.recv_into(buffer, *sizes)
        self._allowance.take(size)
        return size


def leashed(connection: type[Any], allowance: Allowance) -> type[Any]:
    """A class of connections like `connection`, on the leash.

    Args:
        connection: one of redis-py's classes; their `_connect` gives a connected socket.
        allowance: of all connections of the class together.
    """

    class Leashed(connection):  # type: ignore[misc]
        """Reads no more than is allowed."""

        def _connect(self) -> Any:
            return _Leash(super()._connect(), allowance)

    return Leashed
