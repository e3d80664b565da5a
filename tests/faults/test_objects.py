"""Two hundred hostile variables and errors on the whole way from the kernel to the request: none is asked anything."""

import asyncio
import gc
import threading

import pytest

pytest.importorskip("pandas")

from faults import hostile_tables
from faults.hostile_errors import errors
from faults.hostile_objects import CALLS
from faults.hostile_things import Key, made

from askance import Session
from askance.records import LEVELS, Ask, Cell, Privacy
from askance.sources.base import StaticState
from askance.sources.cells import CellsSource
from askance.sources.error import ErrorSource
from askance.sources.variables import VariablesSource


def told(source, privacy, names=()):
    """All that is said at a privacy level: candidate -> texts, in the order of levels."""
    ask = Ask(question="what is this?", model="m", mentions=tuple(names), privacy=Privacy(most=privacy))
    found = asyncio.run(source.collect(ask))
    return {one.name: [*map(one.render, LEVELS), *(more() for more in one.longer), one.fingerprint()] for one in found}


def go_all_the_way(objects):
    """Everything a source is asked for; the number of texts."""
    state = StaticState(objects, [Cell(id="a", number=1, source="x = 1")])
    source = VariablesSource(state)
    texts = 0
    for privacy in range(4):
        found = told(source, privacy, objects)
        texts += sum(map(len, found.values()))
        assert all(type(text) is str and text for texts in found.values() for text in texts)
    for name in objects:
        source.fingerprint(name), source.kind(name)
        assert {type(fact) for fact in source.facts(name).values()} <= {int, str}
    source.named(list(objects))
    asyncio.run(CellsSource(state).collect(Ask(question="what?", model="m")))
    return texts


def judge(objects):
    """Nothing of theirs ran, nothing was left behind, and each was told of."""
    threads = threading.active_count()
    gc.disable()  # it would run what stands in __del__ of things long gone
    try:
        texts = go_all_the_way(objects)
    finally:
        gc.enable()
    assert CALLS == []
    assert threading.active_count() <= threads + 1  # asyncio's own worker
    assert texts > len(objects)


@pytest.mark.parametrize("seed", range(2))
def test_hostile_variables(seed):
    """Some of each kind."""
    judge(made(seed, 28))


@pytest.mark.full
@pytest.mark.parametrize("seed", range(100, 110))
def test_two_hundred_hostile_variables(seed):
    """The whole count, ten times."""
    judge(made(seed, 200))


def judge_errors(found):
    """As for variables."""
    for error in found:
        source = ErrorSource(StaticState({}, [Cell(id="a", number=4, source="x")], error))
        for privacy in range(4):
            for texts in told(source, privacy).values():
                assert all(type(text) is str and text for text in texts)
        source.fingerprint("error"), source.named(["x"])
        assert source.facts("error")["type"]
    assert CALLS == []


@pytest.mark.parametrize("seed", range(2))
def test_hostile_errors(seed):
    """What they say of themselves, their notes, causes, members, and the variables of the steps they went through."""
    judge_errors(errors(seed, 20))


@pytest.mark.full
def test_two_hundred_hostile_errors():
    """The whole count."""
    judge_errors(errors(7, 200))


def test_a_whole_preview_of_hostile_variables(tmp_path):
    """Ranked, packed, gated and written down: still nothing of theirs runs, and they are in the ledger."""
    objects = made(3, 18)
    session = Session.for_project(tmp_path, namespace=objects, environ={})
    CALLS.clear()
    try:
        ledger = session.preview(f"what is {' '.join('@' + name for name in objects)}?", budget=20_000)
    finally:
        session.loop.run(session.close())
    assert CALLS == []
    told = [item for item in ledger.items if item.source == "variables" and item.sent]
    assert len(told) >= 10
    assert repr(ledger)
    assert CALLS == []


def test_names_that_are_no_strings():
    """A namespace takes any key; such variables are not offered, and their keys are not asked."""

    class Name(str):
        __slots__ = ()
        startswith = __format__ = __eq__ = lambda *_: CALLS.append("name")
        __hash__ = str.__hash__

    names = {5: 1, Name("mine"): 2, Key("x"): 3, "good": 4}
    CALLS.clear()
    source = VariablesSource(StaticState(names))
    assert list(told(source, 2)) == ["good"]
    assert CALLS == []


def test_the_traps_are_set():
    """Whoever asks one of these objects anything leaves a trace."""
    traces = 0
    for obj in made(1, 28).values():
        CALLS.clear()
        for ask in (repr, len, bool, hash, list, str, lambda one: one.shape, lambda one: isinstance(one, int)):
            try:
                ask(obj)
            except BaseException:
                continue
        traces += bool(CALLS)
    CALLS.clear()
    hostile_tables.Label.quiet = True
    assert traces >= 10
