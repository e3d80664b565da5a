"""The third tier: a Redis server that a team or a hub shares. The only door to redis.

Enters and leaves: kept answers, as ASCII text by key. All that may hang (names, connecting, TLS, replies) happens on a
thread of the tier; a lookup waits for it `LOOKUP` seconds at most, and after a failure the server is left alone for a while.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any

from ..kept import Kept
from ..key import FORMAT
from .address import Address
from .leash import Allowance, leashed
from .link import EXCHANGE, Link

if TYPE_CHECKING:
    import redis

LOOKUP = 0.03
"""Seconds a lookup waits. The promise is 50 ms; the rest is for a busy interpreter to wake who waits."""

STEP = 0.5
"""Seconds for connecting to one address, and for any one piece of a reply."""

LARGEST = 4 * 2**20
"""Bytes of a value. A larger one is neither stored nor read."""

OVERHEAD = 2**17
"""Bytes that a reply may have beside a value; the names of a batch are half of that."""

BATCH = 1000
"""Keys that the server looks at for one SCAN: about a millisecond of its time."""

LOOKED_AT = 50
"""Batches that are counted for `stats`."""

LONGEST = 1e9
"""Seconds; Redis refuses times that it cannot count in milliseconds."""


class RedisTier:
    """Keeps answers in Redis under a prefix of its own. Gone, slow, full or refusing, it costs a miss, never the ask.

    Attributes:
        lookup: seconds a lookup waits; whoever asks about many rows has more time than money.
    """

    name = "redis"

    def __init__(
        self,
        url: str,
        environ: Mapping[str, str] | None = None,
        row_format: int = FORMAT,
        clock: Callable[[], float] = time.monotonic,
        wait: Callable[[Future[Any], float], Any] = Future.result,
    ) -> None:
        """
        Args:
            url: redis://, rediss:// or unix://, with what redis-py takes in a URL: user, password, database, ssl_ca_certs.
            environ: may hold ASKANCE_REDIS_USERNAME and ASKANCE_REDIS_PASSWORD, for a URL without them.
            row_format: part of every row's name: rows of another format are not ours.
            clock: seconds, monotonic.
            wait: gives a future's result within so many seconds, or raises TimeoutError.

        Raises:
            ConfigError: the URL is wrong.
        """
        self._address = Address.of(url)
        names = {"username": "ASKANCE_REDIS_USERNAME", "password": "ASKANCE_REDIS_PASSWORD"}
        login = {option: (environ or {}).get(name, "") for option, name in names.items()}
        self._login = {option: value for option, value in login.items() if value}
        self._prefix = f"askance:{row_format}:"
        self._clock = clock
        self._wait = wait
        self._links: dict[int, Link[redis.Redis]] = {}
        self._closed = False
        self.lookup = LOOKUP

    def _link(self) -> Link[redis.Redis]:
        """The thread and connection of this process; a forked child has its own, and leaves its parent's alone."""
        process = os.getpid()
        link = self._links.get(process)
        if link is None:
            connect = partial(_client, self._address.url, self._login)
            new = Link(self._address.place, connect, _cut, LARGEST + OVERHEAD, self._clock, self._wait)
            link = self._links.setdefault(process, new)
            if link is new:
                link.begin(partial(_text, name=self._prefix))
        return link

    def warm(self) -> None:
        """Connect in the background, so that the first lookup finds it done; so does whatever is called first."""
        if not self._closed:
            self._link()

    @property
    def problem(self) -> str:
        """Why the server is left alone for now, "" while it is not."""
        link = self._links.get(os.getpid())
        return link.problem if link is not None else ""

    def get(self, key: str) -> Kept | None:
        """What is kept under the key; None if nothing is, if it cannot be ours, or if it does not come in time."""
        if self._closed:
            return None
        text = self._link().do(partial(_text, name=self._prefix + key), self.lookup)
        return Kept(text) if text else None

    def set(self, key: str, kept: Kept, ttl: float) -> None:
        """Keep it for `ttl` seconds; of what is too large nothing is kept, not what was there before, either."""
        if len(kept.text) > LARGEST or not kept.text.isascii() or ttl <= 0:
            self.delete(key)
            return
        milliseconds = None if ttl == inf else max(1, int(min(ttl, LONGEST) * 1000))
        value = kept.text.encode("ascii")
        self._write(lambda client: client.set(self._prefix + key, value, px=milliseconds))

    def delete(self, key: str) -> None:
        """Forget one key."""
        self._write(lambda client: client.unlink(self._prefix + key))

    def clear(self) -> None:
        """Forget all answers of this format, everybody's; nothing else on that server."""
        for names in self._batches():
            if names:
                self._write(partial(_unlink, names=names))

    def stats(self) -> dict[str, int]:
        """{"entries", "bytes"} held now, by whomever; on a server with very many keys, what a short look finds.

        DBSIZE would count other people's keys, and what this kernel wrote says nothing of what a team shares.
        """
        sizes: dict[bytes, int] = {}
        for _, names in zip(range(LOOKED_AT), self._batches(), strict=False):
            found = self._link().do(partial(_sizes, names=names), EXCHANGE)
            sizes.update(zip(names, found or (), strict=False))
        return {"entries": len(sizes), "bytes": sum(sizes.values())}

    def _batches(self) -> Iterator[list[bytes]]:
        """The names of our rows, a bounded piece of work at a time, until all are told or the server fails."""
        cursor = 0
        while not self._closed:
            found = self._link().do(partial(_scan, cursor=cursor, prefix=self._prefix), EXCHANGE)
            if found is None:
                return
            cursor, names = found
            yield names
            if not cursor:
                return

    def _write(self, work: Callable[[redis.Redis], object]) -> None:
        if not self._closed:
            self._link().do(work, EXCHANGE, writes=True)

    def close(self) -> None:
        """End this process's thread and connection."""
        self._closed = True
        link = self._links.pop(os.getpid(), None)
        if link is not None:
            link.close()


