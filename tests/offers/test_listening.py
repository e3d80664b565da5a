"""The socket of a kernel: who is answered, who hears nothing, and what is left when it ends."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from contextlib import asynccontextmanager

import pytest
from offers.callers import heard

from askance.errors import ToolError
from askance.offers.calling import Gone, call
from askance.offers.folder import Offer
from askance.offers.listening import LONGEST_PATH, MOST_CONNECTIONS, Listening, bound
from askance.offers.wire import MOST_BYTES, line

TOKEN = "t" * 43
HELLO = line({"token": TOKEN})
ASK = line({"say": "hello"})
FLOOD = 90  # fewer than the system keeps waiting: beyond that, it forgets them itself


async def echo(request):
    """Says what was said."""
    return {"said": request.get("say")}


@asynccontextmanager
async def listening(path, answer=echo):
    """An offer that is listened to."""
    sock, address = bound(path)
    ear = Listening(sock, TOKEN, "countersign", answer)
    await ear.start()
    try:
        yield Offer(kernel="k", since=0, address=address, token=TOKEN, countersign="countersign"), ear
    finally:
        await ear.close()


@pytest.fixture(params=["unix", "port"])
def path(request, tmp_path):
    """A place for a Unix socket, or one whose path is too long for it."""
    return tmp_path / ("s" if request.param == "unix" else "s" * LONGEST_PATH)


def test_a_caller_with_the_token_is_answered(path):
    """Over a Unix socket that is its owner's alone, or over a port where there is none; each of many callers gets its own."""

    async def play():
        async with listening(path) as (offer, _):
            is_unix = isinstance(offer.address, str)
            assert is_unix == (len(path.name) == 1)
            assert not is_unix or path.stat().st_mode & 0o777 == 0o600
            replies = await asyncio.gather(*(call(offer, {"say": n}, 20) for n in range(MOST_CONNECTIONS)))
            assert [reply["said"] for reply in replies] == list(range(MOST_CONNECTIONS))

    asyncio.run(play())


