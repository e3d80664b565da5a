"""How many calls a function makes: a measure of work that no busy machine changes."""

import sys


def calls_during(function):
    """Calls of Python and C functions while `function` runs."""
    counted = [0]

    def count(frame, event, argument):
        counted[0] += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        function()
    finally:
        sys.setprofile(None)
    return counted[0]
