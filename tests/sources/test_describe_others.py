"""Figures, database engines, Spark frames."""

import pytest

from askance.sources.describe import describe, fingerprint


def test_figures():
    """Titles, labels and what was drawn; nothing is rendered."""
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib.figure import Figure

    class Own(Figure):
        def draw(self, renderer):
            raise AssertionError

        get_axes = draw

    for kind, name in ((Figure, "matplotlib.figure.Figure"), (Own, "Own")):
        figure = kind()
        figure.suptitle("both")
        first, second = figure.subplots(1, 2)
        first.plot([1, 2], label="rise")
        first.set(title="left", xlabel="time", ylabel="speed")
        second.bar([1, 2], [3, 4])
        said = "2 axes\n  'left', x 'time', y 'speed', 1 Line2D\n  untitled, 2 Rectangle"
        assert describe(figure).endswith(f"{name} 'both', {said}")
        assert "labelled 'rise'" in describe(figure, "excerpt", 1)
        assert describe(first).startswith("matplotlib.axes.Axes 'left'")
        before = fingerprint(figure)
        second.set_title("right")
        assert fingerprint(figure) != before


def test_figures_of_many_axes_are_bounded():
    """The first twelve axes are told."""
    pytest.importorskip("matplotlib")
    from matplotlib.figure import Figure

    figure = Figure()
    figure.subplots(5, 6)
    assert describe(figure).endswith("  +18 more")


ADDRESSES = {
    "postgresql+psycopg2://bob:hunter2@db.example.org:5432/shop?sslkey=abc": "//…@db.example.org:5432/shop?…",
    "sqlite:///folder/file.db": ":///folder/file.db",
    "sqlite://": "sqlite://",
    "mssql+pyodbc://h/DRIVER={x};PWD=hunter2": "://h/…",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_engines(address):
    """The dialect, and from privacy 2 where it leads, without user, password and query."""
    make_url = pytest.importorskip("sqlalchemy").engine.make_url
    from sqlalchemy.engine import Engine

    engine = object.__new__(Engine)
    vars(engine)["url"] = make_url(address)
    assert describe(engine).endswith(ADDRESSES[address])
    for privacy in range(4):
        said = describe(engine, "full", privacy)
        assert not any(secret in said for secret in ("bob", "hunter2", "abc"))
    assert describe(engine, "full", 1) == f"sqlalchemy.Engine {address.partition(':')[0]}"


def test_connections():
    """Open or closed; describing one does not connect."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    connected = []
    engine = sqlalchemy.create_engine("sqlite://", creator=lambda: connected.append(1))
    assert describe(engine, "full", 3) == "sqlalchemy.Engine sqlite://"
    assert connected == []
    connection = sqlalchemy.create_engine("sqlite://").connect()
    assert describe(connection) == "sqlalchemy.Connection sqlite://"
    before = fingerprint(connection)
    connection.close()
    assert describe(connection) == "sqlalchemy.Connection sqlite://, closed"
    assert fingerprint(connection) != before


class Silent:
    """Stands for the JVM: whoever asks it anything is counted."""

    asked = 0

    def __getattr__(self, name):
        Silent.asked += 1
        raise AttributeError(name)


def test_spark_frames():
    """The schema if Python has it already; the JVM is never asked."""
    sql = pytest.importorskip("pyspark.sql.types")
    from pyspark.sql.classic.dataframe import DataFrame

    frame = object.__new__(DataFrame)
    vars(frame).update(_jdf=Silent(), _schema=None)
    assert describe(frame, "full", 3) == "pyspark.sql.DataFrame, not computed, schema not yet asked for"
    before = fingerprint(frame)
    vars(frame)["_schema"] = sql.StructType().add("a", "long").add("s", sql.ArrayType(sql.StringType()))
    assert describe(frame, "full", 3) == "pyspark.sql.DataFrame, not computed\ncolumns: a long, s array"
    assert fingerprint(frame) != before
    assert Silent.asked == 0
