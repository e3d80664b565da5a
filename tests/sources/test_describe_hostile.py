"""Nothing of a class we do not know is ever called: not of its instances, its metaclass, nor of subclasses of known types."""

import collections
import datetime as dt
import enum

import pytest

from askance.sources.describe import describe, facts, fingerprint

CALLS = []
LEVELS = ("name", "outline", "excerpt", "full")
DUNDERS = (
    "__getattribute__ __getattr__ __len__ __repr__ __str__ __eq__ __bool__ __iter__ __hash__ __format__ __dir__ "
    "__getitem__ __contains__ __int__ __float__ __index__ __call__ __array__ __sizeof__ __reduce__ __next__ __array_ufunc__ "
    "__array_function__ __array_finalize__ __torch_function__ __length_hint__ __reversed__ keys items values tolist dtype shape "
    "columns index _constructor _constructor_sliced tobytes view axes get_params named_modules named_parameters parameters "
    "children extra_repr forward"
).split()


def touched(name):
    def method(*args, **kwargs):
        CALLS.append(name)
        raise RuntimeError(name)

    return method


class Meta(type):
    __getattribute__ = touched("meta getattribute")
    __hash__ = touched("meta hash")
    __eq__ = touched("meta eq")
    __repr__ = touched("meta repr")
    __instancecheck__ = touched("meta instancecheck")
    __subclasscheck__ = touched("meta subclasscheck")
    __bool__ = touched("meta bool")


def hostile(*bases, meta=None):
    """A class whose every method counts and raises. Made in functions: pytest looks at what stands in a module."""
    own = {name: touched(name) for name in DUNDERS}
    own["__class__"] = property(touched("class"))
    own["__dict__"] = property(touched("dict"))
    kind = meta or (type(bases[0]) if bases and type(bases[0]) is not type else Meta)
    return type.__new__(
        kind, "Hostile", bases, {name: value for name, value in own.items() if name != "__dict__" or not bases}
    )


def builtin_subclasses():
    for base, args in (
        (list, ([1, 2],)),
        (dict, ({"a": 1},)),
        (tuple, ((1, 2),)),
        (set, ({1},)),
        (str, ("text",)),
        (int, (5,)),
        (float, (1.5,)),
        (bytes, (b"xy",)),
        (collections.OrderedDict, ()),
        (collections.deque, ([1],)),
        (dt.datetime, (2020, 1, 1)),
        (Exception, ("x",)),
    ):
        kind = hostile(base)
        obj = base.__new__(kind, *args)
        if base in (list, dict, set, collections.deque):
            base.__init__(obj, *args)
        yield base.__name__, obj


def check(obj):
    CALLS.clear()
    for privacy in range(4):
        for level in LEVELS:
            text = describe(obj, level, privacy)
            assert type(text) is str
            assert text
    assert len(fingerprint(obj)) == 16
    assert {type(fact) for fact in facts(obj).values()} <= {int, str}
    assert CALLS == []


@pytest.mark.parametrize("name", [name for name, _ in builtin_subclasses()])
def test_subclasses_of_builtins(name):
    """The built-in type's own methods read them; overridden ones are never met."""
    check(dict(builtin_subclasses())[name])


def test_metaclasses():
    """A class with a hostile metaclass, its instance, and containers of both."""
    kind = hostile()
    obj = object.__new__(kind)
    for value in (
        kind,
        obj,
        [kind, obj, 1],
        (obj,),
        {"a": obj, "b": kind},
        {1: [obj, [kind]]},
        collections.deque([obj]),
    ):
        check(value)


def test_attributes_of_unknown_objects():
    """What an instance stores is read without its code; what stands there is not run either."""

    class Holder:
        __getattribute__ = touched("getattribute")
        size = property(touched("property"))
        __slots__ = ("__dict__", "label", "other")

    holder = object.__new__(Holder)
    object.__setattr__(holder, "label", "seen")
    object.__setattr__(holder, "other", object.__new__(hostile()))
    object.__setattr__(holder, "extra", 3)
    check(holder)
    assert "extra=3, label='seen', other <Hostile>".replace("<Hostile>", f"{__name__}.Hostile") in describe(
        holder, "excerpt", 2
    )


def test_keys_that_answer_lookups():
    """A key in an instance dictionary that would answer a lookup with its own code closes that dictionary."""

    class Key:
        __hash__ = lambda self: hash("_mgr")  # noqa: E731
        __eq__ = touched("key eq")

    class Plain:
        pass

    obj = Plain()
    obj.__dict__[Key()] = 1
    check(obj)
    assert describe(obj, "full", 3).endswith("Plain")


def test_time_zones():
    """A time in a zone of the user's is not printed, since that asks the zone for its offset."""

    class Zone(dt.tzinfo):
        utcoffset = dst = tzname = __repr__ = __str__ = touched("zone")

    check(dt.datetime(2020, 1, 1, tzinfo=Zone()))
    check(dt.time(1, tzinfo=Zone()))
    check([dt.time(1, tzinfo=Zone())])


