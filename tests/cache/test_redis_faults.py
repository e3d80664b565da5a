"""A Redis server that is gone, slow, odd or killed: no exception, one line, and nobody waits longer than promised."""

import socket
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager

import pytest
from fixtures_redis import free_port, listener, redis_server

from askance.cache.kept import Kept
from askance.cache.redis.breaker import FIRST_PAUSE
from askance.cache.redis.tier import LARGEST, LOOKUP, RedisTier
from askance.testing import FakeClock

__all__ = ["redis_server"]

PROMISED = 0.05
"""Seconds that an ask may be delayed."""


class Waits:
    """Waits as asked to, and remembers for how long; patient once it is told to be: a busy machine is no fault."""

    def __init__(self):
        self.seconds = []
        self.patient = False

    def __call__(self, future, seconds):
        self.seconds.append(seconds)
        return Future.result(future, 30 if self.patient else seconds)


@pytest.fixture
def clock():
    """Moves when told to."""
    return FakeClock(1000.0)


@pytest.fixture
def waits():
    """Counts."""
    return Waits()


@pytest.fixture
def make(clock, waits):
    """Makes tiers on that clock and closes them."""
    made = []

    def new(url, **options):
        made.append(RedisTier(url, row_format=3, **{"clock": clock, "wait": waits, **options}))
        return made[-1]

    yield new
    for tier in made:
        tier.close()


def idle():
    """Whether no thread of a tier is left."""
    for thread in threading.enumerate():
        if thread.name == "askance redis":
            thread.join(10)
    return not [thread for thread in threading.enumerate() if thread.name == "askance redis"]


# ---- what listens there is no Redis, or not a well one


def silent(guest):
    """Takes the connection and says nothing."""
    while guest.recv(65536):
        pass


def web(guest):
    """A web server."""
    guest.recv(65536)
    guest.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
    silent(guest)


def shut(guest):
    """Closes the door."""
    guest.close()


def cut(guest):
    """Breaks off in the middle of a reply."""
    guest.recv(65536)
    guest.sendall(b"$1000\r\nabc")
    guest.close()


def drip(guest):
    """A byte now and then, for ever."""
    guest.sendall(b"$1000000\r\n")
    while True:
        guest.sendall(b"x")
        threading.Event().wait(0.02)


def noise(guest):
    """Bytes without end, and no line among them."""
    while True:
        guest.sendall(b"\x00\xffz" * 5000)


def flood(guest):
    """A value without end."""
    guest.sendall(b"$536870912000\r\n")
    while True:
        guest.sendall(b"x" * 65536)


def nested(guest):
    """Lists in lists, to the end of every stack."""
    guest.recv(65536)
    guest.sendall(b"*1\r\n" * 100_000)
    silent(guest)


@contextmanager
def nobody():
    """A port where nothing listens."""
    yield f"127.0.0.1:{free_port()}"


@contextmanager
def black_hole():
    """An address from which nothing comes back, not even a refusal: a queue that is full."""
    with ExitStack() as stack:
        door = stack.enter_context(socket.socket())
        door.bind(("127.0.0.1", 0))
        door.listen(0)
        for _ in range(8):
            guest = stack.enter_context(socket.socket())
            guest.setblocking(False)
            guest.connect_ex(door.getsockname())
        yield f"127.0.0.1:{door.getsockname()[1]}"


PLACES = [silent, web, shut, cut, drip, noise, flood, nested]


@contextmanager
def place_of(kind):
    """The place of one of the above."""
    with listener(kind) if kind in PLACES else kind() as place:
        yield place


@pytest.mark.parametrize("kind", [*PLACES, nobody, black_hole])
def test_whatever_is_there_costs_one_wait_and_says_one_line(kind, make, clock, waits):
    """While it connects a lookup waits its time; from then on one of any number, after each pause. No thread is left."""
    with place_of(kind) as place:
        tier = make(f"redis://{place}")
        while not tier.problem:
            assert tier.get("key") is None
            clock.move(0.3)
        assert max(waits.seconds, default=0.0) <= LOOKUP < PROMISED
        assert tier.problem.startswith("redis off: ")
        assert place in tier.problem
        assert "; tried again " in tier.problem
        assert "\n" not in tier.problem
        before = len(waits.seconds)
        for pause in (FIRST_PAUSE, 2 * FIRST_PAUSE):
            for _ in range(100):
                assert tier.get("key") is None
                tier.set("key", Kept("x"), 60)
                tier.clear()
                assert tier.stats() == {"entries": 0, "bytes": 0}
            assert len(waits.seconds) == before
            clock.move(pause)
            assert tier.get("key") is None
            assert tier.problem
            assert len(waits.seconds) - before <= 1  # none if what hangs there is known to hang
            before = len(waits.seconds)
        tier.close()
        assert idle()


