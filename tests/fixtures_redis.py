"""A real redis-server for tests: on loopback, on a free port, with nothing on disk; and listeners that are no Redis.

Used by a plain import: `from fixtures_redis import redis_server`.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 10.0


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class RedisServer:
    """One process; `start` it again after a `kill` and it has the same port and nothing else."""

    def __init__(self, folder: Path, *options: str, tls: bool = False) -> None:
        """
        Args:
            folder: its working folder.
            options: as on redis-server's command line.
            tls: whether its port speaks TLS.
        """
        self.folder = folder
        self.port = free_port()
        self.place = f"127.0.0.1:{self.port}"
        self.url = f"{'rediss' if tls else 'redis'}://{self.place}"
        self.socket = folder / "redis.sock"
        ports = ["--port", "0", "--tls-port", str(self.port)] if tls else ["--port", str(self.port)]
        quiet = ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(folder)]
        sockets = ["--bind", "127.0.0.1", "--unixsocket", str(self.socket)]
        self._command = ["redis-server", *ports, *sockets, *quiet, *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it listens."""
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        end = time.monotonic() + PATIENCE
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"redis-server did not start: {(self.folder / 'redis.log').read_text()[-500:]}")
            time.sleep(0.005)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def _signal(self, number: int) -> None:
        assert self._process is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """`kill -9`."""
        self._signal(signal.SIGKILL)
        assert self._process is not None
        self._process.wait()
        self._process = None

    def pause(self) -> None:
        """It takes connections, as the system does that for it, and answers nothing."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """After `pause`."""
        self._signal(signal.SIGCONT)

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self._process is not None:
            self.kill()


@contextmanager
def running(folder: Path, *options: str, tls: bool = False) -> Iterator[RedisServer]:
    """A server of one's own; skips where there is no redis-server, fails there in CI."""
    if shutil.which("redis-server") is None:
        line = "redis-server is not installed: apt-get install redis-server"
        pytest.fail(line) if os.environ.get("CI") == "true" else pytest.skip(line)
    server = RedisServer(folder, *options, tls=tls)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A plain server, empty."""
    folder = tmp_path / "redis"
    folder.mkdir()
    with running(folder) as server:
        yield server


@contextmanager
def listener(serve: Callable[[socket.socket], object]) -> Iterator[str]:
    """Something that listens and is no Redis.

    Args:
        serve: what it does with a connection, on a thread; an OSError ends it.

    Yields:
        Its place, "host:port".
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        opened: list[socket.socket] = []

        def welcome() -> None:
            while True:
                try:
                    guest, _ = door.accept()
                except OSError:
                    return
                opened.append(guest)
                threading.Thread(target=entertain, args=(guest,), daemon=True).start()

        def entertain(guest: socket.socket) -> None:
            try:
                serve(guest)
            except OSError:
                guest.close()

        threading.Thread(target=welcome, daemon=True).start()
        try:
            yield f"127.0.0.1:{door.getsockname()[1]}"
        finally:
            door.shutdown(socket.SHUT_RDWR)
            for guest in opened:
                guest.close()
