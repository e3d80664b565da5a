"""Arrays, frames and other libraries' things that hold what is hostile, are named by it, or are subclasses.

Enters: a generator of random numbers. Leaves: an object.
"""

from faults.hostile_objects import CALLS, bad, hostile_class, method


def tabular(random_):
    """Arrays and frames that hold hostile things, are named by them, or are subclasses."""
    import numpy as np
    import pandas as pd

    elements = np.empty(3, dtype=object)
    for place in range(3):
        elements[place] = bad(random_)
    frame = pd.DataFrame({"a": [1, 2, 3]})
    holding = frame.copy()
    holding["b"] = pd.Series(elements, dtype=object)
    label = object.__new__(Label)
    columns = pd.DataFrame(np.zeros((3, 1)))
    columns.columns = pd.Index(_objects(np, [label]), dtype=object)
    rows = pd.DataFrame({"a": [1, 2, 3]})
    rows.index = pd.Index(_objects(np, [object.__new__(Label) for _ in range(3)]), dtype=object)
    own_array = np.ndarray.__new__(_quiet(hostile_class(random_, np.ndarray), random_), (3,))
    own_frame, own_series = (object.__new__(hostile_class(random_, base)) for base in (pd.DataFrame, pd.Series))
    object.__setattr__(own_frame, "_mgr", frame._mgr)
    object.__setattr__(own_series, "_mgr", frame["a"]._mgr)
    attributed = frame.copy()
    attributed.attrs["note"] = bad(random_)
    named = pd.Series([1, 2])
    object.__setattr__(named, "_name", label)
    record = np.zeros(2, dtype=[("a", "i4"), ("b", object)])
    record["b"][0] = bad(random_)
    return random_.choice(
        (elements, holding, columns, rows, own_array, own_frame, own_series, attributed, named, record,
         holding["b"], rows.index, elements.reshape(3, 1), np.array(0, dtype=object), np.ma.masked_array([1], [1]),
         frame.groupby("a"), [holding, elements], {"frame": own_frame}, pd.Categorical(["a", "b"]), frame.iloc, frame.style)
    )  # fmt: skip


def of_a_library(random_):
    """Hostile subclasses of other libraries' types, and what these hold."""
    import polars as pl
    import pyarrow as pa
    import scipy.sparse
    import sklearn.linear_model
    import sqlalchemy
    import xarray as xr

    base = random_.choice(
        (pl.DataFrame, pl.Series, pl.LazyFrame, scipy.sparse.csr_matrix, sklearn.linear_model.LinearRegression,
         xr.DataArray, sqlalchemy.engine.Engine)
    )  # fmt: skip
    mine = object.__new__(hostile_class(random_, base))
    holding = pl.DataFrame({"a": pl.Series([object.__new__(Label)], dtype=pl.Object)})
    data = xr.DataArray([1, 2], attrs={"note": bad(random_)})
    model = sklearn.linear_model.LinearRegression()
    model.copy_X = bad(random_)
    lazy = pl.LazyFrame({"a": [1]}).map_batches(method("lazy", random_))
    return random_.choice((mine, mine, holding, data, model, lazy, pa.table({"a": [1]}), pa.array([1, None])))


class Label:
    """A column's name; quiet while the frame is made."""

    quiet = True

    def __hash__(self):
        return self._told("hash")

    def __eq__(self, other):
        return self._told("eq") == id(other)

    def _told(self, name):
        if not Label.quiet:
            CALLS.append(f"label {name}")
        return id(self)

    def __repr__(self):
        CALLS.append("label repr")
        return "label"

    __str__ = __repr__


def _objects(np, values):
    found = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):
        found[place] = value
    return found


def _quiet(kind, random_):
    # numpy itself calls this while the array is made.
    own = method("finalize", random_)
    type.__setattr__(kind, "__array_finalize__", lambda self, source: None if Label.quiet else own())
    return kind
