"""Five small questions in the background, as one request and each alone.

    python tests/bench/together.py

A scripted server that needs 0.4 s for its first word and speaks 100 words a second; a project with a few variables.
Enters: nothing. Leaves: requests, tokens that went in, and the time until the first and the last answer are here.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from statistics import median

from figures import tell
from merged_model import answer
from scripted_server import Reply, ScriptedServer

from askance.session import Session
from askance.settings import Settings

QUESTIONS = [f"What is unusual about column {name} of sales?" for name in ("region", "units", "price", "day", "shop")]
ROUNDS = 5
WORDS = " Its values lie where one expects them, but for three of them." * 2


def respond(request) -> Reply:
    """Each question with its words, at a pace."""
    said = answer(request.json["messages"][-1]["content"]).replace("?\n", f"?{WORDS}\n")
    said = said if "===" in said else f"re: alone.{WORDS}"
    return Reply([word + " " for word in said.split(" ")], silent=0.4, every=0.01, usage=None)


def asked(server: ScriptedServer, seconds: float) -> tuple[int, int, float, float]:
    """Requests, tokens in, seconds until the first answer is shown whole, and until the last is."""
    import pandas as pd

    sales = pd.DataFrame({name: range(1000) for name in ("region", "units", "price", "day", "shop")})
    with tempfile.TemporaryDirectory() as folder:
        session = Session.for_project(
            folder,
            namespace={"sales": sales, "limit": 3},
            cells=["sales = read()", "sales.head()"],
            settings=Settings(model="server:m", base_url=server.base_url, batch_seconds=seconds, cache=False),
            environ={"ASKANCE_CACHE_DIR": f"{folder}/cache"},
        )
        session.preview("warm up")
        before, ends = len(server.asked), []

        async def one(question: str) -> int:
            shown: list[float] = []
            got = await session.answer(
                session.make_ask(question, background=True), lambda _event: shown.append(time.perf_counter() - began)
            )
            assert got.complete, got.notice
            ends.append(shown[-1])
            return got.ledger.tokens

        async def every() -> list[int]:
            return await asyncio.gather(*map(one, QUESTIONS))

        began = time.perf_counter()
        tokens = session.loop.run(every())
        session.loop.run(session.close())
        session.loop.close()
    requests = len(server.asked) - before
    return requests, tokens[0] if requests == 1 else sum(tokens), min(ends), max(ends)


def main() -> None:
    """Both ways in turn, medians."""
    with ScriptedServer([respond]) as server:
        rounds = [(asked(server, 0.05), asked(server, 0.0)) for _ in range(ROUNDS)]
    one, alone = ([median(row[side][part] for row in rounds) for part in range(4)] for side in (0, 1))
    names = ("askance, together", "each alone, at once")
    fewer = 100 * (1 - one[0] / alone[0])
    tell(
        "requests for five questions",
        dict(zip(names, (one[0], alone[0]), strict=True)),
        "",
        note=f"{fewer:.0f} % fewer",
    )
    tell("tokens that went in", dict(zip(names, (one[1], alone[1]), strict=True)), "tokens")
    tell("until the first answer is shown whole", dict(zip(names, (one[2], alone[2]), strict=True)), "s")
    tell(
        "until the last answer",
        dict(zip(names, (one[3], alone[3]), strict=True)),
        "s",
        note="what it costs: the answers come one after the other",
    )


if __name__ == "__main__":
    main()
