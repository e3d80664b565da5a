"""Prints for the user, who asked for it. Enters: text. Leaves: lines on the standard output."""

from __future__ import annotations

import sys


def write(text: str) -> None:
    """Print a line, or several."""
    sys.stdout.write(f"{text}\n")


def visible(text: str) -> str:
    """`text` with every sign that nobody sees spelled out: what is shown is what there is.

    Control characters could steer a terminal or hide code, and others turn the direction of what follows around.
    """
    return "".join(
        sign if sign in "\n\t " or sign.isprintable() else sign.encode("unicode_escape", "replace").decode("ascii")
        for sign in text
    )
