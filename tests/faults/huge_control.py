"""Looks at a gigabyte of a mapped file, as nobody should. Run as a program. Leaves: by how much the process grew."""

import json
import sys
import tempfile
from pathlib import Path

from faults.huge import large, resident


def main():
    """Read, and tell."""
    with tempfile.TemporaryDirectory() as folder:
        view = large(Path(folder))["view"]
        before = resident()
        view[: 10**9 : 4096].sum()
        sys.stdout.write(json.dumps({"grown": resident() - before}))


if __name__ == "__main__":
    main()