def _client(url: str, login: Mapping[str, str], allowance: Allowance) -> redis.Redis:
    """A client for one thread, that has not connected yet.

    Raises:
        ImportError: redis is not installed.
        ValueError, TypeError, redis.RedisError: an option in the URL is wrong.
    """
    importlib.invalidate_caches()  # it may have been installed since the last try
    import redis
    from redis.backoff import NoBackoff
    from redis.maint_notifications import MaintNotificationsConfig
    from redis.retry import Retry

    ours: dict[str, Any] = {
        "protocol": 2,  # without the third's greeting, and without pushes that move a client to another host
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
        "driver_info": None,  # two round trips
        "socket_timeout": STEP,
        "socket_connect_timeout": STEP,
        "retry": Retry(NoBackoff(), 0),
        "retry_on_timeout": False,
        "retry_on_error": [],
        "health_check_interval": 0,
        "decode_responses": False,
    }
    pool = redis.ConnectionPool.from_url(url, **ours, **login)
    pool.connection_kwargs.update({name: ours[name] for name in ours if name in pool.connection_kwargs})  # a URL wins
    pool.connection_class = leashed(pool.connection_class, allowance)
    pool.connection_class(**pool.connection_kwargs)  # connects not, but reads the options
    return redis.Redis(connection_pool=pool)


def _cut(client: redis.Redis) -> None:
    client.connection_pool.disconnect()


def _text(client: redis.Redis, name: str) -> str:
    """A row, "" if there is none or it cannot be ours; no more of it is read than it takes to know."""
    import redis

    try:
        value: Any = client.getrange(name, 0, LARGEST)
    except redis.ResponseError as error:
        if str(error).startswith("WRONGTYPE"):
            return ""  # the next answer takes its place
        raise
    return value.decode("ascii") if len(value) <= LARGEST and value.isascii() else ""


def _unlink(client: redis.Redis, names: list[bytes]) -> None:
    client.unlink(*names)


def _scan(client: redis.Redis, cursor: int, prefix: str) -> tuple[int, list[bytes]]:
    found: Any = client.scan(cursor, match=f"{prefix}*", count=BATCH)
    return found[0], [name for name in found[1] if name.startswith(prefix.encode("ascii"))]


def _sizes(client: redis.Redis, names: list[bytes]) -> list[int]:
    pipeline = client.pipeline(transaction=False)
    for name in names:
        pipeline.strlen(name)
    return [size if isinstance(size, int) else 0 for size in pipeline.execute(raise_on_error=False)]
