"""One prompt over a column: `ask.map` beside what people write today, against a server that takes time for each answer.

The server takes 0.25 s before an answer and 5 ms for each of its rows, which is kind to requests of one row: real ones take
longer for the first token, and read the prompt anew for each. All contenders have the same eight connections.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from figures import tell

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from mapping.rowserver import Fault, RowServer

from askance import Session
from askance.local.install import model_path
from askance.mapping.entry import map_column
from askance.paths import cache_dir
from askance.settings import Settings

ROWS = 200
VALUES = [f"value {number}" for number in range(ROWS)]
WHOLE = [f"<{value}>" for value in VALUES]
CONCURRENCY = 8
ROUNDS = 3
FIRST, EACH = 0.25, 0.005

WORDS = (
    "apple dog red Paris table river music bread seven cloud horse green Berlin chair lake dance milk nine rain cat blue "
    "Rome lamp sea song rice two snow bird black Oslo door hill film salt ten wind fish white Lima roof field book meat "
    "four fog wolf gray sand tea"
).split()


def session(server: RowServer, folder: str) -> Session:
    """A session of its own, with nothing known."""
    environ = {
        "HOME": folder,
        "ASKANCE_CACHE_DIR": f"{folder}/cache",
        "OPENAI_API_KEY": "key",
        "OPENAI_BASE_URL": f"{server.url}/v1",
    }
    return Session.for_project(folder, environ=environ, settings=Settings(model="openai:gpt-6.1-terra"))


def closed(one: Session) -> None:
    """Give back what it holds."""
    one.loop.run(one.close())
    one.loop.close()


def mapped(server: RowServer, batch: int) -> list:
    """`ask.map` with so many rows a request."""
    with tempfile.TemporaryDirectory() as folder:
        one = session(server, folder)
        try:
            return map_column(one, "Mark it.", VALUES, batch=batch, concurrency=CONCURRENCY, progress=False)
        finally:
            closed(one)


def content(value: str) -> str:
    """A request of one row as people write it, in the words that the server understands."""
    return f"Mark it.\n<rows-abcdefgh>\n{value}\n</rows-abcdefgh>"


def looped(server: RowServer) -> list:
    """A plain loop of ask()."""
    with tempfile.TemporaryDirectory() as folder:
        one = session(server, folder)
        try:
            return [one.ask(content(value), context="none", thread=value).text for value in VALUES]
        finally:
            closed(one)


def gathered(server: RowServer) -> list:
    """asyncio.gather over the SDK, with a semaphore: what people write by hand."""
    from openai import AsyncOpenAI

    async def run() -> list:
        client = AsyncOpenAI(api_key="key", base_url=f"{server.url}/v1")
        slots = asyncio.Semaphore(CONCURRENCY)

        async def one(value: str) -> str:
            async with slots:
                messages = [{"role": "user", "content": content(value)}]
                pieces = await client.chat.completions.create(model="m", messages=messages, stream=True)
                return "".join([piece.choices[0].delta.content or "" async for piece in pieces])

        try:
            done = await asyncio.gather(*map(one, VALUES), return_exceptions=True)
        finally:
            await client.close()
        return [None if isinstance(one, BaseException) else one for one in done]

    return asyncio.run(run())


CONTENDERS = {
    "ask.map, 20 rows a request": lambda server: mapped(server, 20),
    "ask.map, one row a request": lambda server: mapped(server, 1),
    "gather over the SDK, semaphore of 8": gathered,
}


def clean() -> None:
    """Requests and wall time with nothing going wrong; medians of rounds that take turns."""
    times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    requests: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, run in CONTENDERS.items():
            with RowServer(first=FIRST, each=EACH) as server:
                begun = time.perf_counter()
                assert run(server) == WHOLE
                times[name].append(time.perf_counter() - begun)
                requests[name] = len(server.seen)
    with RowServer(first=FIRST, each=EACH) as server:
        begun = time.perf_counter()
        assert looped(server) == WHOLE
        times["a loop of ask()"], requests["a loop of ask()"] = [time.perf_counter() - begun], len(server.seen)
    walls = {name: statistics.median(some) for name, some in times.items()}
    ours, single, *_ = CONTENDERS
    saved, faster = 1 - requests[ours] / requests[single], 1 - walls[ours] / walls[single]
    tell(f"requests for {ROWS} rows", requests, "", bar=">= 50 % fewer", met=saved >= 0.5, note=f"{saved:.0%} fewer")
    note = f"{faster:.0%} less; medians of {ROUNDS} rounds"
    tell(f"wall time for {ROWS} rows", walls, "s", bar=">= 30 % less", met=faster >= 0.3, note=note)


def malformed(lines: list[str]) -> list[str]:
    """The first row is broken JSON; a row alone is answered in plain words, which cannot be told from others."""
    return [lines[0][:-4], "\n", *lines[1:]] if lines[0].startswith("{") else lines


def twice(lines: list[str]) -> list[str]:
    """The first row is answered again, in another way."""
    return [*lines, lines[0].replace("<", "{")] if lines[0].startswith("{") else lines


FAULTS = {
    "429 without a time": lambda number: Fault(status=429) if number % 4 == 1 else None,
    "429, retry after 0.2 s": lambda number: (
        Fault(status=429, headers={"retry-after": "0.2"}) if number % 4 == 1 else None
    ),
    "disconnects": lambda number: Fault(after=0 if number % 2 else 7) if number % 4 < 2 and number < 40 else None,
    "malformed rows": lambda number: Fault(change=malformed) if number % 2 else None,
    "rows answered twice": lambda number: Fault(change=twice) if number % 2 else None,
}

BY_HAND = tuple(FAULTS)[:3]
"""Faults that a request of one row can have as well."""


def faults() -> None:
    """Rows lost and rows that have another's answer, beside what people write by hand."""
    for name, fault in FAULTS.items():
        wrong: dict[str, float] = {}
        ours, _, other = CONTENDERS
        for contender in (ours, other) if name in BY_HAND else (ours,):
            with RowServer(faults=lambda number, seen, fault=fault: fault(number)) as server:
                result = CONTENDERS[contender](server)
            wrong[contender] = sum(one != whole for one, whole in zip(result, WHOLE, strict=True))
        tell(f"rows lost or wrong: {name}", wrong, "", bar="0", met=next(iter(wrong.values())) == 0)


def embedded() -> None:
    """A column over the embedded model, which has 135 million parameters."""
    path = model_path(Settings(), cache_dir(os.environ))
    if path is None:
        tell("the embedded model", {"rows": 0}, "", note="not installed: askance model install")
        return
    shapes = {"text": None, "one of four words": {"type": "string", "enum": ["animal", "colour", "city", "other"]}}
    for name, shape in shapes.items():
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(model="local", local_model=str(path))
            environ = {"HOME": folder, "ASKANCE_CACHE_DIR": f"{folder}/cache", "PATH": os.environ["PATH"]}
            one = Session.for_project(folder, environ=environ, settings=settings)
            begun = time.perf_counter()
            prompt = "What kind of thing is this? Answer with one word: animal, colour, city or other."
            result = map_column(one, prompt, WORDS, schema=shape, max_output=12, progress=False)
            took = time.perf_counter() - begun
            with suppress(Exception):
                closed(one)
        answered = sum(value is not None for value in result)
        note = f"{took:.0f} s, {result.requests} requests; {len(result.errors)} errors: {[*result.errors.values()][:2]}"
        tell(f"rows of {len(WORDS)} that the embedded model answered ({name})", {"ask.map": answered}, "", note=note)


if __name__ == "__main__":
    clean()
    faults()
    embedded()
