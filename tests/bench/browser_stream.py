"""Frames dropped while 4,000 tokens stream into a real JupyterLab in Chromium; see tests/browser/measure_stream.py.

python tests/bench/browser_stream.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


def main() -> int:
    """Measure with the fixtures of the browser tests."""
    root = Path(__file__).parents[2]
    measuring = root / "tests" / "browser" / "measure_stream.py"
    return int(pytest.main([str(measuring), "--rootdir", str(root), "-q", "-s", "-p", "no:cacheprovider"]))


if __name__ == "__main__":
    sys.exit(main())
