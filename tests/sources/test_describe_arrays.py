"""Arrays and tables besides pandas': numpy's subclasses, pyarrow, xarray, scipy.sparse, Dask."""

import pytest

from askance.sources.describe import describe, fingerprint

np = pytest.importorskip("numpy")


def test_numpy_subclasses(tmp_path):
    """A matrix is read like an array; of a masked or mapped one only the schema, as a mask hides and a map reads the disk."""
    matrix = np.array([[1, 2]]).view(np.matrix)
    assert describe(matrix, "excerpt").startswith("numpy.matrix int64, shape (1, 2)\nmin 1")
    assert describe(np.ma.array([1, 2], mask=[0, 1]), "full", 3) == "numpy.ma.MaskedArray int64, shape (2,)"
    np.save(tmp_path / "a.npy", np.arange(5))
    assert describe(np.load(tmp_path / "a.npy", mmap_mode="r"), "full", 3) == "numpy.memmap int64, shape (5,)"


def test_pyarrow_tables():
    """Schema, statistics of a few places, rows; nested columns and secrets stay closed."""
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"n": range(1000), "s": ["x", None] * 500, "password": ["hunter2"] * 1000, "deep": [[1]] * 1000})
    outline = "pyarrow.Table, 1,000 rows x 4 columns\ncolumns: n int64, s string, password string, deep list<"
    assert describe(table).startswith(outline)
    assert "n: min " in describe(table, "excerpt", 2)
    assert "s: 1 distinct, " in describe(table, "excerpt", 2)
    full = describe(table, "full", 3)
    assert "0 | 'x' | '…' | '…'" in full
    assert "hunter2" not in full
    assert describe(table.to_batches()[0]).startswith("pyarrow.RecordBatch, 1,000 rows")
    assert describe(table.schema).startswith("pyarrow.Schema, 4 fields")
    assert describe(pa.table({f"c{place}": [1] for place in range(10_000)})).endswith("+9,940 more")


def test_pyarrow_arrays():
    """Type, length and chunks."""
    pa = pytest.importorskip("pyarrow")
    assert describe(pa.array([1, None])) == "pyarrow.Int64Array of 2, int64"
    assert describe(pa.array([1, None]), "excerpt", 2).endswith("min 1, max 1, 1 missing")
    assert describe(pa.chunked_array([["a"], ["b"]])) == "pyarrow.ChunkedArray of 2, string in 2 chunks"
    assert fingerprint(pa.array([1, 2])) != fingerprint(pa.array([1, 3]))
    assert fingerprint(pa.table({"a": [1]})) != fingerprint(pa.table({"a": [2]}))


def test_pyarrow_extension_types_are_not_asked():
    """Of a column of the user's extension type its class is told."""
    pa = pytest.importorskip("pyarrow")
    asked = []

    class Kind(pa.ExtensionType):
        def __init__(self):
            super().__init__(pa.int64(), "kind")

        def __arrow_ext_serialize__(self):
            return b""

        def __str__(self):
            asked.append(1)
            return "kind"

        __repr__ = __str__

    kind = Kind()  # kept: pyarrow would make it anew, which runs its class
    table = pa.table({"k": pa.ExtensionArray.from_storage(kind, pa.array([1]))})
    assert describe(table, "full", 3).splitlines()[1].endswith("Kind")
    assert asked == []


def climate():
    xr = pytest.importorskip("xarray")
    values = xr.DataArray(
        np.arange(12.0).reshape(3, 4), dims=("time", "x"), coords={"x": [1, 2, 3, 4]}, name="heat", attrs={"units": "K"}
    )
    return values, xr.Dataset({"heat": values, "p": ("x", np.arange(4))}, attrs={"title": "t", "token": "secret"})


