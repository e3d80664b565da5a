"""inspect_variable: frames, parts of them, what is held back, and hostile objects."""

import dataclasses

import pytest
from faults.hostile_objects import CALLS
from faults.hostile_things import made

pd = pytest.importorskip("pandas")

ROWS = [{"id": number, "name": f"customer {number}"} for number in range(30)]


@dataclasses.dataclass
class Model:
    """A user's class."""

    layers: list
    rate: float = 0.1
    api_key: str = "sk-secret-of-a-test"

    @property
    def trap(self):
        """Never run."""
        raise AssertionError


@pytest.fixture
def kernel(world):
    """A kernel with the usual things."""
    world.namespace |= {
        "df": pd.DataFrame({"region": ["north", "south"] * 20, "revenue": range(40), "api_token": ["t0ps3cret"] * 40}),
        "config": {"rate": 0.1, "deep": {"sizes": [1, 2, 3]}, "password": "hunter2", "anna@example.org": 5},
        "rows": ROWS,
        "model": Model([16, 8]),
    }
    return world


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("df", "df: pandas.DataFrame, 40 rows x 3 columns\ncolumns: region str"),
        (
            "df['revenue']",
            "df['revenue']: column of pandas.DataFrame, 40 values\ncolumns: revenue int64\nstatistics of all",
        ),
        ("df.revenue", "mean 19.5, max 39"),
        ("config['deep']['sizes']", "config['deep']['sizes']: list of 3: int\n[1, 2, 3]"),
        ("config", "'password': <str>"),
        ("config['password']", "config['password']: str"),
        ("rows[-1]", "rows[-1]: dict of 2: 'id' int, 'name' str"),
        ("model.layers", "model.layers: list of 2: int\n[16, 8]"),
        ("model.api_key", "model.api_key: str"),
        ("df['api_token']", "df['api_token']: Column"),
    ],
)
def test_a_variable_and_its_parts_are_told(kernel, name, told):
    """As the variables' source tells of them; of what is called a secret the type alone."""
    said = kernel.call("inspect_variable", name=name)
    assert told in said
    assert "hunter2" not in said
    assert "sk-secret" not in said


def test_values_take_privacy_level_3(kernel):
    """Rows and values of what is large appear at 3, whichever way they are reached; keys that are data at 2."""
    ways = ("rows", "rows[3]", "rows[3]['name']", "df", "df['region']")
    for most in (0, 1, 2):
        said = " ".join(kernel.said("inspect_variable", kernel.ask(most=most), name=way) for way in ways)
        assert "customer 3" not in said
        assert "'north'" not in said
    full = [kernel.call("inspect_variable", kernel.ask(most=3), name=way) for way in ways]
    assert "customer 3" in full[1] + full[2]
    assert "north" in full[3]
    assert "'north'" in full[4]
    assert "t0ps3cret" not in "".join(full) + kernel.call("inspect_variable", kernel.ask(most=3), name="df.api_token")
    assert kernel.call("inspect_variable", name="config['anna@example.org']").endswith(": int 5")
    assert (
        "int"
        not in kernel.said("inspect_variable", kernel.ask(most=1), name="config['anna@example.org']").partition(".")[0]
    )


def test_names_alone_at_level_0(kernel):
    """The type of a variable, and of nothing in it."""
    ask = kernel.ask(most=0)
    assert kernel.call("inspect_variable", ask, name="df") == "df: pandas.DataFrame"
    assert "revenue" not in kernel.refused("inspect_variable", ask, name="df['region']")


@pytest.mark.parametrize(
    "rule", [{"mutes": frozenset({"variables:df"})}, {"never": ("df",)}, {"mutes": frozenset({"variables"})}]
)
def test_what_is_left_out_is_not_there_by_any_name(kernel, rule):
    """Nor by another variable that is the same object, nor where a container holds it."""
    kernel.namespace |= {"alias": kernel.namespace["df"], "box": {"x": kernel.namespace["df"], "y": 1}}
    ask = kernel.ask(**rule)
    for name in ("df", "df.revenue", "alias", "alias['revenue']", "box['x']", "box['x'].revenue"):
        assert "revenue int64" not in kernel.refused("inspect_variable", ask, name=name)
    assert "df" not in kernel.refused("inspect_variable", ask, name="dg").replace("dg", "")


