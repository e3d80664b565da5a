"""Which file of this folder describes which library's types.

Enters: a class. Leaves: its describer, if it is one of the classes listed here. Nothing is imported but our own file.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, NamedTuple

from .type_names import library_type


class Adapter(NamedTuple):
    """A file of this folder and the types it describes.

    Attributes:
        file: the module's name.
        bases: class names; their subclasses are meant too.
        calls: whether it calls methods or properties of the object, which a user's subclass may have replaced;
            else it reads storage alone and serves anyone's subclass.
    """

    file: str
    bases: frozenset[str]
    calls: bool = False


def _adapter(file: str, bases: str, *, calls: bool = False) -> Adapter:
    return Adapter(file, frozenset(bases.split()), calls)


_ADAPTERS: dict[str, tuple[Adapter, ...]] = {
    "numpy": (_adapter("numpy_", "ndarray"), _adapter("plain", "generic", calls=True)),
    "pandas": (
        _adapter("pandas_", "DataFrame Series"),
        _adapter("pandas_index", "Index ExtensionArray", calls=True),
        _adapter("pandas_groups", "GroupBy"),
    ),
    "polars": (_adapter("polars_", "DataFrame LazyFrame Series", calls=True),),
    "pyarrow": (
        _adapter("pyarrow_", "Table RecordBatch Schema Field", calls=True),
        _adapter("pyarrow_array", "Array ChunkedArray", calls=True),
    ),
    "xarray": (_adapter("xarray_", "DataArray Dataset"),),
    "scipy": (_adapter("scipy_sparse", "_spbase"),),
    "sklearn": (_adapter("sklearn_", "BaseEstimator"),),
    "torch": (_adapter("torch_", "Tensor", calls=True), _adapter("torch_module", "Module")),
    "jaxlib": (_adapter("jax_", "ArrayImpl", calls=True),),
    "tensorflow": (_adapter("tensorflow_", "EagerTensor BaseResourceVariable", calls=True),),
    "keras": (_adapter("keras_", "Layer Variable KerasTensor"),),
    "matplotlib": (_adapter("matplotlib_", "FigureBase _AxesBase"),),
    "sqlalchemy": (_adapter("sqlalchemy_", "Engine Connection"),),
    "pyspark": (_adapter("spark_", "DataFrame"),),
    "dask": (_adapter("dask_array", "Array", calls=True), _adapter("dask_frame", "FrameBase")),
}


def describer_of(base: type, kind: type) -> Any | None:
    """The module that describes `kind` because `base` is among its classes, None if that is not a listed one."""
    exported = library_type(base)
    if exported is None or exported[0] not in _ADAPTERS:
        return None
    library, name = exported
    for adapter in _ADAPTERS[library]:
        if name in adapter.bases and (not adapter.calls or is_from(kind, library)):
            return import_module(f".{adapter.file}", __package__)
    return None


def is_from(kind: type, library: str) -> bool:
    """Whether `library` itself has defined the class."""
    exported = library_type(kind)
    return exported is not None and exported[0] == library


def is_listed(kind: type) -> bool:
    """Whether the class is from a library with an adapter."""
    exported = library_type(kind)
    return exported is not None and exported[0] in _ADAPTERS
