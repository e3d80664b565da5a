"""Tools of other packages: what an entry point may be, and what becomes of a broken one."""

from importlib.metadata import EntryPoint

import askance
from askance.records import LedgerReady, ToolSpec
from askance.session import Session
from askance.testing import session_for_tests
from askance.tools.base import Touches
from askance.tools.box import ToolBox
from askance.tools.packages import PackageTools


class Own:
    """A tool as the protocol wants it."""

    name, description, schema = "own", "Own.", {"type": "object"}
    acts = in_kernel = needs_hands = False

    def touches(self, arguments):
        return Touches()

    def fingerprint(self, arguments):
        return None

    async def run(self, arguments, ask, hands):
        return "own"


class Half:
    """Lacks most of it."""

    name = "half"


def look(name: str) -> str:
    """Look."""
    return name


def make() -> list[Own]:
    return [Own(), look]


def untyped(x):
    return x


def breaks() -> Own:
    raise ValueError("no luck")


instance = Own()
read_file = look


def points(**values):
    return lambda: [EntryPoint(name, value, "askance.tools") for name, value in values.items()]


def loaded(**values):
    return PackageTools(["read_file"], points(**{name: f"{__name__}:{value}" for name, value in values.items()}))


def test_an_entry_point_is_a_function_a_tool_or_makes_them():
    """A function is called as the entry point is."""
    assert [tool.name for tool in loaded(seek="look").tools] == ["seek"]
    assert [tool.name for tool in loaded(any="instance").tools] == ["own"]
    assert [tool.name for tool in loaded(any="Own").tools] == ["own"]
    assert [tool.name for tool in loaded(both="make").tools] == ["own", "both"]


def test_a_broken_one_is_a_note_and_the_others_are_there():
    """Whatever is wrong with it; ours are not replaced by a package's."""
    broken = {"a": "nowhere", "b": "breaks", "c": "Half", "d": "untyped", "read_file": "look"}
    tools = loaded(**broken, works="look")
    assert [tool.name for tool in tools.tools] == ["works"]
    assert [note.split()[2] for note in tools.notes()] == [*broken]
    assert all("\n" not in note for note in tools.notes())
    gone = PackageTools((), points(gone="no_such_package:tool"))
    assert (gone.tools, len(gone.notes())) == ((), 1)


def test_they_are_loaded_when_tools_are_wanted_and_once():
    """An ask without tools imports no package."""
    times = []
    tools = PackageTools((), lambda: times.append(1) or points(seek=f"{__name__}:look")())
    box = ToolBox(lambda: tools.tools, tools.notes)
    assert times == []
    assert [spec.name for spec in box.specs(hands=False)] == ["seek"]
    assert box.specs(["seek"], hands=False) == (
        ToolSpec(name="seek", description="Look.", schema=box.specs(hands=False)[0].schema),
    )
    assert times == [1]


def test_the_ledger_of_an_ask_with_tools_says_what_is_left_out():
    """And of one without says nothing."""
    session: Session = session_for_tests("x")
    session.tools.notes = lambda: ["the tool a is left out: no luck"]
    events = []
    for wanted in (False, True):
        ask = session.make_ask("?", tools=wanted and None, fresh=True)
        ask = askance.records.Ask(**{**ask.__dict__, "tools": (ToolSpec(name="t", description=""),) if wanted else ()})
        session.loop.run(session.answer(ask, events.append))
    notes = [[note.message for note in event.ledger.notes] for event in events if isinstance(event, LedgerReady)]
    assert notes == [[], ["the tool a is left out: no luck"]]
