"""Variables of ten gigabytes that take nothing, as long as nobody looks at them. Run as a program: looks at each.

Enters: a folder for a file. Leaves: what is told of each, by how much it made the process grow, how many pages it touched.
"""

import json
import resource
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

SIZE = 10_000_000_000
COLUMNS = 20


def large(folder):
    """Arrays and frames over pages that nobody has touched, and over a file with a hole in it."""
    file = folder / "large.bin"
    with file.open("wb") as opened:
        opened.truncate(SIZE)
    rows = SIZE // 8 // COLUMNS
    mapped = np.memmap(file, dtype="u1", mode="r")
    wide = np.memmap(file, dtype="f8", mode="r", shape=(rows, COLUMNS))
    zeros = np.zeros(SIZE // 8)
    names = [f"c{number}" for number in range(COLUMNS)]
    found = {
        "mapped": mapped,
        "view": np.asarray(mapped),
        "part": np.asarray(mapped)[5:-5],
        "zeros": zeros,
        "table": zeros.reshape(-1, 50),
        "frame": pd.DataFrame(np.zeros((rows, COLUMNS)), columns=names, copy=False),
        "columns": pd.DataFrame({name: np.zeros(rows) for name in names}, copy=False),
        "mapped_frame": pd.DataFrame(wide, columns=names, copy=False),
        "series": pd.Series(zeros, copy=False),
        "mapped_series": pd.Series(np.asarray(mapped), copy=False),
        "listed": [zeros, mapped],
    }
    return found | _arrow(file)


def _arrow(file):
    try:
        import pyarrow as pa
    except ImportError:
        return {}
    buffer = pa.memory_map(str(file)).read_buffer(SIZE)
    array = pa.Array.from_buffers(pa.float64(), SIZE // 8, [None, buffer])
    return {"arrow": array, "arrow_table": pa.table({"a": array, "b": array})}


def small():
    """The same kinds, so that what is imported and kept of them is known before anything is measured."""
    zeros = np.zeros(10)
    found = {"a": zeros, "f": pd.DataFrame({"a": zeros}), "s": pd.Series(zeros), "l": [zeros], "t": zeros.reshape(5, 2)}
    try:
        import pyarrow as pa
    except ImportError:
        return found
    return found | {"pa": pa.array([1.0]), "pt": pa.table({"a": [1.0]})}


def resident():
    """Megabytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6


def touched():
    """Pages that were met for the first time, and those of them that came from a disk."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_minflt, used.ru_majflt


def main():
    """Everything that is asked of a variable, at every level, with all privacy that there is."""
    from askance.records import LEVELS
    from askance.sources.describe import describe, facts, fingerprint

    def look(value):
        texts = [describe(value, level, 3) for level in LEVELS]
        return {"text": texts[-1][:300], "facts": facts(value), "fingerprint": fingerprint(value)}

    for value in small().values():
        look(value)
    with tempfile.TemporaryDirectory() as folder:
        found, report = large(Path(folder)), {}
        for name, value in found.items():
            before, pages = resident(), touched()
            said = look(value)
            faults = [now - then for now, then in zip(touched(), pages, strict=True)]
            report[name] = {**said, "grown": resident() - before, "pages": faults[0], "read": faults[1]}
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