def test_enumerations():
    """A member is told by what is stored, even if its class overrides all that asks for it."""

    class Colour(enum.Enum):
        RED = 1
        __repr__ = __str__ = __format__ = __hash__ = __eq__ = touched("enum")

    member = Colour.RED
    check(member)
    assert describe(member).endswith("Colour.RED = 1")


def test_subclasses_of_numpy_arrays():
    """Their memory is read as a plain array."""
    np = pytest.importorskip("numpy")
    kind = hostile(np.ndarray, meta=type)  # numpy itself asks the metaclass
    type.__setattr__(kind, "__array_finalize__", lambda self, source: None)
    obj = np.ndarray.__new__(kind, (3,))
    np.ndarray.fill(obj, 2.0)
    type.__setattr__(kind, "__array_finalize__", touched("finalize"))
    check(obj)
    assert "float64, shape (3,)" in describe(obj)
    assert "min 2, mean 2, max 2" in describe(obj, "excerpt", 2)


def test_subclasses_of_frames():
    """A frame or series of a subclass is read from its blocks."""
    pd = pytest.importorskip("pandas")
    for base, data in ((pd.DataFrame, {"a": [1, 2]}), (pd.Series, [1, 2])):
        kind, obj = hostile(base), base(data)
        mine = object.__new__(kind)
        object.__setattr__(mine, "_mgr", obj._mgr)
        check(mine)
        assert "int64" in describe(mine)
        assert fingerprint(mine) != fingerprint(obj)


def test_columns_and_indexes_of_foreign_types():
    """A column of an extension type of the user's is named with its type; index labels that are objects stay unasked."""
    pd = pytest.importorskip("pandas")
    np = pytest.importorskip("numpy")
    quiet = [False]

    class Dtype(pd.api.extensions.ExtensionDtype):
        name = "foreign"
        type = object

        @classmethod
        def construct_array_type(cls):
            return Array

    class Array(pd.api.extensions.ExtensionArray):
        def __getattribute__(self, name):
            if quiet[0]:
                CALLS.append(name)
            return object.__getattribute__(self, name)

        dtype = property(lambda self: Dtype())
        __len__ = lambda self: 3  # noqa: E731
        __getitem__ = lambda self, item: self if isinstance(item, (slice, np.ndarray)) else "x"  # noqa: E731
        copy = lambda self: self  # noqa: E731
        take = isna = copy

        @classmethod
        def _from_sequence(cls, scalars, *, dtype=None, copy=False):
            return cls()

    frame = pd.DataFrame({"a": [1, 2, 3], "b": Array()})
    column = frame["b"]
    objects = np.empty(2, dtype=object)
    objects[0] = object.__new__(hostile())
    quiet[0] = True
    labels = pd.Index(objects, dtype=object)
    for value in (frame, column, labels, pd.DataFrame({"a": [1, 2]}, index=labels), pd.Series(objects, dtype=object)):
        check(value)
    assert "a int64, b " in describe(frame)
    assert "Array" in describe(frame)


def test_subclasses_of_library_types():
    """Of a subclass of a type that must be asked, only its name is told."""
    pl, pa = (pytest.importorskip(name) for name in ("polars", "pyarrow"))
    for base in (pl.DataFrame, pl.Series):
        obj = object.__new__(hostile(base))
        check(obj)
        assert describe(obj, "full", 3).endswith("Hostile")
    assert describe(pa.table({"a": [1]})).startswith("pyarrow.Table")


def test_subclasses_of_estimators():
    """An estimator of the user's is read from its storage."""
    base = pytest.importorskip("sklearn.base").BaseEstimator
    obj = object.__new__(type("Mine", (hostile(base, meta=type),), {"__init__": lambda self, alpha=1, beta=2: None}))
    object.__setattr__(obj, "alpha", 5)
    object.__setattr__(obj, "beta", object.__new__(hostile()))
    check(obj)
    assert "alpha=5, beta=<" in describe(obj)


def test_subclasses_of_torch_types():
    """A module of the user's is read from its storage; a tensor of the user's gives its type alone."""
    torch = pytest.importorskip("torch")
    net = torch.nn.Sequential(torch.nn.Linear(2, 3))
    obj = object.__new__(hostile(torch.nn.Module, meta=type))
    for name, value in vars(net).items():
        object.__setattr__(obj, name, value)
    check(obj)
    assert "9 parameters on cpu" in describe(obj)

    class Tensor(torch.Tensor):
        __torch_function__ = classmethod(touched("torch function"))

    tensor = torch.Tensor._make_subclass(Tensor, torch.zeros(3))
    check(tensor)
    assert describe(tensor).endswith("Tensor")
