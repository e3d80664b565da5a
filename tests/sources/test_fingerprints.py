"""Fingerprints of values: whole as far as two milliseconds go, equal for equal values, and honest where they are not whole."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from askance.sources.describe import describe, facts, fingerprint
from askance.sources.describe.looked import ENDS, Purse, places

pd = pytest.importorskip("pandas")

SCALARS = (
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(max_size=6)
    | some.binary(max_size=4)
)  # fmt: skip
PLAIN = some.recursive(
    SCALARS,
    lambda inner: (
        some.lists(inner, max_size=5)
        | some.tuples(inner, inner)
        | some.dictionaries(some.text(max_size=3), inner, max_size=4)
        | some.frozensets(some.text(max_size=3) | some.integers(), max_size=5)
    ),
    max_leaves=30,
)


@given(PLAIN)
@settings(max_examples=200, deadline=None)
def test_equal_values_have_equal_fingerprints(value):
    """A copy, and what comes back from a pickle, of anything made of Python's own types."""
    assert fingerprint(copy.deepcopy(value)) == fingerprint(value)
    assert fingerprint(pickle.loads(pickle.dumps(value))) == fingerprint(value)
    assert "sampled" not in facts(value)


@given(PLAIN, PLAIN, some.integers(1, 5))
@settings(max_examples=200, deadline=None)
def test_a_change_deep_inside_is_seen(old, new, depth):
    """However deep it lies in lists and dictionaries; as `repr` tells them apart."""

    def wrapped(value):
        for level in range(depth):
            value = [0, {"a": value}] if level % 2 else {"b": [value, "x"], "c": 1}
        return value

    assert (fingerprint(wrapped(old)) == fingerprint(wrapped(new))) == (repr(old) == repr(new) or old == new == 0)


def test_order_counts_where_it_is_told():
    """That of a dictionary is told; that of a set is nobody's."""
    assert fingerprint({"a": 1, "b": 2}) != fingerprint({"b": 2, "a": 1})
    words = [f"w{number}" for number in range(500)]
    assert fingerprint(set(words)) == fingerprint({*words[250:], *words[:250]})
    assert fingerprint(set(words)) != fingerprint({*words[1:], "other"})
    assert fingerprint([{"a", "b"}, 1]) == fingerprint([{"b", "a"}, 1]) != fingerprint([{"a", "c"}, 1])


@pytest.mark.parametrize("value", [0.0, 1, True, "1", b"1", (1,), [1], {1}])
def test_what_is_equal_to_python_may_still_be_told_otherwise(value):
    """-0.0, True and "1" look different, and so they are."""
    others = [0.0, -0.0, 1, 1.0, True, "1", b"1", (1,), [1], {1}, frozenset([1])]
    same = [other for other in others if fingerprint([other]) == fingerprint([value])]
    assert len(same) == 1
    assert repr(same[0]) == repr(value)


def test_hostile_elements_are_not_asked():
    """Not for their hash, size, value or anything else; nor a class of classes for its."""

    class Meta(type):
        def __hash__(cls):
            raise AssertionError

        __eq__ = __instancecheck__ = __hash__

    class Evil(metaclass=Meta):
        def __getattribute__(self, name):
            raise AssertionError(name)

        __len__ = __eq__ = __index__ = __float__ = __iter__ = __reduce__ = __getattribute__

    for value in ([Evil(), 1], [[Evil()]], {"a": Evil()}, (1, "x", Evil()), ["x"] * 9 + [Evil()], [Evil()] * 30_000):
        assert len(fingerprint(value)) == 16
        assert fingerprint(value) == fingerprint(copy.copy(value))
    assert fingerprint([Evil(), 1]) != fingerprint([Evil(), 2])


def test_a_container_in_itself_ends():
    """Lists that hold themselves, and lists of the same list again and again."""
    loop = [1]
    loop.append(loop)
    doubled = [1]
    for _ in range(60):
        doubled = [doubled, doubled]
    assert len({fingerprint(loop), fingerprint(doubled)}) == 2


