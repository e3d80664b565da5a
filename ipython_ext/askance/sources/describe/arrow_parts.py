"""What the fingerprint of pyarrow's own arrays covers: their values, however they are cut into chunks.

Enters: arrays of one type. Leaves: what it costs to look at all of them, and parts, read from the buffers they are kept
in. What lies under a null may be anything, and is not looked at; no value is made a Python object.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any
from zlib import crc32

from .libraries import is_from

_VALUE = 8
"""What a string costs besides its characters."""

_TEXTS = ("string", "large_string", "binary", "large_binary")
_LISTS = ("list<", "large_list<", "fixed_size_list<")


def chunks_of(array: Any) -> list[Any]:
    """The arrays that an array or a chunked array consists of."""
    return list(array.chunks) if hasattr(array, "chunks") else [array]


def cost(array: Any) -> int:
    """What looking at all of it costs, as a `Purse` counts."""
    return _VALUE * len(array) + int(array.nbytes)


def whole(array: Any) -> list[str | bytes]:
    """All its values; of types that are not known to pyarrow itself, or seldom, none."""
    return _whole([_decoded(chunk) for chunk in chunks_of(array)], array.type)


def sample(array: Any, chosen: Sequence[int]) -> list[str | bytes]:
    """The values at some places."""
    arrow, chunks = sys.modules["pyarrow"], chunks_of(array)
    if not chosen:
        return []
    if len(chunks) == 1:
        return _whole([_decoded(chunks[0].take(arrow.array(chosen)))], array.type)
    # Of several chunks, `take` would make one.
    ends = list(accumulate(map(len, chunks)))
    found = [(bisect_right(ends, place), place) for place in chosen]
    slices = [_decoded(chunks[number].slice(place - ends[number] + len(chunks[number]), 1)) for number, place in found]
    return _whole([arrow.concat_arrays(slices)], array.type)


def _decoded(chunk: Any) -> Any:
    return chunk.dictionary_decode() if str(chunk.type).startswith("dictionary<") else chunk


def _whole(chunks: Sequence[Any], dtype: Any) -> list[str | bytes]:
    if not is_from(type(dtype), "pyarrow"):
        return []
    dtype = chunks[0].type if chunks else dtype
    name = str(dtype)
    found: list[str | bytes] = [_checksum(_nulls(chunk) for chunk in chunks if chunk.null_count)]
    if name in _TEXTS:
        filled = [chunk.fill_null("" if "string" in name else b"") if chunk.null_count else chunk for chunk in chunks]
        return [*found, _checksum(map(_lengths, filled)), _checksum(map(_characters, filled))]
    if name.startswith(_LISTS):
        lengths = _checksum(chunk.value_lengths().fill_null(0).to_numpy(zero_copy_only=False) for chunk in chunks)
        return [*found, lengths, *_whole([chunk.flatten() for chunk in chunks], dtype.value_type)]
    if name.startswith("struct<"):
        fields = [[chunk.flatten()[place] for chunk in chunks] for place in range(dtype.num_fields)]
        return [
            *found,
            *(part for place, field in enumerate(fields) for part in _whole(field, dtype.field(place).type)),
        ]
    return [*found, _checksum(map(_fixed(name, dtype), chunks))] if _has_width(dtype) else found


def _checksum(data: Iterable[Any]) -> bytes:
    total = 0
    for piece in data:
        total = crc32(piece, total)
    return total.to_bytes(4, "little")


def _nulls(chunk: Any) -> Any:
    return chunk.is_null().to_numpy(zero_copy_only=False)


def _offsets(chunk: Any) -> Any:
    width = 8 if str(chunk.type).startswith("large_") else 4
    offsets = sys.modules["numpy"].frombuffer(chunk.buffers()[1] or bytes(width), f"i{width}")
    return offsets[chunk.offset : chunk.offset + len(chunk) + 1]


def _lengths(chunk: Any) -> Any:
    return sys.modules["numpy"].diff(_offsets(chunk)).astype("i8", copy=False)


def _characters(chunk: Any) -> memoryview:
    offsets = _offsets(chunk)
    return memoryview(chunk.buffers()[2] or b"")[int(offsets[0]) : int(offsets[-1])]


def _has_width(dtype: Any) -> bool:
    try:
        return int(dtype.bit_width) > 0
    except ValueError:  # it has none
        return False


def _fixed(name: str, dtype: Any) -> Callable[[Any], Any]:
    if name == "bool":
        return lambda chunk: chunk.fill_null(False).to_numpy(zero_copy_only=False)  # noqa: FBT003  the value itself
    width = int(dtype.bit_width) // 8
    return lambda chunk: _numbers(chunk, width)


def _numbers(chunk: Any, width: int) -> Any:
    np = sys.modules["numpy"]
    cells = np.frombuffer(chunk.buffers()[1] or b"", "u1").reshape(-1, width)[chunk.offset : chunk.offset + len(chunk)]
    if chunk.null_count:
        cells = cells.copy()
        cells[_nulls(chunk)] = 0
    return cells
