"""Prints for the user, who asked for it. Enters: text. Leaves: lines on the standard output."""

from __future__ import annotations

import sys


def write(text: str) -> None:
    """Print a line, or several."""
    sys.stdout.write(f"{text}\n")
