"""What a kernel answers: its context as it would leave, its read-only tools, and nothing that acts."""

from __future__ import annotations

import asyncio
from types import MappingProxyType

import pytest

from askance.offers.answering import MOST_CHARACTERS, Answering
from askance.offers.context import MOST_BUDGET
from askance.offers.told import MOST, TellTale
from askance.session import Session
from askance.settings import Settings
from askance.testing import FakeClock, session_for_tests
from askance.tools.base import NOTHING, Touches
from askance.tools.declare import declared, tool

SECRET = "sk-" + "proj-" + "Zx81Qm" * 7


class LookUp:
    """A tool that gives a text, and counts its calls."""

    description = "Looks something up."
    acts = in_kernel = needs_hands = False
    schema = MappingProxyType({"type": "object", "properties": {"of": {"type": "string"}}})

    def __init__(self, name="look_up", text="found", touches=NOTHING, **traits):
        self.name, self.text, self.calls, self._touches = name, text, [], touches
        vars(self).update(traits)

    def touches(self, arguments):
        """As given."""
        return self._touches

    def fingerprint(self, arguments):
        """Nobody can tell."""
        return

    async def run(self, arguments, ask, hands):
        """The text, or the error."""
        self.calls.append(dict(arguments))
        if isinstance(self.text, Exception):
            raise self.text
        return self.text


class Asked:
    """Asks a session as another program would."""

    def __init__(self, session):
        self.session, self.tell_tale = session, TellTale()

    def __call__(self, **request):
        async def play():
            return await Answering(lambda: self.session, lambda: "sales.ipynb", self.tell_tale, FakeClock(5.0))(request)

        return asyncio.run(play())

    def use(self, tool, **arguments):
        """What a tool gives."""
        return self(do="call", tool=tool, arguments=arguments)


@pytest.fixture
def asked(tmp_path, environ):
    """Asks a session over a few variables, with settings."""
    made = []

    def make(settings=None, **namespace):
        environ["SERVICE_KEY"] = SECRET
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        session = Session.for_project(folder, namespace=namespace, settings=settings or Settings(), environ=environ)
        made.append(session)
        return Asked(session)

    yield make
    for session in made:
        session.loop.run(session.close())
        session.loop.close()


def test_context_is_what_would_be_sent(asked):
    """Names, levels and texts of the ledger, the same that a preview gives; no model is asked, and no turn is made."""
    other = asked(sales=[1, 2, 3], label="x")
    told = other.use("context", question="what is @sales?", budget=3000)
    assert not told["failed"]
    ledger = other.session.preview("what is @sales?", budget=3000)
    variables = [item for item in ledger.sent if item.source == "variables"]  # this process imports on
    assert [item.name for item in variables] == ["sales", "label"]
    for item in variables:
        assert f"{item.source}:{item.name} ({item.level}, {item.tokens:,} tokens)" in told["text"]
        assert item.text.strip() in told["text"]
    assert "what is @sales?" in told["text"]
    assert other.session.sent == ()
    assert other.session.transcript.threads() == session_for_tests().transcript.threads()


def test_a_secret_is_not_told_whichever_way_it_is_asked_for(asked):
    """In a value, in the question, in a tool's result, in what a tool raises: a placeholder stands in its place."""
    other = asked(Settings(privacy=3), key=SECRET, mail="a sample for jane.doe@example.org")
    for told in (
        other.use("context", question="what is @key?"),
        other.use("context", question=f"is {SECRET} the @key?"),
        other.use("list_context", question=SECRET),
        other.use(SECRET),
        other.use("context", question="why?", budget=SECRET),
    ):
        assert SECRET not in told["text"]
    assert not any(SECRET in one.text + one.call for one in other.tell_tale.told)
    leaky = [LookUp(text=f"key = {SECRET}"), LookUp("fail", ValueError(SECRET)), LookUp("fail_too", KeyError(SECRET))]
    other = Asked(session_for_tests(tools=leaky, environ={"SERVICE_KEY": SECRET}))
    for one in leaky:
        told = other.use(one.name)
        assert SECRET not in told["text"]
        assert len(one.calls) == 1
    assert "<" in other.use("look_up")["text"]


