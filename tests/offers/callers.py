"""Callers of a kernel that offers, well-behaved and hostile."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path

from askance.offers.calling import call
from askance.offers.folder import Offer, offers

PATIENCE = 30


def only(folder: Path) -> Offer:
    """The only offer there."""
    (offer,) = offers(folder)
    return offer


def ask(offer: Offer, request: dict) -> dict:
    """What a kernel replies."""
    return dict(asyncio.run(call(offer, request, PATIENCE)))


def use(offer: Offer, tool: str, **arguments: object) -> dict:
    """What a kernel's tool gives."""
    return ask(offer, {"do": "call", "tool": tool, "arguments": arguments})


def connected(address: str | int) -> socket.socket:
    """A connection, as any program of this machine may make it."""
    sock = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    sock.settimeout(PATIENCE)
    sock.connect(address if isinstance(address, str) else ("127.0.0.1", address))
    return sock


def heard(address: str | int, *said: bytes) -> bytes:
    """All that a kernel says to someone who says that, and then waits."""
    received = b""
    with connected(address) as sock, suppress(ConnectionError):  # it may hang up while we speak
        for data in said:
            sock.sendall(data)
        while data := sock.recv(65536):
            received += data
    return received
