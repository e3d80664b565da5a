"""What is shown, and what leaves again, between the rounds of an ask with tools."""

from askance.records import CallChunk, Candidate, TextDelta, ToolCall
from askance.testing import session_for_tests
from askance.tools.base import NOTHING


class Echo:
    """Says what it was given."""

    name = "find_customer"
    description = "Finds a customer."

    acts = in_kernel = needs_hands = False

    def __init__(self):
        self.schema = {"type": "object", "properties": {"mail": {"type": "string"}}}
        self.given = []

    def touches(self, arguments):
        return NOTHING

    def fingerprint(self, arguments):
        return "f"

    async def run(self, arguments, ask, hands):
        self.given.append(dict(arguments))
        return f"no customer has {arguments['mail']}"


class Customers:
    """A variable of which statistics may be told, no addresses."""

    name = "variables"

    async def collect(self, ask):
        text = "customers: ada@lovelace-works.org wrote last"
        return [
            Candidate(source="variables", name="customers", render=lambda _: text, fingerprint=lambda: "f", privacy=2)
        ]

    def fingerprint(self, name):
        return "f"


def asked(tool, *script, then, sources=(), **options):
    """The session, the answer and the pieces that were shown."""
    session = session_for_tests(*script, then=then, tools=[tool], sources=sources)
    shown = []
    ask = session.make_ask("who wrote to @customers?", tools=True, **options)
    answer = session.loop.run(session.answer(ask, shown.append))
    requests = session.sender.provider(ask.model)[0].requests
    session.loop.run(session.close())
    session.loop.close()
    return answer, "".join(event.text for event in shown if isinstance(event, TextDelta)), requests


def call(mail):
    """A call for the tool."""
    return CallChunk(ToolCall(id="1", name="find_customer", arguments=f'{{"mail": "{mail}"}}'))


def test_what_was_shown_is_the_answer():
    """With what stands between what was said before a call and after it."""
    answer, shown, _ = asked(Echo(), "I look.", call("x"), then=[["Nobody."]])
    assert answer.text == "I look.\n\nNobody." == shown


def test_an_address_that_was_replaced_does_not_leave_in_a_result():
    """The tool works with it; the model, for which it was replaced, is not told it after all."""
    tool = Echo()
    _, _, requests = asked(tool, call("<EMAIL_1>"), then=[["Nobody."]], sources=[Customers()])
    assert "<EMAIL_1> wrote last" in requests[0].prompt.messages[-1].content
    assert tool.given == [{"mail": "ada@lovelace-works.org"}]
    assert requests[1].prompt.messages[-1].results[0].text.startswith("no customer has <EMAIL_1>")
    assert not [one for one in requests if "lovelace" in repr(one.prompt)]