def test_personal_data_leaves_as_its_level_allows(asked):
    """Below level 3 an address of mail is replaced, and never put back for another program."""
    address = "jane.doe" + "@acme-works.com"
    told = asked(Settings(privacy=2), note=address).use("context", question=f"what of {address} is in @note?")
    assert address not in told["text"]
    assert "<EMAIL_1>" in told["text"]


@pytest.mark.parametrize("question", ["what is @customers?", "customers", "What is here?"])
def test_what_is_muted_or_never_leaves_is_not_even_named(asked, question):
    """Neither by `context` nor by the list of names; asking for it by its name tells nothing of it."""
    for settings, mutes in ((Settings(never=("customers",)), ()), (Settings(), ("variables:customers",))):
        other = asked(settings, customers={"bob": 1}, sales=[1, 2])
        if mutes:
            wishes = other.session.wishes
            other.session.wishes = type(wishes)(mutes=frozenset(mutes))
        texts = [other.use("context", question=question)["text"], other.use("list_context", question=question)["text"]]
        for text in texts:
            said = text.replace(question, "")
            assert "customers" not in said
            assert "bob" not in said
            assert "sales" in said


def test_a_level_holds_here_too(asked):
    """With names alone, no value is told."""
    told = asked(Settings(levels=(("sales", 0),)), sales=["north", "south"]).use("context", question="what is @sales?")
    assert "sales: list" in told["text"]
    assert "north" not in told["text"]


def test_tools_that_only_read_are_offered_and_no_others(asked):
    """What acts, needs a front end or runs between cells is not listed, and not run when it is called all the same."""
    good = LookUp()
    bad = [LookUp("acts", acts=True), LookUp("hands", needs_hands=True), LookUp("inside", in_kernel=True)]
    other = Asked(session_for_tests(tools=[good, *bad], settings=Settings(allow=("acts", "hands", "inside"))))
    looked = other(do="look")
    assert looked["notebook"] == "sales.ipynb"
    assert [tool["name"] for tool in looked["tools"]] == ["context", "list_context", "look_up"]
    assert looked["tools"][-1]["schema"] == LookUp.schema
    assert other.use("look_up", of="x") == {"text": "found", "failed": False}
    assert good.calls == [{"of": "x"}]
    for one in bad:
        told = other.use(one.name)
        assert told["failed"]
        assert "offers no tool" in told["text"]
        assert one.calls == []


def test_a_call_that_would_write_is_refused():
    """A tool that says so of these arguments is not run, though it does not call itself one that acts."""
    tool = LookUp(touches=Touches(writes=frozenset({"files:a"})))
    other = Asked(session_for_tests(tools=[tool]))
    assert "change something" in other.use("look_up")["text"]
    tool.touches = lambda arguments: Touches(writes=frozenset(arguments.values()))
    assert other.use("look_up") == {"text": "found", "failed": False}
    told = other.use("look_up", of="files:a")
    assert "change something" in told["text"]
    tool.touches = lambda arguments: 1 / len(arguments["of"])
    assert other.use("look_up", of="")["text"] == "It failed (ZeroDivisionError)."
    assert [one.failed for one in other.tell_tale.told] == [True, False, True, True]
    assert tool.calls == [{}]


def test_what_the_user_declares_is_offered_unless_it_writes():
    """A typed function that reads; not one that writes, wants to be confirmed, or runs between cells."""
    ran = []

    @tool
    def price(product: str) -> float:
        """What a product costs."""
        ran.append(product)
        return 2.5

    @tool(writes=["orders"], confirm=False)
    def order(product: str) -> None:
        """Orders one."""
        ran.append(product)

    @tool(confirm=True)
    def ask_first() -> None:
        """Wants a click."""
        ran.append("clicked")

    @tool(in_kernel=True)
    def inside() -> None:
        """Runs between cells."""
        ran.append("inside")

    try:
        other = Asked(session_for_tests(tools=declared()))
        assert [one["name"] for one in other(do="look")["tools"]][2:] == ["price"]
        assert other.use("price", product="tea") == {"text": "2.5", "failed": False}
        assert "do not fit" in other.use("price", product=1)["text"]
        for name in ("order", "ask_first", "inside"):
            assert other.use(name, **({"product": "tea"} if name == "order" else {}))["failed"]
        assert ran == ["tea"]
    finally:
        for one in declared():
            tool.remove(one.name)


