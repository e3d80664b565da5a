"""Exceptions that are hostile in all that can be said of them. Made from a seed. Enters: a seed. Leaves: exceptions."""

import linecache
import random

from faults.hostile_objects import CALLS, bad, hostile_class
from faults.hostile_tables import Label


def raised(random_):
    """An exception that went through frames with hostile locals, and hostile in all that can be said of it."""
    base = random_.choice(
        (Exception, KeyError, OSError, ValueError, SyntaxError, ImportError, UnicodeDecodeError, ExceptionGroup)
    )
    element = bad(random_)
    args = {
        UnicodeDecodeError: ("utf-8", b"x", 0, 1, "why"),
        ExceptionGroup: ("many", [ValueError(element), KeyError(element)]),
        OSError: (5, element, element),
        SyntaxError: (element, (element, 1, element, element)),
    }.get(base, (element,))
    kind = base if random_.random() < 0.5 else hostile_class(random_, base, every=random_.random() < 0.5)
    error = base.__new__(kind, *args)
    base.__init__(error, *args)
    BaseException.__dict__["__dict__"].__get__(error)["__notes__"] = [element, "a note"]
    cause = hostile_class(random_, ValueError)
    BaseException.__dict__["__cause__"].__set__(error, ValueError.__new__(cause, element))
    BaseException.__dict__["__context__"].__set__(error, ValueError.__new__(cause, element))
    return _through_frames(error, element)


class Prepared(dict):
    """What a class body writes into, if its metaclass says so."""

    def __getattribute__(self, name):
        CALLS.append(f"prepared {name}")
        return dict.__getattribute__(self, name)

    def keys(self):
        CALLS.append("prepared keys")
        return ["x"]

    __iter__ = __len__ = keys


_CELL = """
def inner(local, error):
    other = [local]
    raise_(error)
class Body(metaclass=Meta):
    inner(element, error)
"""


def _through_frames(error, element):
    def raise_(one):
        raise one

    meta = type("Meta", (type,), {"__prepare__": classmethod(lambda *_, **__: Prepared())})
    name = "<hostile cell>"
    linecache.cache[name] = (len(_CELL), None, _CELL.splitlines(keepends=True), name)
    try:
        exec(
            compile(_CELL, name, "exec"),
            {"__name__": "__main__", "Meta": meta, "element": element, "error": error, "raise_": raise_},
        )
    except BaseException as caught:  # it may be of any kind
        return caught if caught is error else error
    raise AssertionError("it was to be raised")


def errors(seed, count):
    """Exceptions; afterwards nothing of theirs may run."""
    random_ = random.Random(seed)
    Label.quiet = True
    found = [raised(random_) for _ in range(count)]
    CALLS.clear()
    Label.quiet = False
    return found
