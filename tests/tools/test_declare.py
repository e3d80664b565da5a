"""Tools that users declare: what a model is told of a function, what the function is given, and what makes no tool."""

import asyncio
import dataclasses
import enum
import json
import subprocess
import sys
import threading
import typing
from typing import Annotated, Literal, Optional, TypedDict

import pydantic
import pytest
from tooling import Does, FrontEnd, Ran, call

import askance
from askance.errors import UsageError
from askance.records import ToolCall
from askance.tools.declare import declared, forget
from askance.tools.declared import Declaration, tool_of


@pytest.fixture(autouse=True)
def _none_left():
    """Each test begins and ends with nothing declared."""
    forget()
    yield
    forget()


class Color(enum.Enum):
    """Colors."""

    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Point:
    """A place."""

    title: str
    x: int = 0


class Options(TypedDict, total=False):
    """Options of typing."""

    deep: typing.Required[bool]
    names: list[str]


class Order(pydantic.BaseModel):
    """An order."""

    id: int
    tags: set[str] = set()


def only():
    (tool,) = declared()
    return tool


def properties(function, **said):
    return tool_of(function, Declaration(**said)).schema["properties"]


def ran(function, *made, hands=None, limits=None, **said):
    tool = tool_of(function, Declaration(**said))
    return Ran([tool], *(call(tool.name, str(n), **one) for n, one in enumerate(made)), hands=hands, limits=limits)


def test_a_function_is_a_tool_and_stays_a_function():
    """With parentheses and without."""

    @askance.tool
    def one(x: int) -> int:
        """Doubles."""
        return 2 * x

    @askance.tool(name="two-2")
    async def two(x: int = 3) -> int:
        return 3 * x

    assert one(4) == 8
    assert asyncio.run(two()) == 9
    assert [tool.name for tool in declared()] == ["one", "two-2"]
    assert [tool.description for tool in declared()] == ["Doubles.", "two-2."]


def test_redefining_replaces_and_removing_takes_back():
    """As a cell that is run again does."""
    for number in (1, 2):

        @askance.tool
        def look() -> int:
            return number  # noqa: B023

    assert Ran(list(declared()), "look").texts == ["2"]
    askance.tool.remove("look")
    assert declared() == ()
    with pytest.raises(UsageError, match="no declared tool 'look'"):
        askance.tool.remove("look")


def every(
    a: str,
    b: Annotated[int, "how many"],
    c: Literal["x", "y"],
    d: Color,
    e: list[float] | None = None,
    f: Optional[dict[str, int]] = None,  # noqa: UP045
    g: tuple[int, str] = (1, "a"),
    *,
    h: Point,
    i: Options,
    j: Order,
    k: Annotated[float, pydantic.Field(gt=0, description="positive")] = 1.5,
    l: frozenset[int] = frozenset(),
    m: Color = Color.BLUE,
):
    """Takes everything."""
    return [type(one).__name__ for one in (a, b, c, d, e, f, g, h, i, j, k, l, m)]


def test_the_schema_says_every_type():
    """Valid, without titles that repeat names, closed to other arguments."""
    from jsonschema import Draft202012Validator

    schema = tool_of(every, Declaration()).schema
    Draft202012Validator.check_schema(schema)
    assert schema["required"] == [*"abcdhij"]
    assert schema["additionalProperties"] is False
    found = schema["properties"]
    assert found["a"] == {"type": "string"}
    assert found["b"] == {"type": "integer", "description": "how many"}
    assert found["c"] == {"type": "string", "enum": ["x", "y"]}
    assert found["k"] == {"type": "number", "exclusiveMinimum": 0, "description": "positive", "default": 1.5}
    assert found["m"]["default"] == "blue"
    assert found["e"]["anyOf"] == [{"type": "array", "items": {"type": "number"}}, {"type": "null"}]
    assert schema["$defs"]["Point"]["properties"]["title"] == {"type": "string"}
    assert schema["$defs"]["Options"]["required"] == ["deep"]


def test_the_function_is_given_objects_of_its_types():
    """And its own defaults for what the model leaves out."""
    given = {
        "a": "x", "b": 3, "c": "y", "d": "red", "e": [1], "g": [2, "b"],
        "h": {"title": "t"}, "i": {"deep": True}, "j": {"id": 1, "tags": ["t"]},
    }  # fmt: skip
    (text,) = ran(every, given).texts
    assert json.loads(text) == [
        "str", "int", "str", "Color", "list", "NoneType", "tuple", "Point", "dict", "Order", "float", "frozenset", "Color",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "'n' is a required property"),
        ({"n": "3"}, "not of type 'integer'"),
        ({"n": 1, "z": 2}, "'z' was unexpected"),
        ({"n": -1}, "greater than"),
    ],
)
def test_arguments_that_do_not_fit_never_reach_the_function(given, said):
    """What only pydantic can check is checked as well."""
    seen = []

    def positive(n: Annotated[int, pydantic.AfterValidator(_positive)]):
        seen.append(n)

    found = ran(positive, given)
    assert (found.states, seen) == (["failed"], [])
    assert said in found.texts[0]


