"""`ask.map` over a Dask Series, on a real cluster of two processes with two threads each, and a real Redis beside it."""

import json
import os
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from unittest import mock

import pytest
from fixtures_redis import running
from mapping.rowserver import Fault, RowServer

from askance import Session
from askance.errors import UsageError
from askance.mapping.engines import dask as engine
from askance.mapping.entry import map_column
from askance.settings import Settings

pd = pytest.importorskip("pandas")
dd = pytest.importorskip("dask.dataframe")
distributed = pytest.importorskip("distributed")

KEY = "key-of-the-worker-0123456789"
OWN_KEY = "key-of-the-user-0123456789"
SECRET = "tok-4fG7hK2mQ9xZ1bN8vC5jL3wR6"


@pytest.fixture(scope="module")
def crew(tmp_path_factory):
    """A server, a Redis, and a client of a cluster whose workers have another home than the user, another key, another
    cache, and a folder with a secret in it.
    """
    folder = tmp_path_factory.mktemp("crew")
    for name in ("work", "redis"):
        (folder / name).mkdir()
    (folder / "work" / ".env").write_text(f"SERVICE_TOKEN={SECRET}\n")
    before = Path.cwd()
    with RowServer() as server, running(folder / "redis") as redis:
        env = {"HOME": str(folder), "ASKANCE_CACHE_DIR": str(folder / "cache"), "OPENAI_API_KEY": KEY}
        env |= {"OPENAI_BASE_URL": f"{server.url}/v1", "ASKANCE_API_KEY": "", "ASKANCE_MODEL": ""}
        options = {"dashboard_address": ":0", "local_directory": str(folder / "spill"), "env": env}
        os.chdir(folder / "work")
        try:
            with (
                # Shells of other tests leave a module in its place that processes cannot be begun from.
                mock.patch.dict(sys.modules, {"__main__": ModuleType("__main__")}),
                distributed.LocalCluster(n_workers=2, threads_per_worker=2, processes=True, **options) as workers,
                distributed.Client(workers) as client,
            ):
                os.chdir(before)
                yield SimpleNamespace(server=server, redis=redis, client=client, folder=folder)
        finally:
            os.chdir(before)


@pytest.fixture
def session(tmp_path):
    """(server, settings) -> the user's own session."""
    made = []

    def make(server, **settings):
        environ = {
            "HOME": str(tmp_path),
            "ASKANCE_CACHE_DIR": str(tmp_path / "own"),
            "OPENAI_API_KEY": OWN_KEY,
            "OPENAI_BASE_URL": f"{server.url}/v1",
        }
        settings = Settings(model="openai:gpt-6.1-terra", **settings)
        made.append(Session.for_project(tmp_path / "work", environ=environ, settings=settings))
        return made[-1]

    (tmp_path / "work").mkdir()
    yield make
    for one in made:
        one.loop.run(one.close())
        one.loop.close()


def column(count=300, parts=6):
    """Rows with an index of their own, known divisions, an empty partition among the others."""
    index = pd.Index(range(1000, 1000 + count * 3, 3), name="row")
    values = pd.Series([f"value {number}" for number in range(count)], index=index, name="text", dtype="object")
    return values, dd.from_pandas(values, npartitions=parts)


def test_a_column_on_two_processes(crew, session):
    """0 rows lost or swapped, same index and divisions; a second compute asks the model nothing, on other disks neither."""
    values, lazy = column()
    server, expected = crew.server, [f"<{value}>" for value in values]
    own = session(server, redis_url=crew.redis.url)
    before = len(server.seen)
    answers = map_column(own, "Say it.", lazy)
    assert len(server.seen) == before
    assert isinstance(answers, dd.Series)
    assert (answers.name, answers.divisions, answers.npartitions) == ("text", lazy.divisions, lazy.npartitions)

    found = answers.compute()
    assert found.tolist() == expected
    assert found.index.equals(values.index)
    asked = [value for seen in server.seen[before:] for _, value in seen.rows]
    assert sorted(asked) == sorted(values)
    requests = len(server.seen)
    assert requests - before == 18  # 50 rows each are 20, 20 and 10

    assert answers.compute().tolist() == expected
    (crew.folder / "cache").rename(crew.folder / "gone")
    crew.client.restart()  # other processes, which know nothing but what is in Redis
    assert map_column(own, "Say it.", lazy.repartition(npartitions=4)).compute().tolist() == expected
    assert len(server.seen) == requests