def test_a_flood_is_not_drunk():
    """An endless reply is left when it is longer than any answer."""
    sent = []

    def counted(guest):
        guest.sendall(b"$536870912000\r\n")
        while True:
            sent.append(guest.send(b"x" * 65536))

    with listener(counted) as place:
        tier = RedisTier(f"redis://{place}", wait=lambda future, seconds: Future.result(future, 30))
        assert tier.get("key") is None
        assert "does not answer" in tier.problem
        connections = 2  # made ready, and looked up
        buffers = 32 * 2**20
        assert sum(sent) <= connections * (LARGEST + buffers)
        tier.close()
    assert idle()


def replies(line):
    """Says the same to whatever it is told."""

    def serve(guest):
        while guest.recv(65536):
            guest.sendall(line.encode() + b"\r\n")

    return serve


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("-LOADING Redis is loading the dataset in memory", "is still loading its data"),
        ("-NOAUTH Authentication required.", "refuses the user name or the password"),
        ("-WRONGPASS invalid username-password pair", "refuses the user name or the password"),
        ("-NOPERM this user has no permissions", "does not let this user do it"),
        ("-MASTERDOWN Link with MASTER is down", "refuses"),
        ("-CLUSTERDOWN The cluster is down", "refuses"),
        ("-MOVED 3999 127.0.0.1:6381", "is part of a cluster"),
        ("-ERR max number of clients reached", "closes the connection"),
        ("-ERR unknown command 'GETRANGE', with args beginning with: 'hunter2secret'", "refuses; tried again"),
        ("-hunter2secret", "refuses"),
        (":12", "answers nonsense"),
        ("*0", "answers nonsense"),
        ("?what", "does not speak Redis's protocol"),
        ("$-1", "answers nonsense"),
        ("$zz", "answers nonsense"),
    ],
)
def test_a_refusal_is_one_line_without_the_servers_words(reply, told, make, waits):
    """Old servers repeat what they were told, passwords too."""
    waits.patient = True
    with listener(replies(reply)) as place:
        tier = make(f"redis://{place}")
        assert tier.get("key") is None
        assert tier.problem.startswith("redis off: ")
        assert told in tier.problem
        assert "hunter2secret" not in tier.problem


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        ("-MISCONF Redis is configured to save RDB snapshots", "cannot save its data and takes no writes"),
        ("-OOM command not allowed when used memory > 'maxmemory'", "is full"),
        ("-READONLY You can't write against a read only replica.", "is a replica, which takes no writes"),
    ],
)
def test_a_refused_write_leaves_lookups_alone(reply, told, make, waits):
    """Only writes rest."""
    waits.patient = True

    def serve(guest):
        while words := guest.recv(65536):
            guest.sendall(b"$4\r\nkept\r\n" if b"GETRANGE" in words else reply.encode() + b"\r\n")

    with listener(serve) as place:
        tier = make(f"redis://{place}")
        tier.set("key", Kept("x"), 60)
        assert tier.problem.startswith(f"redis keeps nothing new: {place} {told}; tried again in 5 s")
        asked = len(waits.seconds)
        tier.set("key", Kept("x"), 60)
        tier.delete("key")
        assert len(waits.seconds) == asked
        assert tier.get("key").text == "kept"


# ---- names that are looked up for ever


def test_a_name_that_is_not_found_is_one_line(make, monkeypatch, waits):
    """As the system's resolver says it."""
    waits.patient = True
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: (_ for _ in ()).throw(socket.gaierror(-2, "unknown")))
    tier = make("redis://nosuch.example")
    assert tier.get("key") is None
    assert tier.problem == "redis off: the host of nosuch.example:6379 is not known; tried again in 5 s"


