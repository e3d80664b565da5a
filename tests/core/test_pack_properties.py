"""What holds for whatever is packed: never over the budget, more room takes nothing away, the same again."""

from hypothesis import given, settings
from hypothesis import strategies as some

from askance import prompt
from askance.context import ContextEngine
from askance.gate import Gate
from askance.pack import Packer
from askance.rank import Ranked
from askance.records import LEVELS, Ask, Candidate, Ledger
from askance.threads.history import History

MARK = prompt.new_mark()
TEXTS = some.text(max_size=40) | some.sampled_from(
    ["x = 1\n", "word ", "42 ", "§ä漢🎈", "    ", "sk-proj-" + "a1B2" * 10]
)


@some.composite
def candidates(draw):
    """Candidates of several sources and sizes, some of them broken, with scores in order."""
    found = []
    for number in range(draw(some.integers(0, 25))):
        unit, sizes = draw(TEXTS), sorted(draw(some.lists(some.integers(0, 200), min_size=4, max_size=4)))
        broken = draw(some.sampled_from((None, None, None, *LEVELS)))

        def render(level, unit=unit, sizes=sizes, broken=broken):
            if level == broken:
                raise RuntimeError
            return unit * sizes[LEVELS.index(level)]

        source = draw(some.sampled_from(("files", "variables", "cells")))
        levels = draw(some.sampled_from((LEVELS, LEVELS[:2], LEVELS[:1])))
        one = Candidate(source=source, name=f"n{number}", render=render, fingerprint=lambda: "f", levels=levels)
        parts = {draw(some.sampled_from(("similarity", "similarity", "mention"))): draw(some.floats(0.0, 1.0))}
        found.append(Ranked(one, parts))
    return sorted(found, key=lambda one: (-one.sum, one.candidate.id))


def pack(ranked, ask, budget):
    """As the context engine does it."""
    engine = ContextEngine([], Gate(), 1.0, "default", prompt.new_mark)
    bare = prompt.size(prompt.build(ask, Ledger(), History(), ask.model, MARK))
    return Packer(engine._cost, Gate().passage(), engine._head_cost).pack(ranked, ask, budget - bare)


@settings(max_examples=150, deadline=None)
@given(candidates(), some.text(min_size=1, max_size=30), some.integers(300, 9000))
def test_the_whole_request_is_never_over_the_budget(ranked, question, budget):
    """Measured on the request itself, with all marks and the question, after redaction."""
    ask = Ask(question=question, model="m")
    items = pack(ranked, ask, budget)
    gated = Gate().open(prompt.build(ask, Ledger(items=tuple(items)), History(), "m", MARK)).prompt
    assert prompt.size(gated) <= max(budget, prompt.size(prompt.build(ask, Ledger(), History(), "m", MARK)))


@settings(max_examples=150, deadline=None)
@given(candidates(), some.lists(some.integers(0, 9000), min_size=2, max_size=6))
def test_more_room_takes_nothing_away(ranked, budgets):
    """What a smaller budget sends, a larger one sends too, at the same level or a higher one."""
    ask = Ask(question="why?", model="m")
    before = {}
    for budget in sorted(budgets):
        now = {item.id: LEVELS.index(item.level) for item in pack(ranked, ask, budget) if item.sent}
        assert all(now.get(item, -1) >= level for item, level in before.items())
        before = now


@settings(max_examples=50, deadline=None)
@given(candidates(), some.integers(0, 9000))
def test_the_same_again(ranked, budget):
    """Two packings of the same are equal, and list every candidate in rank order."""
    ask = Ask(question="why?", model="m")
    items = pack(ranked, ask, budget)
    assert items == pack(ranked, ask, budget)
    assert [item.id for item in items] == [one.candidate.id for one in ranked]
