"""pandas: subclasses, indexes, groupings, column types, bounded work; geopandas where it is installed."""

import importlib

import pytest
from counting import calls_during

from askance.sources.describe import describe, fingerprint

np = pytest.importorskip("numpy")
pd = pytest.importorskip("pandas")


class Sales(pd.DataFrame):
    """A user's own frame."""

    @property
    def _constructor(self):
        raise AssertionError

    def __len__(self):
        raise AssertionError


def frame():
    return pd.DataFrame({"a": [1, 2, 3], "s": ["x", "y", None]})


def test_a_subclass_is_told_like_a_frame():
    """Its name, and all that a frame would tell."""
    own = Sales(frame())
    assert describe(own) == describe(frame()).replace("pandas.DataFrame", f"{__name__}.Sales")
    assert "a: min 1, mean 2, max 3" in describe(own, "excerpt", 2)
    assert "1 | 'x'" in describe(own, "full", 3)


KINDS = {
    "range": (pd.RangeIndex(3), "pandas.RangeIndex of 3, int64", "pandas.RangeIndex of 3, int64: "),
    "dates": (pd.date_range("2020", periods=2), "of 2, datetime64[", "2020-01-02"),
    "zoned dates": (pd.date_range("2020", periods=2, tz="Europe/Berlin"), ", Europe/Berlin]", "2020-01-01"),
    "levels": (pd.MultiIndex.from_product([[1, 2], ["a"]]), "pandas.MultiIndex of 2, 2 levels", "1/a, 2/a"),
    "levels of ranges": (
        pd.MultiIndex.from_product([range(2), range(3)]),
        "pandas.MultiIndex of 6, 2 levels",
        "0/0, 0/1",
    ),
    "categories": (pd.Categorical(["u", "v", "u"]), "pandas.Categorical of 3, category, 2 categories", "'v'"),
    "integers": (pd.array([1, None]), "of 2, Int64", "<NA>"),
    "periods": (pd.period_range("2020", periods=2, freq="M"), "of 2, period[M]", "period"),
    "intervals": (pd.interval_range(0, 2), "of 2, interval[int64, right]", "interval"),
}


@pytest.mark.parametrize("name", KINDS)
def test_indexes_and_arrays(name):
    """Length and dtype; values at privacy 3 alone."""
    obj, outline, full = KINDS[name]
    assert outline in describe(obj)
    assert describe(obj, "full", 2) == describe(obj)
    assert full in describe(obj, "full", 3)
    assert fingerprint(obj) != fingerprint(obj[:1])


def test_labels_of_several_levels():
    """They are joined, in columns; rows with such labels are read like others."""
    levels = pd.MultiIndex.from_product([["a", "b"], range(2)])
    assert describe(pd.DataFrame(np.zeros((2, 4)), columns=levels)).endswith(
        "a/0 float64, a/1 float64, b/0 float64, b/1 float64"
    )
    assert describe(pd.DataFrame({"n": range(4)}, index=levels), "excerpt", 2).endswith("n: min 0, mean 1.5, max 3")


def test_groupings():
    """The keys and the frame; the groups are not computed."""
    grouped = frame().groupby("s")
    assert "DataFrameGroupBy by s of pandas.DataFrame, 3 rows x 2 columns" in describe(grouped)
    assert fingerprint(grouped) != fingerprint(frame().groupby("a"))


def test_zones_of_the_user_are_not_asked():
    """Times in a zone of the user's class are told in universal time."""
    import datetime as dt

    class Zone(dt.tzinfo):
        asked = 0

        def utcoffset(self, moment):
            type(self).asked += 1
            return dt.timedelta(hours=1)

        dst = tzname = __str__ = __repr__ = utcoffset

    times = pd.DataFrame({"t": pd.Series(pd.date_range("2020", periods=3, tz="UTC")).dt.tz_convert(Zone())})
    Zone.asked = 0
    assert "t datetime64[" in describe(times)
    assert "2020-01-01" in describe(times, "full", 3)
    assert "2020-01-01" in describe(times.t, "excerpt", 2)
    assert len(fingerprint(times)) == 16
    assert Zone.asked == 0


CHANGES = {
    "a cell": lambda d: d.assign(a=[1, 2, 4]),
    "a string": lambda d: d.assign(s=["x", "z", None]),
    "a missing value": lambda d: d.assign(s=["x", "y", "z"]),
    "an index": lambda d: d.set_axis([5, 6, 7]),
    "a dtype": lambda d: d.astype({"a": "int8"}),
    "a name": lambda d: d.rename(columns={"a": "b"}),
    "the order": lambda d: d[["s", "a"]],
}


@pytest.mark.parametrize("name", CHANGES)
def test_fingerprints(name):
    """They change with what is told, not with how pandas keeps it."""
    change = CHANGES[name]
    assert fingerprint(change(frame())) != fingerprint(frame())
    kept_apart = frame()[["a"]]
    kept_apart["b"] = kept_apart["a"]
    kept_apart["c"] = kept_apart["a"]
    assert fingerprint(kept_apart) == fingerprint(kept_apart.copy())


def wide(width):
    return pd.DataFrame(np.zeros((3, width)), columns=[f"c{place}" for place in range(width)])


def long(rows):
    return pd.DataFrame({"a": np.arange(rows), "s": ["x"] * rows, "c": pd.Categorical(["u"] * rows)})


@pytest.mark.parametrize(("make", "small", "large"), [(wide, 1000, 10_000), (long, 5000, 10**6)])
def test_work_does_not_grow_with_size(make, small, large):
    """A wide or a long frame costs hardly more calls than a smaller one."""
    little, much = make(small), make(large)
    fingerprint(little)
    for ask in (describe, lambda obj: describe(obj, "full", 3)):
        ask(little), ask(much)
        assert calls_during(lambda ask=ask: ask(much)) <= 1.3 * calls_during(lambda ask=ask: ask(little))
    assert calls_during(lambda: fingerprint(much)) <= 2.5 * calls_during(lambda: fingerprint(little))


def test_geographic_frames():
    """Frames of geopandas are told as frames; geometries are not asked."""
    geopandas = pytest.importorskip("geopandas")
    point = importlib.import_module("shapely.geometry").Point
    places = geopandas.GeoDataFrame({"a": [1]}, geometry=[point(0, 0)], crs="EPSG:4326")
    assert (
        describe(places) == "geopandas.GeoDataFrame, 1 rows x 2 columns\ncolumns: a int64, geometry geometry EPSG:4326"
    )
    assert describe(places, "full", 3).endswith("a | geometry\n1 | …")
    assert describe(places.geometry).startswith("geopandas.GeoSeries, 1 values")
