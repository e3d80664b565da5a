"""No prompt, no answer and no key is in any log, whatever is switched on; and others' logs are theirs."""

import asyncio
import logging
import subprocess
import sys
import threading
import traceback
from pathlib import Path

import pytest
from kernel.live import clean_environment
from scripted_server import Reply, ScriptedServer, error

import askance
from askance.errors import AskanceError
from askance.session import Session
from askance.settings import Settings

ASKED, TOLD, KEY = "zebra-question", "walrus-answer", "key-0123456789-otter"
WORDS = (ASKED, TOLD, KEY, "giraffe_in_memory")
MODELS = {"openai": "openai:m", "openai-responses": "openai-responses:m", "anthropic": "anthropic:m"}
NAMES = ("anthropic", "openai", "httpx2", "httpcore2", "httpx", "httpcore", "asyncio")


class Keeper(logging.Handler):
    """Keeps what any handler could get out of a record: message, arguments, exception, all attributes."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.kept = []

    def emit(self, record):
        """Keep it."""
        tail = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self.kept.append((record.name, f"{record.getMessage()} {record.__dict__!r} {tail}"))


@pytest.fixture
def keeper(monkeypatch):
    """Everything logs all it can: the root at DEBUG, both SDKs by their variables, asyncio in its debug mode."""
    import anthropic._utils._logs as anthropic_logs
    import openai._utils._logs as openai_logs

    for name in ("OPENAI_LOG", "ANTHROPIC_LOG"):
        monkeypatch.setenv(name, "debug")
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    keeper, before = Keeper(), {name: logging.getLogger(name).level for name in ("", *NAMES)}
    logging.getLogger().addHandler(keeper)
    for name in before:
        logging.getLogger(name).setLevel(logging.DEBUG)
    anthropic_logs.setup_logging()
    openai_logs.setup_logging()
    yield keeper
    logging.getLogger().removeHandler(keeper)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def session(tmp_path):
    """Makes sessions that know a server, and closes them."""
    made = []

    def make(server, model):
        environ = {
            "ASKANCE_CACHE_DIR": str(tmp_path / "cache"),
            "HOME": str(tmp_path),
            "OPENAI_API_KEY": KEY,
            "OPENAI_BASE_URL": server.base_url,
            "ANTHROPIC_API_KEY": KEY,
            "ANTHROPIC_BASE_URL": server.anthropic_url,
        }
        namespace = {"giraffe_in_memory": [1, 2, 3]}
        made.append(
            Session.for_project(
                tmp_path, namespace=namespace, settings=Settings(model=model, cache=False), environ=environ
            )
        )
        made[-1].loop._running().slow_callback_duration = 0.0  # in debug mode it tells of each step
        return made[-1]

    yield make
    for one in made:
        one.loop.run(one.close())
        one.loop.close()


def leaked(keeper):
    """The records that hold any of our words."""
    return [(name, said[:300]) for name, said in keeper.kept for word in WORDS if word in said]


def filters():
    """Of all loggers that have any, for the libraries."""
    loggers = [logging.getLogger(), *logging.root.manager.loggerDict.values()]
    return {one.name: list(one.filters) for one in loggers if isinstance(one, logging.Logger) and one.filters}


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_nothing_of_an_ask_is_in_any_log(model, keeper, session):
    """A warmed session asks, follows up, meets a server in trouble; the loop tells of each of its steps meanwhile."""
    before = filters()
    with ScriptedServer([Reply([TOLD, " and more"])]) as server:
        one = session(server, model)
        one.loop.run(one.warm())
        assert TOLD in one.ask(f"{ASKED} about @giraffe_in_memory?").text
        assert TOLD in one.ask(f"{ASKED}, again?").text
        server.say(error(500, f"{TOLD} {KEY}"), Reply([TOLD], end=False))
        assert not one.ask(f"{ASKED}, in trouble?").complete
        assert sum(ASKED.encode() in request.body for request in server.asked) == 4
    assert leaked(keeper) == []
    assert any(name == "asyncio" and "Executing" in said for name, said in keeper.kept)
    assert filters() == before


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize(
    "reply",
    [
        error(401, f"no: {KEY}"),
        error(400, "bad"),
        Reply(reset=True),
        Reply(body=b"<html>", headers={"Content-Type": "text/html"}),
    ],
    ids=["401", "400", "reset", "page"],
)
def test_an_error_and_its_traceback_hold_nothing_of_an_ask(model, reply, keeper, session):
    """Neither its text, nor its repr, nor what Python prints of it and of its causes."""
    with ScriptedServer([reply]) as server:
        one = session(server, model)
        with pytest.raises(AskanceError) as caught:
            one.ask(f"{ASKED} about @giraffe_in_memory?", fresh=True)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value) + str(caught.value)
    assert [word for word in (ASKED, TOLD, KEY) if word in shown] == []
    assert leaked(keeper) == []


@pytest.mark.parametrize("model", ["openai:m", "anthropic:m"])
def test_what_others_ask_with_the_same_library_is_logged_as_they_wish(model, keeper, session):
    """At the same time, in another task and in another thread, and afterwards."""
    import httpx2

    def own_use(url):
        with httpx2.Client(trust_env=False) as client:
            client.get(f"{url}/models")

    with ScriptedServer([Reply([TOLD, 0.5, TOLD])]) as server:
        one = session(server, model)
        asking = one.loop.submit(one.answer(one.make_ask(ASKED)))
        while not server.asked:
            threading.Event().wait(0.01)
        own_use(server.base_url)
        during = [name for name, _ in keeper.kept if name.startswith(("httpx2", "httpcore2"))]
        asking.result(20)
        keeper.kept.clear()
        own_use(server.base_url)
    after = [name for name, _ in keeper.kept if name.startswith(("httpx2", "httpcore2"))]
    assert "httpx2" in during
    assert len(during) == len(after) > 3


FIRST = """
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from askance.session import Session
from askance.settings import Settings
session = Session.for_project(".", settings=Settings(model=sys.argv[1], cache=False))
print(session.ask(sys.argv[2]).text)
"""


@pytest.mark.parametrize("model", ["openai:m", "anthropic:m"])
def test_the_very_first_ask_of_a_process_is_in_no_log(model, tmp_path):
    """Not warmed: the libraries are imported, and configure their logs, while it is asked."""
    with ScriptedServer([Reply([TOLD])]) as server:
        urls = {"OPENAI_BASE_URL": server.base_url, "ANTHROPIC_BASE_URL": server.anthropic_url}
        keys = {"OPENAI_API_KEY": KEY, "ANTHROPIC_API_KEY": KEY, "OPENAI_LOG": "debug", "ANTHROPIC_LOG": "debug"}
        more = {**urls, **keys, "PYTHONASYNCIODEBUG": "1", "PYTHONPATH": str(Path(askance.__file__).parents[1])}
        command = [sys.executable, "-c", FIRST, model, ASKED]
        environ = clean_environment(tmp_path, **more)
        done = subprocess.run(
            command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
        )
        assert ASKED.encode() in server.asked[0].body
    assert TOLD in done.stdout
    assert "DEBUG" in done.stderr
    assert [word for word in WORDS if word in done.stderr] == []


def test_interleaved_and_abandoned_streams_leave_no_filter():
    """Closed in any order, cancelled, closed from another task."""
    from askance.providers.unlogged import unlogged

    before = filters()
    logger = logging.getLogger("httpx2.test_of_ours")

    async def stream():
        with unlogged():
            yield logger.filters != []
            await asyncio.sleep(60)

    async def run():
        first, second = stream(), stream()
        assert await anext(first)
        assert await anext(second)
        await first.aclose()
        assert logger.filters != []
        await asyncio.create_task(second.aclose())

    asyncio.run(run())
    assert (filters(), logger.filters) == (before, [])