def test_a_placeholder_is_no_way_to_what_it_stands_for():
    """A tool would get the address itself, and could repeat it; a call that holds one is not made."""
    echo = LookUp()

    async def run(arguments, ask, hands):
        return f"no such thing: {arguments['of']}"

    echo.run = run
    address = "jane.doe" + "@acme-works.com"
    other = Asked(session_for_tests(tools=[echo], settings=Settings(privacy=2)))
    assert "<EMAIL_1>" in other.use("context", question=address)["text"]
    for stand_in in ("<EMAIL_1>", "a <EMAIL_1> b"):
        told = other.use("look_up", of=stand_in)
        assert told["failed"]
        assert address not in told["text"]


def test_a_users_tool_called_context_does_not_take_its_place():
    """What every kernel offers is ours; a tool of that name is neither listed nor run."""
    tool = LookUp("context")
    other = Asked(session_for_tests(tools=[tool]))
    assert [one["name"] for one in other(do="look")["tools"]] == ["context", "list_context"]
    other.use("context", question="why?")
    assert tool.calls == []


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"do": "ask"},
        {"do": None},
        {"do": "call"},
        {"do": "call", "tool": "context"},
        {"do": "call", "tool": 1, "arguments": {}},
        {"do": "call", "tool": "context", "arguments": []},
        {"do": "call", "tool": "context", "arguments": {}},
        {"do": "call", "tool": "context", "arguments": {"question": ""}},
        {"do": "call", "tool": "context", "arguments": {"question": 1}},
        {"do": "call", "tool": "context", "arguments": {"question": "a", "budget": 0}},
        {"do": "call", "tool": "context", "arguments": {"question": "a", "budget": "many"}},
        {"do": "call", "tool": "context", "arguments": {"question": "a", "privacy": 3}},
        {"do": "call", "tool": "context", "arguments": {"question": "a" * 200_000}},
        {"do": "call", "tool": "list_context", "arguments": {"question": ["a"]}},
        {"do": "call", "tool": "run_python", "arguments": {"code": "1"}},
    ],
    ids=lambda request: str(request)[:70],
)
def test_what_makes_no_sense_is_one_line(request_):
    """A request of any form leads to an answer that failed, in one line."""
    told = Asked(session_for_tests(tools=[LookUp()]))(**request_)
    assert told["failed"]
    assert 0 < len(told["text"].splitlines()) < 2


def test_an_answer_is_bounded():
    """A tool that gives ten megabytes, and a budget without end: both fit a message, and say that they were cut."""
    other = Asked(session_for_tests(tools=[LookUp(text="word " * 2_000_000)]))
    told = other.use("look_up")["text"]
    assert len(told) < MOST_CHARACTERS
    assert "cut here" in told
    assert f"of {MOST_BUDGET:,} tokens" in other.use("context", question="a", budget=10**12)["text"]


def test_every_call_is_noted_and_looking_is_not(asked):
    """With its time, its arguments and exactly what was told; failures too; no more than are kept."""
    other = asked(sales=[1])
    other(do="look")
    assert other.tell_tale.told == ()
    told = other.use("context", question="@sales")
    other.use("nothing")
    first, second = other.tell_tale.told
    assert (first.number, first.time, first.text, first.failed) == (1, 5.0, told["text"], False)
    assert first.call == 'context {"question":"@sales"}'
    assert (second.call, second.failed) == ("nothing", True)
    for _ in range(MOST + 5):
        other.tell_tale.add(1.0, "x", "y" * 50_000, failed=False)
    kept = other.tell_tale.told
    assert other.tell_tale.count == MOST + 7
    assert kept[-1].number == MOST + 7
    assert sum(len(one.text) for one in kept) <= 4_000_000
    assert len(kept) == 80


def test_without_a_session_nothing_is_told():
    """Settings that are wrong may hold anything: the words of that error are for the user alone."""
    from askance.errors import ConfigError

    def session():
        raise ConfigError(f"wrong: {SECRET}")

    async def play():
        return await Answering(session, str, TellTale(), FakeClock())({"do": "look"})

    told = asyncio.run(play())
    assert told["failed"]
    assert SECRET not in told["text"]
