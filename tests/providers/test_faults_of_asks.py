"""Every fault of reliability study 4.6 down the whole path of an ask, through both SDKs and all three protocols: one line, nothing lost."""

import asyncio
from dataclasses import dataclass

import pytest
from fixtures_models import BOTH, make
from scripted_server import Reply, ScriptedServer, error

from askance.errors import AskanceError, AuthError, ContextTooLong, ProviderError, RateLimited, Unreachable
from askance.records import TextDelta
from askance.testing import session_for_tests


@dataclass(frozen=True)
class Fault:
    """What a server does, and what the user is to read.

    Attributes:
        reply: what it does.
        says: words of what happened.
        hint: words of what to type next.
        kind: the error, where no text came; None where some did, and stays.
        requests: how often the server is asked: the SDKs try again where that may help.
    """

    reply: Reply
    says: str
    hint: str = "Run the cell again"
    kind: type[AskanceError] | None = None
    requests: int = 1


def event(*data: bytes) -> Reply:
    """An answer that goes wrong with one of these events, whatever the protocol."""
    return Reply(["partial ", "answer", *(b"event: content_block_delta\ndata: " + one + b"\n\n" for one in data)])


def limited(seconds: str) -> Reply:
    """A server that asks to wait."""
    return error(429, "slow down", **{"Retry-After": seconds})


def trouble(status: int) -> Reply:
    """A server in trouble; the SDKs need not wait here before they try again."""
    return error(status, "boom", **{"retry-after-ms": "1"})


PAGE = Reply(body=b"<html>Log in</html>", headers={"Content-Type": "text/html"})
ELSEWHERE = Reply(status=307, headers={"Location": "http://127.0.0.2:9/v1"})
SAID = b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}'

FAULTS = {
    "stalls": Fault(Reply(["partial ", "answer", 60.0]), "fell silent for 0.3 s"),
    "breaks off": Fault(Reply(["partial ", "answer", 0.05], reset=True), "broke in the middle"),
    "no end mark": Fault(Reply(["partial ", "answer"], end=False), "broke off before its end"),
    "choices null": Fault(
        event(b'{"type":"content_block_delta","delta":null,"choices":null}', b'{"type":"response.completed"}'),
        "not an answer",
    ),
    "text that is none": Fault(
        event(
            b'{"type":"content_block_delta","delta":{"type":"text_delta","text":7},"choices":[{"delta":{"content":7}}]}',
            b'{"type":"response.output_text.delta","delta":7}',
        ),
        "not an answer",
    ),
    "a number": Fault(event(b"42"), "not an answer"),
    "a list": Fault(event(b"[]"), "not an answer"),
    "broken JSON": Fault(event(b'{"choices": ['), "not an answer"),
    "bad UTF-8": Fault(event(b'"\xff\xfe"'), "not an answer"),
    "an error event": Fault(
        Reply(["partial ", "answer", b"event: error\ndata: " + SAID + b"\n\n"]), "broke off with an error: Overloaded"
    ),
    "an endless line": Fault(
        Reply(["partial ", "answer", *[b"x" * 65536] * 40, 60.0]), "without a line's end", "Check the server's address"
    ),
    "never answers": Fault(
        Reply(silent=60.0), "did not answer within 0.3 s", "%config Askance.base_url", Unreachable, 3
    ),
    "a page": Fault(PAGE, "a web page answers", "log in to the network", Unreachable),
    "an empty stream": Fault(Reply([], end=False), "broke off before its end", kind=ProviderError),
    "401": Fault(error(401, "no"), "refused", "%env", AuthError),
    "413": Fault(error(413, "too large"), "too long", "%%ask -m provider:model", ContextTooLong),
    "307 to another host": Fault(ELSEWHERE, "not sent there", "%config Askance.base_url", ProviderError),
    "429, wait 1": Fault(limited("1"), "asks to wait 1 s", "Run the cell again", RateLimited, 3),
    "429, wait 3600": Fault(limited("3600"), "asks to wait 60 min", "%%ask -m provider:model", RateLimited),
    "429, wait until a day": Fault(
        limited("Fri, 31 Dec 2100 23:59:59 GMT"), "asks to wait", "%%ask -m provider:model", RateLimited
    ),
    "503, wait 3600": Fault(
        error(503, "boom", **{"Retry-After": "3600"}), "in trouble itself (503", kind=ProviderError
    ),
    "500": Fault(trouble(500), "in trouble itself (500", kind=ProviderError, requests=3),
    "503": Fault(trouble(503), "in trouble itself (503", kind=ProviderError, requests=3),
    "529": Fault(trouble(529), "in trouble itself (529", kind=ProviderError, requests=3),
}


@BOTH
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_ends_in_one_line_and_loses_nothing(protocol, name):
    """It says what happened and what to type; what had come is kept; nothing is cached; the next ask is answered."""
    fault = FAULTS[name]
    with ScriptedServer([fault.reply]) as server:
        session = session_for_tests(provider=make(protocol, server, idle_timeout=0.3))
        seen = []
        try:
            answer = session.loop.run(session.answer(session.make_ask("why?"), seen.append))
        except AskanceError as raised:
            assert fault.kind is not None
            assert isinstance(raised, fault.kind)
            line = str(raised)
        else:
            assert fault.kind is None
            assert (answer.text, answer.ended, answer.complete) == ("partial answer", "error", False)
            assert "".join(event.text for event in seen if isinstance(event, TextDelta)) == answer.text
            assert session.last is answer
            line = answer.notice
        assert fault.says in line
        assert fault.hint.lower() in line.lower()
        assert "\n" not in line
        assert len(server.asked) == fault.requests
        server.say(Reply(["Good."]))
        again = session.ask("why?")
        assert (again.text, again.cached, again.complete) == ("Good.", None, True)
        session.loop.run(session.close())
        session.loop.close()


@BOTH
def test_a_fault_leaves_no_task_behind(protocol):
    """However a stream ends, nothing goes on reading it."""
    with ScriptedServer([FAULTS["no end mark"].reply, FAULTS["a number"].reply, FAULTS["breaks off"].reply]) as server:
        session = session_for_tests(provider=make(protocol, server))

        async def tasks():
            return len(asyncio.all_tasks())

        before = session.loop.run(tasks())
        for number in range(3):
            session.ask(f"question {number}")
        assert session.loop.run(tasks()) == before
        session.loop.run(session.close())
        session.loop.close()