def test_the_lowest_level_of_all_names_of_an_object_holds(kernel):
    """A second name raises no level."""
    kernel.namespace["alias"] = kernel.namespace["df"]
    ask = kernel.ask(levels=(("alias", 3), ("df", 0)))
    assert kernel.call("inspect_variable", ask, name="alias") == "alias: pandas.DataFrame"


@pytest.mark.parametrize(
    "text",
    [
        "f(1)",
        "df[df.x > 1]",
        "df[['a']]",
        "x for x in y",
        "",
        "df[f'{x}']",
        "__import__('os').x",
        "a" + "[0]" * 99 + "(",
        "\0",
        "lambda: 1",
        "df[1:2]",
    ],
)
def test_code_is_no_name(kernel, text):
    """It is refused with what may be given instead, and run by nobody."""
    assert "nothing is run" in kernel.refused("inspect_variable", name=text)
    assert kernel.fingerprint("inspect_variable", name=text) is None


def test_what_is_not_there_gets_a_suggestion(kernel):
    """Near names; the parts there are."""
    assert "Did you mean: config?" in kernel.refused("inspect_variable", name="confg")
    assert "columns: region str" in kernel.refused("inspect_variable", name="df['profit']")
    assert "There are: model, rows, config, df." in kernel.refused("inspect_variable", name="zzzzzz")


def test_fingerprints_follow_what_is_told(kernel):
    """Equal while nothing changes; another after a change of the variable, or of the part alone."""
    names = ("df", "df.revenue", "config['deep']", "model.layers", "rows")
    before = [kernel.fingerprint("inspect_variable", name=name) for name in names]
    assert before == [kernel.fingerprint("inspect_variable", name=name) for name in names]
    assert None not in before
    kernel.namespace["df"].loc[3, "revenue"] = 77
    kernel.namespace["config"]["deep"]["sizes"].append(4)
    kernel.namespace["model"].layers.append(4)
    after = [kernel.fingerprint("inspect_variable", name=name) for name in names]
    assert [one != other for one, other in zip(before, after, strict=True)] == [True, True, True, True, False]
    assert kernel.reads("inspect_variable", name="df['revenue']") == {"variables:df"}


def test_other_libraries_columns(kernel):
    """Polars and pyarrow."""
    polars, arrow = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    kernel.namespace |= {"p": polars.DataFrame({"a": [1, 2]}), "t": arrow.table({"a": [1, 2]})}
    assert "min 1, max 2" in kernel.call("inspect_variable", name="p['a']")
    assert "pyarrow" in kernel.call("inspect_variable", name="t['a']")
    assert kernel.refused("inspect_variable", name="p['b']")


WAYS = ("{0}", "{0}.a", "{0}['a']", "{0}[0]", "{0}.shape", "box['{0}'].a", "listed[{1}]['a']")


def none_is_asked(world, seed, count):
    """Whatever part of them is asked for, by whatever way, at two levels."""
    objects = made(seed, count)
    world.namespace |= objects | {"box": dict(objects), "listed": list(objects.values())}
    assert world.tools
    CALLS.clear()
    for number, name in enumerate(objects):
        way = WAYS[number % len(WAYS)].format(name, number)
        for asked in dict.fromkeys((name, way, f"{name}.a", f"{name}['a']")):
            assert world.said("inspect_variable", world.ask(most=3 - number % 2), name=asked)
            world.fingerprint("inspect_variable", name=asked)
    assert CALLS == []


def test_hostile_objects_are_not_asked(world):
    """None of their code runs: a tenth of them."""
    none_is_asked(world, 7, 40)


@pytest.mark.full
@pytest.mark.parametrize("seed", range(5))
def test_more_hostile_objects_are_not_asked(world, seed):
    """Four hundred."""
    none_is_asked(world, seed, 80)


def test_an_object_that_speaks_for_itself_is_not_looked_into(world):
    """`_repr_ask_` alone says what may be seen."""

    class Patient:
        def __init__(self):
            self.diagnosis = "hidden"

        def _repr_ask_(self, level):
            return "a patient"

    world.namespace["p"] = Patient()
    assert "a patient" in world.call("inspect_variable", name="p")
    assert "hidden" not in world.refused("inspect_variable", name="p.diagnosis")
