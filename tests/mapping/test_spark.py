"""`ask.map` over Spark, on a real local Spark; where there is none, what needs none."""

import shutil
import sys
import types

import pytest
from mapping.rowserver import RowServer

from askance import Session
from askance.errors import UsageError
from askance.mapping.engines import dask, mapped_elsewhere, spark
from askance.mapping.entry import map_column
from askance.settings import Settings

KEY = "key-of-the-worker-0123456789"


@pytest.fixture(scope="module")
def server():
    """The model's server."""
    with RowServer() as one:
        yield one


@pytest.fixture(scope="module")
def own(server, tmp_path_factory):
    """The user's session."""
    folder = tmp_path_factory.mktemp("own")
    environ = {"HOME": str(folder), "ASKANCE_CACHE_DIR": str(folder), "OPENAI_API_KEY": "key-of-the-user-0123456789"}
    environ["OPENAI_BASE_URL"] = f"{server.url}/v1"
    session = Session.for_project(folder, environ=environ, settings=Settings(model="openai:gpt-6.1-terra"))
    yield session
    session.loop.run(session.close())
    session.loop.close()


@pytest.fixture(scope="module")
def engine(server, tmp_path_factory):
    """A local Spark with two worker processes, whose environment has a key of its own."""
    sql = pytest.importorskip("pyspark.sql")
    if shutil.which("java") is None:
        pytest.skip("Spark needs java")
    home = tmp_path_factory.mktemp("workers")
    environ = {"HOME": str(home), "ASKANCE_CACHE_DIR": str(home / "cache"), "OPENAI_API_KEY": KEY}
    environ |= {"OPENAI_BASE_URL": f"{server.url}/v1", "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        patch.chdir(home)
        settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2"}
        session = sql.SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
        yield session
        session.stop()


def test_a_column_of_a_frame(engine, own, server):
    """Lazy; then every row with its own answer, and a second action asks the model nothing."""
    frame = engine.createDataFrame([(n, f"value {n}") for n in range(200)], ["n", "text"]).repartition(4)
    before = len(server.seen)
    answered = map_column(own, "Say it.", (frame, "text"), errors=True)
    assert answered.columns == ["n", "text", "result", "error"]
    assert len(server.seen) == before
    expected = [(n, f"value {n}", f"<value {n}>", None) for n in range(200)]
    assert sorted(map(tuple, answered.collect())) == expected
    requests = len(server.seen)
    assert requests - before <= 14  # of 200 rows in four partitions; one row a request would be 200
    assert sorted(map(tuple, answered.collect())) == expected
    assert len(server.seen) == requests


def test_types_of_results(engine, own, server):
    """Numbers are numbers; what has parts is its JSON."""
    frame = engine.createDataFrame([(f"value {n}",) for n in range(10)], ["text"])
    server.answer = lambda value: int(value.split()[1])
    numbers = map_column(own, "Which number?", (frame, "text"), schema=int)
    assert dict(numbers.dtypes)["result"] == "bigint"
    assert sorted(row.result for row in numbers.collect()) == list(range(10))
    server.answer = lambda value: {"n": int(value.split()[1])}
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    parts = map_column(own, "Which parts?", (frame, "text"), schema=schema).collect()
    assert sorted(row.result for row in parts) == [f'{{"n": {n}}}' for n in range(10)]
    server.answer = lambda value: f"<{value}>"


def test_a_series_of_pandas_on_spark(engine, own):
    """The same index and name."""
    try:
        import pyspark.pandas as ps
    except ImportError as error:
        pytest.skip(f"pandas on Spark does not know this pandas: {error}")
    series = ps.Series([f"value {n}" for n in range(30)], index=[3 * n for n in range(30)], name="letters")
    found = map_column(own, "Say it.", series)
    assert (type(found), found.name) == (type(series), "letters")
    plain = found.to_pandas().sort_index()
    assert plain.tolist() == [f"<value {n}>" for n in range(30)]
    assert list(plain.index) == [3 * n for n in range(30)]


def test_a_column_that_is_not_there(engine, own):
    """One line before anything runs; and no column of the user's is written over."""
    frame = engine.createDataFrame([("a", "b")], ["text", "result"])
    with pytest.raises(UsageError, match="the frame has no column 'nope'"):
        map_column(own, "?", (frame, "nope"))
    with pytest.raises(UsageError, match="has a column 'result' already"):
        map_column(own, "?", (frame, "text"))


def test_what_is_no_engine_s_is_left_alone():
    """Lists, pairs and objects that say that they are anything: nothing is asked of them, and nothing is imported."""

    class Liar:
        """Whatever is asked of it, it fails."""

        __module__ = "pyspark.sql"

        def __getattribute__(self, name):
            raise AssertionError(name)

    loaded = {name for name in sys.modules if name.partition(".")[0] in ("pyspark", "dask")}
    for values in (["a"], ("a", "b"), (Liar(), "b"), Liar(), None, 3, iter("ab")):
        assert dask.column(values) is None
        assert spark.column(values) is None
        assert mapped_elsewhere(None, None, values) is None
    assert {name for name in sys.modules if name.partition(".")[0] in ("pyspark", "dask")} == loaded


def test_frames_are_known_by_their_class(monkeypatch):
    """Through the modules that are loaded: classic frames, and those of Spark Connect, which inherit from the same."""
    frame = type("DataFrame", (), {})
    classic = type("DataFrame", (frame,), {})
    monkeypatch.setitem(sys.modules, "pyspark.sql", types.SimpleNamespace(DataFrame=frame))
    pair = (classic(), "text")
    assert spark.column(pair) is pair
    assert spark.column((classic(), 3)) is None
    assert spark.column((classic(), "text", "more")) is None