LARGE = {
    "list": lambda size: list(range(size)),
    "strings": lambda size: [f"value {number}" for number in range(size)],
    "records": lambda size: [{"a": number, "b": [f"x{number}"]} for number in range(size)],
    "dictionary": lambda size: {f"k{number}": number for number in range(size)},
    "array": lambda size: np.arange(size, dtype="f8"),
    "frame": lambda size: pd.DataFrame({"a": np.arange(size), "s": [f"v{number}" for number in range(size)]}),
    "objects": lambda size: pd.DataFrame({"a": np.array([f"v{number}" for number in range(size)], dtype=object)}),
}


SIZE = 400_000


def edited(value, place):
    value = copy.deepcopy(value)
    if isinstance(value, pd.DataFrame):
        value.iloc[place, 0] = value.iloc[0, 0] if place else value.iloc[1, 0]
    elif isinstance(value, dict):
        value[list(value)[place]] = -1
    elif isinstance(value, list) and isinstance(value[0], dict):
        value[place]["b"][0] = "other"
    else:
        value[place] = value[place] * 2 + value[1]
    return value


@pytest.mark.parametrize("name", LARGE)
@given(data=some.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_value_of_ten_thousand(name, data):
    """One of them edited is seen, wherever it lies; and nothing is said to be sampled."""
    size = 2500 if name == "records" else 10_000
    value = LARGE[name](size)
    assert "sampled" not in facts(value)
    place = data.draw(some.integers(0, size - 1))
    assert fingerprint(edited(value, place)) != fingerprint(value)


@pytest.mark.parametrize("name", LARGE)
def test_of_very_many_the_ends_are_seen_and_it_is_said(name):
    """What is appended, or changed at either end, is seen; the ledger gets to know how many values that is."""
    value = LARGE[name](SIZE)
    looked, _, every = facts(value)["sampled"].partition(" of ")
    assert 0 < int(looked.replace(",", "")) < 10_000
    assert int(every.replace(",", "")) >= SIZE
    for place in (0, SIZE - 1):
        assert fingerprint(edited(value, place)) != fingerprint(value)
    assert fingerprint(copy.deepcopy(value)) == fingerprint(value)


def test_what_may_be_told_is_looked_at():
    """Of a value that is sampled, a change in any text that a model may be told changes the fingerprint too."""
    chance = np.random.default_rng(7)
    made = [LARGE["array"](600_000), LARGE["list"](60_000), LARGE["frame"](300_000)]
    for value in made:
        for _ in range(60):
            place = int(chance.integers(0, len(value)))
            other = edited(value, place)
            texts = [[describe(one, level, 3) for level in ("outline", "excerpt", "full")] for one in (value, other)]
            assert texts[0] == texts[1] or fingerprint(value) != fingerprint(other)


@given(some.integers(0, 3000), some.integers(0, 500))
def test_places(size, count):
    """Sorted, within bounds, both ends; about as many as asked for."""
    found = places(size, count)
    assert found == sorted(set(found))
    assert set(found) <= set(range(size))
    assert set(range(min(ENDS, size))) | set(range(max(0, size - ENDS), size)) <= set(found)
    assert len(found) <= count + 2 * ENDS + 1


def test_a_purse_pays_until_it_is_empty():
    """As many as there is room for, and no more."""
    purse = Purse(100)
    assert purse.pays(30) == 1
    assert purse.pays(30, 5) == 2
    assert purse.pays(30) == 0
    assert purse.pays(10) == 1


COLUMN = {
    "f8": lambda chance, rows: np.where(chance.random(rows) > 0.7, np.nan, chance.random(rows)),
    "f4": lambda chance, rows: chance.random(rows).astype("f4"),
    "i8": lambda chance, rows: chance.integers(0, 99, rows),
    "bool": lambda chance, rows: chance.random(rows) > 0.5,
    "str": lambda chance, rows: pd.array([None if n % 5 == 0 else f"v{n}" for n in chance.integers(0, 99, rows)], dtype="str"),
    "object": lambda chance, rows: np.fromiter(([None, "x", 3, ("t", 1)][n % 4] for n in chance.integers(0, 99, rows)), object, rows),
    "category": lambda chance, rows: pd.Categorical.from_codes(chance.integers(-1, 3, rows), ["u", "v", "w"]),
    "time": lambda chance, rows: pd.array(chance.integers(0, 10**9, rows).astype("M8[s]")),
    "Int64": lambda chance, rows: pd.arrays.IntegerArray(chance.integers(0, 99, rows), chance.random(rows) > 0.5),
}  # fmt: skip


@given(
    some.lists(some.sampled_from(sorted(COLUMN)), min_size=1, max_size=40), some.integers(0, 200), some.integers(0, 99)
)
@settings(max_examples=60, deadline=None)
def test_frames_do_not_tell_how_they_were_made(kinds, rows, seed):
    """Built at once or column by column, in blocks or apart, copied, pickled, cut out of a larger one: the same."""
    chance = np.random.default_rng(seed)
    columns = {f"c{number}": COLUMN[kind](chance, rows) for number, kind in enumerate(kinds)}
    frame = pd.DataFrame(columns, index=range(rows))
    apart = pd.DataFrame(index=range(rows))
    for name, values in reversed(columns.items()):
        apart.insert(0, name, values)
    padded = pd.concat([frame, frame.iloc[:1]]).iloc[:rows].set_axis(range(rows)) if rows else frame
    others = [apart, frame.copy(), pickle.loads(pickle.dumps(frame)), frame[frame.columns[::-1]][frame.columns], padded]
    assert {fingerprint(other) for other in others} == {fingerprint(frame)}
    if rows and kinds[0] in ("f8", "f4", "i8"):
        apart.iloc[rows - 1, 0] = 123
        assert fingerprint(apart) != fingerprint(frame)


@given(some.integers(1, 60), some.integers(0, 30), some.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_arrays_do_not_tell_how_they_lie(rows, width, seed):
    """In C or Fortran order, as a view, backwards and back; another byte order is another dtype."""
    array = np.random.default_rng(seed).random((rows, width))
    twice = np.repeat(array, 2, axis=0)
    for other in (np.asfortranarray(array), twice[::2], array[::-1].copy()[::-1], array.T.copy().T):
        assert fingerprint(other) == fingerprint(array)
    if width:
        assert fingerprint(array.reshape(width, rows)) != fingerprint(array) or rows == width
        assert fingerprint(array.astype(">f8")) != fingerprint(array)


def test_garbage_is_not_looked_at():
    """Payloads of NaN, values under masks, bytes between the fields of a record and behind long doubles."""
    one, other = np.array([np.nan, 1.0] * 4000), np.array([np.nan, 1.0] * 4000)
    other.view("u8")[::2] |= 1 << 63
    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(pd.DataFrame({"a": one})) == fingerprint(pd.DataFrame({"a": other}))
    for kind in ("c16", ">f8", "f4", "f2"):
        assert fingerprint(one.astype(kind)) == fingerprint(other.astype(kind))
        assert fingerprint(one.astype(kind)) != fingerprint(np.where(np.isnan(one), 7, one).astype(kind))
    assert fingerprint(-one) == fingerprint(np.where(np.isnan(one), np.nan, -one))
    masks = [pd.arrays.IntegerArray(np.array([1, under]), np.array([False, True])) for under in (2, 3)]
    assert fingerprint(masks[0]) == fingerprint(masks[1])
    kind = np.dtype([("a", "i1"), ("b", "f8")], align=True)
    records = [np.frombuffer(fill * kind.itemsize * 3, kind).copy() for fill in (b"\0", b"\xff")]
    for record in records:
        record["a"], record["b"] = 1, 2.0
    assert fingerprint(records[0]) == fingerprint(records[1])
    longs = [np.frombuffer(fill * 16 * 3, np.longdouble).copy() for fill in (b"\0", b"\x3f")]
    for long in longs:
        long[:] = np.longdouble(1) / 3
    assert fingerprint(longs[0]) == fingerprint(longs[1])
    longs[0][1] = np.nextafter(longs[0][1], np.longdouble(1))
    assert fingerprint(longs[0]) != fingerprint(longs[1])


def test_arrow_does_not_tell_its_chunks_and_nulls():
    """Slices, chunks, and what lies under a null; every type's values count."""
    arrow = pytest.importorskip("pyarrow")
    values = {
        "s": (["x", None, "zä", ""] * 50, "y"), "i": ([1, None, 3, 4] * 50, 2), "b": ([True, None, False, True] * 50, False),
        "f": ([1.5, None, 2.5, 0.0] * 50, 9.0), "l": ([[1], None, [], [2, 3]] * 50, [9]), "y": ([b"x", None, b"", b"z"] * 50, b"q"),
        "d": ([{"a": 1, "b": "x"}, None, {"a": 2, "b": "y"}, {"a": None, "b": None}] * 50, {"a": 5, "b": "x"}),
    }  # fmt: skip
    for name, (column, new) in values.items():
        whole = arrow.table({name: column})
        pieces = arrow.concat_tables([whole.slice(0, 33), whole.slice(33, 1), whole.slice(34)])
        longer = arrow.table({name: arrow.array([new, *column, new], whole.column(0).type)}).slice(1, 200)
        assert fingerprint(pieces) == fingerprint(longer) == fingerprint(whole), name
        assert fingerprint(whole.column(0)) == fingerprint(pieces.column(0))
        for place in (0, 99, 199):
            changed = [*column[:place], new, *column[place + 1 :]]
            assert fingerprint(arrow.table({name: arrow.array(changed, whole.column(0).type)})) != fingerprint(whole), (
                name
            )
    buffers = [arrow.py_buffer(data) for data in (b"\xfd", np.array([0, 1, 2, 3], "i4").tobytes())]
    under = [
        arrow.StringArray.from_buffers(3, buffers[1], arrow.py_buffer(text), buffers[0], 1) for text in (b"axb", b"ayb")
    ]
    assert fingerprint(arrow.table({"a": under[0]})) == fingerprint(arrow.table({"a": under[1]}))


@pytest.mark.parametrize("rows", [8, 3000])
def test_polars_does_not_tell_its_chunks(rows):
    """Chunks, slices, and codes of categories in another order; every type's values count."""
    polars = pytest.importorskip("polars")
    kinds = {
        "s": (["x", None, "zä", ""], polars.String, "y"), "i": ([1, None, 3, 4], polars.Int32, 7), "f": ([1.5, None, 2.0, 0.0], polars.Float64, 9.0),
        "b": ([True, None, False, True], polars.Boolean, False), "c": (["u", None, "v", "u"], polars.Categorical, "v"),
        "l": ([[1], None, [], [2, 3]], polars.List(polars.Int64), [9]), "t": ([1, None, 3, 4], polars.Datetime, 5),
        "d": ([{"a": 1}, None, {"a": 2}, {"a": None}], polars.Struct({"a": polars.Int64}), {"a": 5}), "y": ([b"x", None, b"", b"z"], polars.Binary, b"q"),
    }  # fmt: skip
    for name, (values, kind, new) in kinds.items():
        column = values * (rows // 4)
        whole = polars.Series(name, column, kind).to_frame()
        pieces = polars.concat([whole[:3], whole[3:4], whole[4:]], rechunk=False)
        longer = polars.Series(name, [new, *column, new], kind).to_frame()[1 : rows + 1]
        assert fingerprint(pieces) == fingerprint(longer) == fingerprint(whole), name
        for place in (0, rows // 2, rows - 4):
            changed = polars.Series(name, [*column[:place], new, *column[place + 1 :]], kind).to_frame()
            assert fingerprint(changed) != fingerprint(whole), name


def test_functions_carry_defaults_and_closures():
    """What a function was made with is part of it; where it stands and what it is bound to are not."""

    def adder(number, way=None):
        def add(other, by=way):
            return number + other

        return add

    assert fingerprint(adder(1)) == fingerprint(adder(1)) != fingerprint(adder(2))
    assert fingerprint(adder(1, [1, 2])) != fingerprint(adder(1, [1, 3]))
    assert fingerprint(adder(object())) == fingerprint(adder(object()))
    assert fingerprint(adder(lambda: 1)) != fingerprint(adder(lambda: 2))


def test_names_that_tempfile_makes_up_do_not_count():
    """They are others in every process; all else of a path counts."""
    assert fingerprint("/tmp/tmpa1b2c3d4/x.csv") == fingerprint("/tmp/tmpzzzz_999/x.csv")
    assert fingerprint("/tmp/tmpa1b2c3d4/x.csv") != fingerprint("/tmp/tmpa1b2c3d4/y.csv")
    assert fingerprint("/tmp/other/x.csv") != fingerprint("/tmp/more/x.csv")