def _positive(n):
    if n <= 0:
        raise ValueError("Input should be greater than 0")
    return n


GOOGLE = """Find a product.

    In the shop, by its name.

    Args:
        name (str): its name,
            or a part of it.
        most: how many.

    Returns:
        name: not an argument.
    """
NUMPY = """Find a product.

    In the shop, by its name.

    Parameters
    ----------
    name : str
        its name,
        or a part of it.
    most : int, optional
        how many.

    Returns
    -------
    name : str
        not an argument.
    """
SPHINX = """Find a product.

    In the shop, by its name.

    :param str name: its name,
        or a part of it.
    :param most: how many.
    :type most: int
    :returns: not an argument.
    """


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, SPHINX])
def test_the_docstring_tells_the_model(docstring):
    """In three styles: what the function does, and what each argument is."""

    def find(name: str, most: int = 3):
        pass

    find.__doc__ = docstring
    tool = tool_of(find, Declaration())
    assert tool.description == "Find a product.\n\nIn the shop, by its name."
    assert tool.schema["properties"]["name"] == {"type": "string", "description": "its name, or a part of it."}
    assert tool.schema["properties"]["most"] == {"type": "integer", "description": "how many.", "default": 3}


def test_words_that_look_like_sections_stay_words():
    """Only a line of its own begins one."""

    def look(x: int):
        """Note: this is slow. Args: none.

        x: is told here.
        """

    assert tool_of(look, Declaration()).description.endswith("x: is told here.")
    assert properties(look)["x"] == {"type": "integer"}


class Shop:
    """Has methods."""

    def find(self, name: str) -> str:
        """Find."""
        return f"found {name}"


def untyped(x):
    pass


def starred(*names: str):
    pass


def keywords(**names: str):
    pass


def unsayable(x: threading.Thread):
    pass


def unknown(x: "Nowhere"):  # noqa: F821
    pass


async def waits():
    pass


@pytest.mark.parametrize(
    ("thing", "said", "line"),
    [
        (untyped, {}, "does not say of what type x is"),
        (starred, {}, "takes *names"),
        (keywords, {}, "takes **names"),
        (unsayable, {}, "cannot give 'x'"),
        (unknown, {}, "is not known"),
        (Shop.find, {}, "askance.tool(the_object.find)"),
        (lambda: 1, {}, "A lambda has no name"),
        (Shop, {}, "A class is no tool"),
        (print, {}, "is no tool"),
        (3, {}, "A int is no tool"),
        (waits, {"in_kernel": True}, "async and in_kernel"),
        (waits, {"name": "no spaces"}, "is no name for a tool"),
        (waits, {"nothing": 1}, "takes no 'nothing'"),
    ],
)
def test_what_makes_no_tool_is_refused_in_one_line_where_it_is_defined(thing, said, line):
    """And nothing is declared."""
    with pytest.raises(UsageError) as error:
        askance.tool(**said)(thing)
    assert line in str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 300
    assert declared() == ()


def test_a_method_of_an_object_and_a_named_lambda_are_tools():
    """As they can be called."""
    askance.tool(Shop().find)
    askance.tool(name="answer")(lambda: 42)
    assert Ran(list(declared()), call("find", name="x"), "answer").texts == ["found x", "42"]


def test_arguments_by_place_alone_are_given_by_place():
    """A model knows names only."""

    def minus(a: int, b: int = 2, /, c: int = 0) -> int:
        return a - b - c

    assert ran(minus, {"a": 5}, {"a": 5, "c": 1}).texts == ["3", "2"]


def test_generators_give_their_texts():
    """Of either kind."""

    def pieces(n: int):
        yield from (str(i) for i in range(n))

    async def awaited(n: int):
        for i in range(n):
            yield str(i)

    assert [ran(one, {"n": 3}).texts for one in (pieces, awaited)] == [["012"]] * 2


def test_what_is_read_and_changed_may_depend_on_the_arguments():
    """A function of those that it names, as objects, defaults included."""

    def save(point: Point, folder: str = "out", fast: bool = False):
        pass

    tool = tool_of(save, Declaration(reads="mail", writes=lambda folder, point: [f"files:{folder}/{point.title}"]))
    touches = tool.touches({"point": {"title": "a.txt"}})
    assert (touches.reads, touches.writes) == ({"mail"}, {"files:out/a.txt"})
    assert tool.acts


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, 0),
        ({"writes": ["x"]}, 1),
        ({"writes": ["x"], "confirm": False}, 0),
        ({"confirm": True}, 1),
        ({"reads": ["x"]}, 0),
    ],
)
def test_the_user_is_asked_if_something_is_changed(said, asked):
    """Or as its author says."""
    hands = FrontEnd()
    assert ran(Shop().find, {"name": "x"}, hands=hands, **said).texts == ["found x"]
    assert len(hands.asked) == asked


