"""Objects whose every piece of code tells that it ran, and then does harm. Made from a seed.

Enters: a generator of random numbers. Leaves: an object, and in `CALLS` what was run, which stays empty if nobody was asked
anything.
"""

import collections
import datetime as dt
import decimal
import enum
import fractions
import functools
import io
import itertools
import pathlib
import threading
import time
import types
import uuid

CALLS = []
"""What was run."""

DUNDERS = (
    "getattribute getattr len repr str iter eq ne lt hash bool dir format bytes sizeof reduce reduce_ex getstate next reversed "
    "contains getitem missing int float complex index round trunc call enter exit await aiter anext add radd neg abs array "
    "array_interface array_struct array_ufunc array_function array_finalize array_wrap array_priority dataframe arrow_c_stream "
    "arrow_c_array dlpack dlpack_device cuda_array_interface torch_function fspath length_hint instancecheck subclasscheck "
    "copy deepcopy del class_getitem get set"
).split()
PLAIN = (
    "_repr_html_ _repr_mimebundle_ _repr_pretty_ _ipython_display_ _ipython_key_completions_ keys items values get tolist "
    "shape dtype columns index name schema head describe info to_string tobytes view axes ndim size nbytes get_params "
    "named_parameters parameters children extra_repr forward __name__ __wrapped__ __signature__ "
    "__annotations__ __cause__ __notes__ fileno read close args"
).split()
LIES = (int, str, dict, list, float, bytes, types.ModuleType, types.FunctionType, BaseException, enum.Enum)


class Escape(BaseException):
    """Caught by nobody who catches exceptions."""


def harm(random_):
    """What a hostile method does after it has told that it ran."""
    return random_.choice(
        (
            lambda: (_ for _ in ()).throw(SystemExit(3)),
            lambda: (_ for _ in ()).throw(KeyboardInterrupt()),
            lambda: (_ for _ in ()).throw(RecursionError("deep")),
            lambda: (_ for _ in ()).throw(MemoryError()),
            lambda: (_ for _ in ()).throw(Escape("out")),
            lambda: (_ for _ in ()).throw(GeneratorExit()),
            lambda: (_ for _ in ()).throw(StopIteration()),
            lambda: (_ for _ in ()).throw(ValueError("no")),
            lambda: time.sleep(0.1),
            lambda: threading.Thread(target=CALLS.append, args=("thread",), daemon=True).start(),
            lambda: "x" * 10_000_000,
            lambda: -1,
            lambda: None,
            lambda: NotImplemented,
            object,
            lambda: itertools.repeat(1),
            lambda: 10**5000,
        )
    )


def method(name, random_):
    """A method that tells, and does harm."""
    act = harm(random_)

    def run(*_, **__):
        CALLS.append(name)
        return act()

    return run


def hostile_class(random_, *bases, meta=type, every=True):
    """A class with all of these methods, or some."""
    names = [f"__{name}__" for name in DUNDERS] + PLAIN
    chosen = names if every else random_.sample(names, random_.randint(3, 30))
    own = {name: method(name, random_) for name in chosen}
    if random_.random() < 0.5:
        own["__class__"] = property(method("__class__", random_))
    elif random_.random() < 0.5:
        lie = random_.choice(LIES)
        own["__class__"] = property(lambda self: CALLS.append("lie") or lie)
    if not bases and random_.random() < 0.3:
        own["__slots__"] = ("a", "b")
    if random_.random() < 0.3:
        own |= {"shape": property(method("shape", random_)), "__doc__": property(method("doc", random_))}
    own.pop("__del__", None)  # it runs when the test itself lets go
    return type.__new__(meta, "Hostile", bases, own)


def hostile_meta(random_):
    """A metaclass whose classes answer nothing either."""
    names = ("getattribute hash eq repr instancecheck subclasscheck bool len iter call dir subclasses prepare").split()
    own = {f"__{name}__": method(f"meta {name}", random_) for name in names}
    own["mro"] = type.mro
    return type.__new__(type, "Meta", (type,), own)


def instance(kind, *bases_and_args):
    """An instance, made without its class's code."""
    base, *args = bases_and_args or (object,)
    obj = base.__new__(kind, *args)
    if base in (list, dict, set, bytearray, collections.deque):
        base.__init__(obj, *args)
    return obj


BASES = (
    (list, [1, 2]), (dict, {"a": 1}), (tuple, (1, 2)), (set, {1}), (frozenset, {1}), (str, "text"), (int, 5), (float, 1.5),
    (complex, 1j), (bytes, b"xy"), (bytearray, b"xy"), (collections.OrderedDict,), (collections.deque, [1]),
    (collections.Counter,), (collections.defaultdict,), (dt.datetime, 2020, 1, 1), (dt.date, 2020, 1, 1), (dt.time, 1),
    (dt.timedelta, 1), (decimal.Decimal, "1"), (fractions.Fraction,), (uuid.UUID,), (pathlib.PurePosixPath, "a"),
    (pathlib.PosixPath, "a"), (Exception, "x"), (KeyError, "x"), (types.ModuleType, "m"), (types.SimpleNamespace,),
    (io.StringIO,), (functools.partial, len), (property,), (staticmethod, len), (enum.Enum,), (BaseException,), (slice,),
)  # fmt: skip


def subclass(random_):
    """An instance of a hostile subclass of one of Python's own types."""
    while True:
        base, *args = random_.choice(BASES)
        try:
            return instance(hostile_class(random_, base, every=random_.random() < 0.5), base, *args)
        except Exception:  # a type that may not be a base, or needs a constructor of its own
            CALLS.clear()
            continue


def plain(random_):
    """An instance, of a class with a hostile metaclass now and then; or such a class."""
    meta = hostile_meta(random_) if random_.random() < 0.4 else type
    kind = hostile_class(random_, meta=meta, every=random_.random() < 0.6)
    obj = object.__new__(kind)
    if random_.random() < 0.3:
        return kind
    if random_.random() < 0.5:
        try:
            vars(object.__new__(type("Plain", (), {})))
            object.__setattr__(obj, random_.choice(("a", "b")), object.__new__(hostile_class(random_)))
        except AttributeError:
            CALLS.clear()
    return obj


def bad(random_):
    """One hostile element."""
    return random_.choice((plain, subclass))(random_)
