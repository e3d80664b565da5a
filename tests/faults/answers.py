"""Answers whose every byte is known from their key and number: a wrong one is seen.

Enters: a key, a number, a size. Leaves: what a tier keeps; a verdict on what a tier gives back.
"""

import json
import random
import sys

from askance.cache.entry import Entry
from askance.cache.kept import Kept
from askance.records import Ledger


def body(key, number, size):
    """A text that no other key, number or size has."""
    return f"{key} {number} {size} " + random.Random(f"{key} {number} {size}").randbytes(size // 2).hex()


def made(key, number, size):
    """One answer, as a tier is given it."""
    return Kept.of(key, [Entry(question="why?", text=body(key, number, size), model="local", ledger=Ledger())])


def verdict(key, kept):
    """What it is: "miss", "right" or "wrong"; what is refused as damaged is a miss."""
    entries = kept.entries(key) if kept is not None else ()
    if not entries:
        return "miss"
    named, number, size, _ = entries[0].text.split(" ", 3)
    return "right" if named == key and entries[0].text == body(key, int(number), int(size)) else "wrong"


def say(counts):
    """To the process that asked for them."""
    sys.stdout.write(json.dumps(counts) + "\n")