def test_in_the_kernel_a_function_runs_there():
    """A generator as well, to its end."""
    hands, threads = FrontEnd(), []

    def look():
        threads.append(threading.current_thread())
        yield "a"
        threads.append(threading.current_thread())

    assert ran(look, {}, hands=hands, in_kernel=True).texts == ["a"]
    assert (len(hands.ran), threads) == (1, [threading.current_thread()] * 2)


def test_what_is_cached_holds_while_what_it_reads_is_the_same():
    """Not asked for, nothing is kept; a new definition is another function; an unknown resource cannot be told."""
    state = {"prices.csv": "1"}
    look = lambda source, name: state.get(name) if source == "files" else None  # noqa: E731

    def price(table: str) -> str:
        return "3"

    def changed(table: str) -> str:
        return "4"

    own = {"name": "price", "reads": lambda table: [f"files:{table}"]}
    of = lambda function, **more: tool_of(function, Declaration(**own, **more)).looking(look)  # noqa: E731
    given = {"table": "prices.csv"}
    assert of(price).fingerprint(given) is None
    first = of(price, cached=True).fingerprint(given)
    assert first == of(price, cached=True).fingerprint(given) != of(changed, cached=True).fingerprint(given)
    assert of(price, cached=True).fingerprint({"table": "gone.csv"}) is None
    assert tool_of(price, Declaration(reads=["files:*"], cached=True)).looking(look).fingerprint(given) is None
    assert tool_of(price, Declaration(cached=True)).fingerprint(given)
    assert tool_of(price, Declaration(cached=True, writes=["x"])).fingerprint(given) is None
    state["prices.csv"] = "2"
    assert of(price, cached=True).fingerprint(given) != first


def test_a_fingerprint_of_ones_own_counts():
    """A function of the arguments; None for that nobody can tell."""
    version = [1]

    def look(n: int):
        pass

    tool = tool_of(look, Declaration(fingerprint=lambda n: version[0] if n else None))
    first = tool.fingerprint({"n": 1})
    version[0] = 2
    assert first != tool.fingerprint({"n": 1})
    assert tool.fingerprint({"n": 0}) is None


def test_many_cells_may_declare_at_once():
    """None is lost."""

    def add(number):
        def look() -> int:
            return number

        askance.tool(name=f"look_{number}")(look)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {tool.name for tool in declared()} == {f"look_{number}" for number in range(20)}


def test_declared_tools_are_in_every_session_and_take_the_place_of_ours(tmp_path, environ):
    """From the next ask on; a package's note stands in the ledger of an ask with tools."""
    session = askance.Session.for_project(tmp_path, environ={**environ, "ASKANCE_MODEL": "local"})

    @askance.tool
    def read_file(path: str) -> str:
        """Mine."""
        return path

    @askance.tool
    def extra() -> str:
        return ""

    specs = {one.name: one for one in session.make_ask("?", tools=True).tools}
    assert specs["read_file"].description == "Mine."
    assert list(specs)[-1] == "extra"
    assert json.loads(specs["extra"].schema) == {"additionalProperties": False, "properties": {}, "type": "object"}
    askance.tool.remove("read_file")
    assert session.make_ask("?", tools=["read_file"]).tools[0].description != "Mine."


def test_declaring_imports_nothing_before_it_is_used():
    """`import askance` and the name itself cost no pydantic."""
    program = "import askance, sys; askance.tool; print('pydantic' in sys.modules, askance.tool)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False <@askance.tool: nothing declared>"


def test_a_tool_of_the_protocol_works_beside_declared_ones():
    """Calls of both in one turn."""
    found = Ran(
        [Does("own"), tool_of(Shop().find, Declaration())],
        "own",
        ToolCall(id="2", name="find", arguments='{"name": "y"}'),
    )
    assert found.texts == ["done", "found y"]


def test_unloading_the_extension_forgets_what_was_declared(tmp_path):
    """In a shell of its own; the decorator works again afterwards."""
    program = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
for cell in (
    "%load_ext askance",
    "import askance",
    "@askance.tool\\ndef look() -> int: return 1",
    "print(askance.tool)",
    "%unload_ext askance",
    "print(askance.tool)",
    "print(look(), askance.tool(look)())",
):
    assert shell.run_cell(cell.replace("\\\\n", "\\n")).success
"""
    environ = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "ASKANCE_CACHE_DIR": str(tmp_path / "cache")}
    environ["IPYTHONDIR"] = str(tmp_path / "ipython")
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environ, cwd=tmp_path
    )
    assert done.stdout.splitlines() == ["<@askance.tool: look>", "<@askance.tool: nothing declared>", "1 1"], (
        done.stderr
    )
