"""What the fingerprint of numpy's own arrays covers: their values in logical order, whatever the memory looks like.

Enters: an exact ndarray, in C or Fortran order, a view or a copy. Leaves: what it costs to look at all of it, and parts
for all of it or for what lies at fixed places. Elements of object arrays are never run.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .flat import flat
from .looked import OBJECT, brief
from .values import hashable_part, hashable_parts

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

_WIDEST = 200_000
"""Bytes that a sample takes at most, where single elements are large."""

_FLOATS = "fc"
_EXTENDED = "gG"


def cost(array: Array) -> int:
    """What looking at all of it costs, as a `Purse` counts."""
    return int(array.size) * OBJECT if array.dtype.hasobject else int(array.nbytes)


def whole(array: Array) -> list[str | bytes]:
    """All its values."""
    if array.dtype.names:  # what lies between the fields may be anything
        return [part for name in array.dtype.names for part in whole(array[name])]
    if array.dtype.hasobject:
        values = array.ravel().tolist()
        found = flat(values)
        return [*hashable_parts(values)] if found is None else [found]
    if array.dtype.char in _EXTENDED:  # has unused bytes
        double = "f8" if array.dtype.char == "g" else "c16"
        near = array.astype(double)
        return [*whole(near), *whole((array - near).astype(double))]
    return [brief(flat_bytes(array))] if array.nbytes else []


def sample(array: Array, chosen: Sequence[int]) -> list[str | bytes]:
    """The values at some places, in logical order; fewer of them where single values are very large."""
    most = max(1, _WIDEST // max(1, array.dtype.itemsize))
    if array.dtype.hasobject and not array.dtype.names:
        values = [array.item(place) for place in chosen[:most]]
        found = flat(values)
        return [hashable_part(value) for value in values] if found is None else [found]
    places = sys.modules["numpy"].asarray(chosen[:most], "i8")
    return whole(array[places] if array.ndim == 1 else array.flat[places])


def is_numbers(array: Array) -> bool:
    """Whether its values are numbers or times, and their bytes say all."""
    return array.dtype.kind in "biufcmM" and array.dtype.char not in _EXTENDED


def flat_bytes(array: Array) -> memoryview:
    """The bytes of numbers or times in logical order, without a copy where they lie so."""
    np = sys.modules["numpy"]
    numbers = np.ascontiguousarray(array).reshape(-1)
    if array.dtype.kind in _FLOATS and array.size:
        numbers = _with_one_nan(numbers.view(f"{array.dtype.byteorder}f{_width(array.dtype)}"))
    return memoryview(numbers.view("u1"))


def _with_one_nan(floats: Array) -> Array:
    """Of the many ways to write NaN the one of `numpy.nan`; 0/0 gives another one, and that is told alike.

    As unsigned integers, all that is above minus infinity is a negative NaN; as signed ones, all that is above the
    usual NaN is another positive one.
    """
    np = sys.modules["numpy"]
    order, width = floats.dtype.byteorder, floats.dtype.itemsize
    usual, lowest = (np.array(value, f"f{width}").view(f"u{width}")[()] for value in (abs(np.nan), -np.inf))
    bits = floats.view(f"{order}u{width}"), floats.view(f"{order}i{width}")
    if bits[0].max() <= lowest and bits[1].max() <= usual:
        return floats
    # Without branches: `where` takes three times as long, where NaN is here and there.
    found = bits[0] ^ usual
    found &= (np.isnan(floats) - np.int8(1)).astype(f"i{width}").view(f"u{width}")
    found ^= usual
    one: Array = found.astype(bits[0].dtype, copy=False).view(floats.dtype)
    return one


def _width(dtype: np.dtype[Any]) -> int:
    return dtype.itemsize // 2 if dtype.kind == "c" else dtype.itemsize