def test_xarray():
    """Dimensions, variables and coordinates; attributes and statistics from excerpt."""
    values, data = climate()
    head = "xarray.DataArray heat, time 3, x 4\nvariables: values (time, x) float64\ncoordinates: x (x) int64"
    assert describe(values) == head
    assert "units='K'" in describe(values, "excerpt", 2)
    assert describe(values, "excerpt", 1) == f"{head}\nattributes: units"
    assert describe(data).startswith("xarray.Dataset, time 3, x 4\nvariables: heat (time, x) float64, p (x) int64")
    excerpt = describe(data, "excerpt", 2)
    assert "heat: min 0, mean 5.5, max 11" in excerpt
    assert "title='t', token" in excerpt
    assert "secret" not in excerpt
    assert fingerprint(data) == fingerprint(climate()[1])
    assert fingerprint(data) != fingerprint(data + 1)


def test_xarray_on_disk_or_in_chunks_stays_there():
    """Arrays of a backend are never loaded, chunks never computed."""
    xr, dask = pytest.importorskip("xarray"), pytest.importorskip("dask")
    indexing = pytest.importorskip("xarray.core.indexing")
    loaded = []

    class Backend(xr.backends.BackendArray):
        def __init__(self):
            self.shape, self.dtype = (3,), np.dtype("int64")

        def __getitem__(self, key):
            loaded.append(key)
            return np.zeros(3)

    lazy = xr.Dataset({"a": ("t", indexing.LazilyIndexedArray(Backend()))})
    with dask.config.set(scheduler=lambda *args, **kwargs: loaded.append(args)):
        chunked = climate()[1].chunk({"x": 2})
        for data in (lazy, chunked):
            for level in ("outline", "excerpt", "full"):
                assert describe(data, level, 3).startswith("xarray.Dataset, ")
            assert len(fingerprint(data)) == 16
    assert "heat (time, x) float64 in Dask chunks" in describe(chunked)
    assert loaded == []


@pytest.mark.parametrize("layout", "csr csc coo bsr dia dok lil".split())
@pytest.mark.parametrize("kind", ["array", "matrix"])
def test_sparse(layout, kind):
    """Shape, dtype and stored elements of every layout."""
    sparse = pytest.importorskip("scipy.sparse")
    make = getattr(sparse, f"{layout}_{kind}")
    said = describe(make(np.eye(4)))
    assert said.startswith(f"scipy.sparse.{layout}_{kind} float64, shape (4, 4)")
    assert said.endswith(", 4 stored") or layout == "lil"
    assert fingerprint(make(np.eye(4))) == fingerprint(make(np.eye(4)))
    assert fingerprint(make(np.eye(4))) != fingerprint(make(np.eye(5)))
    if layout != "lil":
        assert fingerprint(make(np.eye(4))) != fingerprint(make(np.eye(4) * 2))


def test_dask():
    """Schema, chunks and known partitions; nothing is computed, and no divisions are asked for."""
    dask, pd = pytest.importorskip("dask"), pytest.importorskip("pandas")
    da, dd = pytest.importorskip("dask.array"), pytest.importorskip("dask.dataframe")
    computed = []
    with dask.config.set(scheduler=lambda *args, **kwargs: computed.append(args)):
        array = da.ones((100, 50), chunks=(30, 50))
        said = "dask.array.Array float64, shape (100, 50), 4 chunks of up to (30, 50), not computed"
        assert describe(array, "full", 3) == said
        frame = dd.from_pandas(pd.DataFrame({"a": range(10), "b": 1.5}), npartitions=2).assign(c=1)
        columns = "columns: a int64, b float64, c int64"
        assert describe(frame, "full", 3) == f"dask.dataframe.DataFrame, not computed\n{columns}"
        assert frame.npartitions == 2
        assert describe(frame).startswith("dask.dataframe.DataFrame, 2 partitions, not computed")
        assert fingerprint(frame) != fingerprint(frame.assign(d=1))
        assert describe(frame.a).startswith("dask.dataframe.Series, ")
    assert computed == []
