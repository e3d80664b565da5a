"""Everything that can hold hostile objects, be named by them or stand in for them. Made from a seed.

Enters: a seed and a count. Leaves: variables, by name.
"""

import collections
import ctypes
import dataclasses
import enum
import functools
import io
import itertools
import random
import threading
import types
import unittest.mock
import weakref

from faults.hostile_objects import CALLS, bad, hostile_class, instance, method, plain, subclass
from faults.hostile_tables import Label, of_a_library, tabular


def container(random_):
    """A container of hostile elements, or one that holds itself."""
    elements = [bad(random_) for _ in range(random_.randint(1, 4))]
    round_list, round_dict, deep = [*elements], {}, elements
    round_list.append(round_list)
    round_dict["self"] = round_dict
    for _ in range(20_000):
        deep = [deep]
    keyed = {1: elements[0], "b": elements, (1, 2): {"c": elements[-1]}}
    return random_.choice(
        (elements, tuple(elements), {"a": elements[0]}, keyed, collections.deque(elements), round_list, round_dict,
         deep, [10**5000] * 3, {"n": -(10**5000)}, [float("nan"), 10**5000], types.SimpleNamespace(a=elements[0]),
         types.MappingProxyType({"a": elements[0]}), iter(elements), (one for one in elements), zip(elements, elements, strict=True),
         itertools.repeat(elements[0]), {"x": elements}.items(), memoryview(b"xy"), range(10**30), slice(*elements[:1]),
         [[[elements]]], {"k" * 100_000: elements[0]}, "\ud800" * 10, b"\xff" * 10_000_000, "a" * 30_000_000)
    )  # fmt: skip


class Key:
    """A key that answers a lookup of a name that somebody may look for."""

    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        CALLS.append(f"key {self.name}")
        return other == self.name


def keyed(random_):
    """Classes, instances and modules whose dictionaries answer lookups with code of their own."""
    sought = "__dict__ __str__ __doc__ _repr_ask_ __slots__ __annotations__ _fields _mgr _value_ _name_ __wrapped__ x".split()
    name = random_.choice(sought)
    kind = type("Keyed", (), {Key(name): method("value", random_), "x": 1})
    plain_kind = type("Plain", (), {})
    obj = plain_kind()
    vars(obj).update({Key(name): 1, "b": 2})
    module = types.ModuleType("keyed")
    vars(module)[Key(name)] = 1
    error = ValueError("x")
    vars(error)[Key("__notes__")] = 1
    return random_.choice((kind, kind(), obj, module, error, {Key(name): 1}, [obj], {Key("a"), Key("b")}))


def function(random_):
    """A function, or what stands around one, with hostile parts wherever one can be put."""
    default, other = bad(random_), bad(random_)

    def run(a=default, *, b=other):  # noqa: B008
        return a, b, default

    run.__doc__ = bad(random_)
    run.__wrapped__ = bad(random_)
    run.__signature__ = bad(random_)
    run.__module__ = bad(random_)
    run.__annotations__ = {"a": bad(random_), "return": bad(random_)}
    run.__dict__["extra"] = bad(random_)
    if random_.random() < 0.5:
        run.__name__ = run.__qualname__ = instance(hostile_class(random_, str), str, "named")
    run.__kwdefaults__ = {"b": bad(random_)}
    cached = functools.lru_cache(run)
    return random_.choice(
        (run, functools.partial(run, default), functools.partial(default if callable(type(default)) and False else len, default),
         cached, types.MethodType(run, default), property(run), staticmethod(run), functools.singledispatch(run),
         functools.cached_property(run), classmethod(run))
    )  # fmt: skip


def of_a_class(random_):
    """Dataclasses, named tuples, enumerations and classes with hostile parts."""
    element = bad(random_)

    @dataclasses.dataclass
    class Data:
        a: object
        b: int = 1
        __repr__ = method("dataclass repr", random_)
        __eq__ = method("dataclass eq", random_)
        __hash__ = method("dataclass hash", random_)

    named = collections.namedtuple("named", "a b")  # noqa: PYI024
    named.__doc__ = element

    class Colour(enum.Enum):
        RED = 1

    type.__setattr__(Colour, "__repr__", method("enum repr", random_))
    type.__setattr__(Colour, "__str__", method("enum str", random_))
    type.__setattr__(Colour, "__hash__", method("enum hash", random_))
    Colour.__dict__["RED"].__dict__["_value_"] = element

    class Odd:
        """Some."""

        a: element = 1
        __slots__ = ("x",)

        def own(self, a=element):
            """Nothing."""

    Odd.__module__ = element
    Odd.own.__doc__ = element
    title = instance(hostile_class(random_, str), str, "Odd")
    renamed = type("Renamed", (), {"__module__": __name__})
    renamed.__qualname__ = title
    hook = type("Hook", (), {"_repr_ask_": element})
    return random_.choice(
        (
            Data(element),
            named(element, 2),
            named,
            Colour.__dict__["RED"],
            Colour,
            Odd,
            Odd(),
            renamed,
            renamed(),
            hook(),
            Data,
        )
    )


def stand_in(random_):
    """Mocks, proxies, modules that make up their attributes, and other things that look like anything."""
    element = bad(random_)
    target = type(
        "Target", (), {"__repr__": method("target repr", random_), "__len__": method("target len", random_)}
    )()
    KEPT.append(target)
    lazy = type("Lazy", (types.ModuleType,), {"__getattr__": method("module getattr", random_)})("lazy")
    module = types.ModuleType("odd")
    module.__getattr__ = method("module getattr", random_)
    module.__dict__["__spec__"] = module.__dict__["__name__"] = element
    loop = threading.Lock()
    return random_.choice(
        (unittest.mock.Mock(), unittest.mock.MagicMock(), unittest.mock.MagicMock(spec=dict), unittest.mock.sentinel.x,
         weakref.proxy(target), weakref.ref(target), lazy, module, loop, ctypes.c_int(5), (ctypes.c_char * 10_000_000)(),
         weakref.WeakValueDictionary({"a": target}), io.BytesIO(b"x" * 100), types.SimpleNamespace(__class__=int),
         unittest.mock.create_autospec(dict), unittest.mock.AsyncMock())
    )  # fmt: skip


KEPT = []
"""What weak references point at."""


MAKERS = (plain, subclass, keyed, container, function, of_a_class, stand_in, tabular, of_a_library)


def made(seed, count, *, with_libraries=True):
    """Objects, by name; afterwards nothing of theirs may run."""
    random_, found = random.Random(seed), {}
    Label.quiet = True
    makers = MAKERS[: None if with_libraries else -1]
    for maker in itertools.cycle(makers):
        if len(found) == count:
            break
        try:
            found[f"{maker.__name__}_{len(found)}"] = maker(random_)
        except BaseException as error:  # it met its own traps while it was made
            if not CALLS and not isinstance(error, TypeError):
                raise
            CALLS.clear()
    CALLS.clear()
    Label.quiet = False
    return found