@pytest.mark.parametrize(
    "said",
    [
        (line({"token": ""}), ASK),
        (line({"token": TOKEN[:-1]}), ASK),
        (line({"token": TOKEN + "t"}), ASK),
        (line({"token": None}), ASK),
        (line({"token": ["t"]}), ASK),
        (line({"token": "é\ud800"}), ASK),
        (ASK, ASK),
        (b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",),
        (b"POST / HTTP/1.1\r\n\r\n" + HELLO + ASK,),
        (b"[" * 200_000 + b"\n",),
        (b"\n",),
        (b"\x00\xff\n",),
        (b"null\n",),
        (b"x" * (3 * MOST_BYTES) + b"\n",),
    ],
    ids=lambda said: repr(said[0][:24]),
)
def test_nobody_else_hears_a_word(path, said):
    """No token, a wrong one, another protocol, garbage, too much: not one byte, and the next caller is answered."""

    async def play():
        async with listening(path) as (offer, _):
            assert await asyncio.to_thread(heard, offer.address, *said) == b""
            assert (await call(offer, {"say": 1}, 20))["said"] == 1

    asyncio.run(play())


def test_what_follows_the_token_may_be_garbage_too(path):
    """Then there is the countersign, no reply, and the next caller is answered."""

    async def play():
        async with listening(path) as (offer, _):
            for garbage in (b"\xff\n", b"[]\n", b"x" * (3 * MOST_BYTES) + b"\n"):
                said = await asyncio.to_thread(heard, offer.address, HELLO, garbage)
                assert said in (b"", line({"countersign": "countersign"}))
            assert (await call(offer, {"say": 1}, 20))["said"] == 1

    asyncio.run(play())


def test_a_flood_of_connections_is_bounded(path, monkeypatch):
    """Of many that say nothing, no more are held than may be; once their time is up, callers are answered again."""
    monkeypatch.setattr("askance.offers.listening.SECONDS", 0.3)

    async def play():
        async with listening(path) as (offer, ear):
            open_ = [
                asyncio.open_unix_connection(offer.address)
                if isinstance(offer.address, str)
                else asyncio.open_connection("127.0.0.1", offer.address)
                for _ in range(FLOOD)
            ]
            made = [one for one in await asyncio.gather(*open_, return_exceptions=True) if isinstance(one, tuple)]
            assert len(ear._calls) <= MOST_CONNECTIONS < len(made)
            heard_ = await asyncio.gather(*(reader.read() for reader, _ in made), return_exceptions=True)
            assert not any(said for said in heard_ if isinstance(said, bytes))
            assert (await call(offer, {"say": 1}, 20))["said"] == 1
            for _, writer in made:
                writer.close()

    asyncio.run(play())


def test_who_goes_is_worked_for_no_longer(path):
    """The work on a call is cancelled when its caller hangs up, and when the kernel offers no more."""
    began, cancelled = asyncio.Queue(), asyncio.Queue()

    async def slow(_request):
        await began.put(1)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await cancelled.put(1)
            raise

    async def play():
        async with listening(path, slow) as (offer, ear):
            for end in (lambda task: task.cancel(), lambda _: asyncio.ensure_future(ear.close())):
                task = asyncio.create_task(call(offer, {}, 3600))
                await began.get()
                end(task)
                await asyncio.wait_for(cancelled.get(), 20)
                (ended,) = await asyncio.gather(task, return_exceptions=True)
                assert isinstance(ended, (asyncio.CancelledError, ToolError))
            assert "ended the call" in str(ended)
            assert not ear._calls

    asyncio.run(play())


def test_nobody_is_told_anything_who_cannot_show_the_countersign(tmp_path):
    """Whoever has a dead kernel's place hears a dead kernel's token, and never the question."""

    async def play():
        received = []

        async def impostor(reader, writer):
            received.append(await reader.readline())
            writer.write(line({"countersign": "guess"}))
            received.append(await reader.read())
            writer.close()

        sock, address = bound(tmp_path / "s")
        async with await asyncio.start_server(impostor, sock=sock):
            offer = Offer(kernel="k", since=0, address=address, token=TOKEN, countersign="countersign")
            with pytest.raises(Gone, match="Kernel k has ended"):
                await call(offer, {"question": "private"}, 5)
            while len(received) < 2:
                await asyncio.sleep(0.01)
        assert json.loads(received[0]) == {"token": TOKEN}
        assert received[1] == b""

    asyncio.run(play())


@pytest.mark.parametrize(
    "reply", [b"", b"{", b"[]\n", b"x" * (3 * MOST_BYTES) + b"\n"], ids=lambda reply: repr(reply[:8])
)
def test_a_kernel_that_ends_or_raves_is_one_line(path, reply):
    """Gone before the reply, in the middle of it, or with nonsense: an error in one line."""

    async def play():
        async def raving(reader, writer):
            await reader.readline()
            writer.write(line({"countersign": "countersign"}))
            await reader.readline()
            writer.write(reply)
            writer.close()

        sock, address = bound(path)
        async with await asyncio.start_server(raving, sock=sock):
            offer = Offer(kernel="k", since=0, address=address, token=TOKEN, countersign="countersign")
            with pytest.raises(ToolError) as error:
                await call(offer, {}, 20)
            assert "\n" not in str(error.value)

    asyncio.run(play())


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_a_forked_child_holds_no_socket(path):
    """Neither the one that listens nor those of callers; the parent's go on."""

    async def play():
        async with listening(path) as (offer, ear):
            reader, writer = await (
                asyncio.open_unix_connection(offer.address)
                if isinstance(offer.address, str)
                else asyncio.open_connection("127.0.0.1", offer.address)
            )
            while not ear._calls:
                await asyncio.sleep(0.01)
            (caller,) = [one.get_extra_info("socket").fileno() for one in ear._calls.values()]
            told, tell = os.pipe()
            if (child := os.fork()) == 0:
                held = [os.readlink(f"/proc/self/fd/{number}") for number in (ear._socket.fileno(), caller)]
                os.write(tell, json.dumps(held).encode())
                os._exit(0)
            os.waitpid(child, 0)
            assert json.loads(os.read(told, 1000)) == [os.devnull] * 2
            writer.write(HELLO + ASK)
            assert (await reader.read()).endswith(line({"said": "hello"}))
            writer.close()
            assert (await call(offer, {"say": 1}, 20))["said"] == 1

    asyncio.run(play())