def test_sessions_keys_errors_and_the_gate_in_workers(crew, session):
    """One session a process over all partitions; the worker's key, never the user's; the worker's gate; errors beside."""
    values = pd.Series([f"row {n}" for n in range(79)] + [f"the token is {SECRET}"], name="text", dtype="object")
    bad = {"row 7", "row 61"}
    server = crew.server
    before = len(server.seen)

    def fault(_, seen):
        return Fault(status=400, message="not this one") if bad & {value for _, value in seen.rows} else None

    server.faults = fault
    own = session(server)
    frame = map_column(own, "Repeat.", dd.from_pandas(values, npartitions=8), errors=True)
    assert list(frame.columns) == ["result", "error"]
    found = frame.compute()
    wrong = found[found["error"].notna()]
    assert set(wrong.index) == {7, 61}
    assert wrong["result"].isna().all()
    assert wrong["error"].str.contains("not this one").all()
    whole = found[found["error"].isna()]
    assert whole["result"].tolist() == [f"<{value}>" for value in values if value not in bad]
    sent = json.dumps([seen.body for seen in server.seen[before:]])
    assert SECRET not in sent
    assert "row 78" in sent

    def held():
        """Sessions with these settings in a worker, and their keys."""
        made = sys.modules["askance.mapping.engines.worker"]._process._sessions
        plain = [one for settings, one in made.items() if not settings.redis_url]
        return len(plain), {one.sender.provider(one.choice.model)[0].find().key for one in plain}

    told = [one for one in crew.client.run(held).values() if one[0]]
    assert told
    assert all(one == (1, {KEY}) for one in told)


def test_what_travels_has_no_key(session, tmp_path):
    """Neither keys nor passwords of addresses are in the graph that the workers get."""
    import cloudpickle

    _, lazy = column(10, 2)
    with RowServer() as server:
        own = session(server, redis_url="redis://user:pass-in-url@127.0.0.1:6379/0")
        graph = cloudpickle.dumps(dict(map_column(own, "Say it.", lazy).__dask_graph__()))
        assert b"Say it." in graph
        assert b"127.0.0.1:6379" in graph
        assert f"{server.url}/v1".encode() in graph
        for secret in (OWN_KEY, "pass-in-url"):
            assert secret.encode() not in graph


def test_a_schema_gives_the_column_its_type(tmp_path, session):
    """Whole numbers, with a missing one where a row failed; in the lazy Series, too."""
    values, lazy = column(40, 2)

    def answer(value):
        return "not a number" if value == "value 5" else int(value.split()[1])

    with RowServer(answer) as server:
        environment = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": f"{server.url}/v1", "HOME": str(tmp_path)}
        environment["ASKANCE_CACHE_DIR"] = str(tmp_path / "cache")
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            patch.chdir(tmp_path / "work")
            numbers = map_column(session(server), "Say it.", lazy, schema=int)
            assert str(numbers.dtype) == "Int64"
            found = numbers.compute(scheduler="threads")
    assert str(found.dtype) == "Int64"
    assert found.index.equals(values.index)
    assert found.drop(1015).tolist() == [number for number in range(40) if number != 5]
    assert found.isna().sum() == 1


def test_shares_of_the_limits(session, monkeypatch):
    """Tokens per minute by processes, concurrency by threads, the cap by partitions."""
    _, lazy = column(10, 5)
    monkeypatch.setattr(engine, "_crew", lambda parts: engine.Crew(processes=4, threads=2, parts=parts))
    with RowServer() as server:
        mapped = map_column(session(server), "?", lazy, concurrency=8, tokens_per_minute=10_000, cap=1.0)
    task = next(found for node in mapped.expr.walk() for found in _tasks(node.operands))
    assert (task.job["concurrency"], task.job["tokens_per_minute"], task.job["cap"]) == (4, 2500, 0.2)
    assert not task.job["progress"]


def _tasks(operands):
    for operand in operands:
        if isinstance(operand, engine.Task):
            yield operand
        elif isinstance(operand, list | tuple):
            yield from _tasks(operand)


def test_what_cannot_run_in_workers_is_said_at_once(session):
    """Before anything runs."""
    _, lazy = column(10, 2)
    with RowServer() as server:
        with pytest.raises(UsageError, match="batch_api does not go with Dask"):
            map_column(session(server), "?", lazy, batch_api=True)
        with pytest.raises(UsageError, match="'text' is set to never leave"):
            map_column(session(server, never=("text",)), "?", lazy)
        assert server.seen == []