def test_a_resolver_that_hangs_hangs_nobody(make, monkeypatch, clock, waits):
    """A lookup that comes while it connects is a plain miss; once that takes too long, nobody waits at all."""
    hold, asked = threading.Event(), []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: (asked.append(1), hold.wait(60), [])[-1])
    tier = make("redis://slow.example")
    tier.warm()
    while not asked:
        threading.Event().wait(0.001)
    assert tier.get("key") is None
    assert tier.problem == ""
    clock.move(1.5)
    assert tier.get("key") is None
    assert tier.problem == "redis off: slow.example:6379 does not answer within 30 ms; tried again in 5 s"
    for _ in range(20):
        clock.move(300)
        assert tier.get("key") is None
    assert waits.seconds == [LOOKUP]
    assert asked == [1]
    tier.close()
    hold.set()
    assert idle()


def test_an_interpreter_ends_while_a_server_hangs():
    """Nothing waits at exit, closed or not."""
    code = (
        "import sys; from askance.cache.redis.tier import RedisTier\n"
        "tier = RedisTier(sys.argv[1]); tier.get('key'); print(tier.problem)"
    )
    with listener(silent) as place, listener(drip) as other:
        for one in (place, other):
            ended = subprocess.run(
                [sys.executable, "-c", code, f"redis://{one}"], capture_output=True, text=True, timeout=60, check=True
            )
            assert ended.stderr == ""


def test_without_a_thread_to_be_had_there_is_one_line(make, monkeypatch):
    """An answer that is kept at the interpreter's end finds none."""
    monkeypatch.setattr(threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("no new thread")))
    tier = make("redis://cache.example")
    tier.warm()
    tier.set("key", Kept("x"), 60)
    assert tier.get("key") is None
    assert tier.problem == "redis off: there is no thread to ask cache.example:6379 with; tried again in 5 s"


# ---- a server that stops and comes back


def test_a_stopped_server_costs_one_wait_and_is_found_again(redis_server, make, clock, waits):
    """SIGSTOP: its connections stay open and nothing comes."""
    tier = make(redis_server.url)
    waits.patient = True
    tier.set("key", Kept("kept"), 3600)
    assert tier.get("key").text == "kept"
    waits.patient, before = False, len(waits.seconds)
    redis_server.pause()
    for _ in range(1000):
        assert tier.get("key") is None
    assert waits.seconds[before:] == [LOOKUP]
    assert tier.problem == f"redis off: {redis_server.place} does not answer within 30 ms; tried again in 5 s"
    clock.move(4.5)
    assert tier.problem.endswith("tried again in 1 s")
    assert tier.get("key") is None
    redis_server.resume()
    waits.patient = True
    for _ in range(5000):  # the first may meet what still hangs
        clock.move(300)
        if tier.get("key") is not None:
            break
        threading.Event().wait(0.002)
    assert tier.get("key").text == "kept"
    assert tier.problem == ""


def test_killed_and_restarted_under_load_nobody_notices(redis_server, make, clock, waits):
    """Ten times `kill -9` under four threads: no exception, no wrong answer, and it works after each restart."""
    waits.patient = True
    tier = make(redis_server.url)
    faults, hits, ended = [], [0], threading.Event()

    def work(number):
        turn = 0
        while not ended.is_set():
            turn += 1
            key, text = f"{number}-{turn % 7}", f"{number}-{turn % 7} " + "x" * 3000
            try:
                tier.set(key, Kept(text), 3600)
                found = tier.get(key)
                if found is not None:
                    hits[0] += 1
                    if found.text != text:
                        faults.append(found.text[:40])
                if turn % 50 == 0:
                    tier.clear()
                    tier.stats()
            except BaseException as error:
                faults.append(error)

    def wait_for_hits():
        seen = hits[0]
        for _ in range(20_000):
            if hits[0] > seen + 20:
                return True
            clock.move(1.0)
            threading.Event().wait(0.001)
        return False

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    worked = [wait_for_hits()]
    for _ in range(10):
        redis_server.kill()
        threading.Event().wait(0.02)
        redis_server.start()
        worked.append(wait_for_hits())
    ended.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert worked == [True] * 11
    clock.move(600)
    tier.set("key", Kept("kept"), 60)
    clock.move(600)
    tier.set("key", Kept("kept"), 60)
    assert tier.get("key").text == "kept"
    assert tier.problem == ""
