"""What all three protocols send about tools, byte for byte."""

import asyncio
import json
import re

import pytest
from fixtures_models import BOTH, collect, make
from scripted_server import Call, Reply, ScriptedServer

from askance.records import GatedPrompt, Message, Prompt, ToolCall, ToolResult, ToolSpec
from askance.testing import session_for_tests
from askance.tools.base import NOTHING

SCHEMA = '{"properties":{"path":{"type":"string"}},"required":["path"],"type":"object"}'
READ = ToolSpec(name="read_file", description="Read a file.", schema=SCHEMA)
LIST = ToolSpec(name="list_files", description="List files.")
ASKED = Message(role="user", content="What is in a.py?")
CALLED = Message(
    role="assistant",
    content="",
    calls=(
        ToolCall(id="c1", name="read_file", arguments='{"path": "a.py"}'),
        ToolCall(id="c2", name="list_files", arguments="{}"),
    ),
)
RESULTS = (ToolResult(id="c1", text="x = 1 {é}"), ToolResult(id="c2", text="no such folder", failed=True))
TOLD = Message(role="user", content="", results=RESULTS)


def sent(protocol, *messages, **more):
    """The bytes that a server gets."""
    prompt = Prompt(model="m", system="Be brief.", messages=messages or (ASKED,), max_output=77, **more)
    with ScriptedServer([Reply(["a"])]) as server:
        asyncio.run(collect(make(protocol, server), GatedPrompt(prompt=prompt)))
        return server.asked[0].body


UNCHANGED = {
    "openai": '{"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"q1 {x} é"},'
    '{"role":"assistant","content":"a1"},{"role":"user","content":"q2"}],"stream":true,'
    '"stream_options":{"include_usage":true},"max_tokens":77,"temperature":0.5}',
    "openai-responses": '{"model":"m","input":[{"role":"user","content":"q1 {x} é"},{"role":"assistant","content":"a1"},'
    '{"role":"user","content":"q2"}],"stream":true,"store":false,"max_output_tokens":77,"instructions":"Be brief.",'
    '"temperature":0.5}',
    "anthropic": '{"model":"m","messages":[{"role":"user","content":"q1 {x} é"},{"role":"assistant","content":"a1"},'
    '{"role":"user","content":[{"type":"text","text":"q2","cache_control":{"type":"ephemeral"}}]}],"max_tokens":77,'
    '"stream":true,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],"temperature":0.5}',
}
"""As they were before there were tools."""


@BOTH
def test_a_request_without_tools_is_what_it_always_was(protocol):
    """Byte for byte: prefix caches and recordings hold."""
    said = [("user", "q1 {x} é"), ("assistant", "a1"), ("user", "q2")]
    messages = [Message(role=role, content=content) for role, content in said]
    assert sent(protocol, *messages, temperature=0.5).decode() == UNCHANGED[protocol]


@BOTH
@pytest.mark.parametrize("may_call", [True, False])
def test_tools_are_listed_in_the_protocols_own_form(protocol, may_call):
    """Name, description and schema of each, in order; where none may be called they are listed all the same."""
    body = json.loads(sent(protocol, tools=(READ, LIST), may_call=may_call))
    schemas = [json.loads(READ.schema), json.loads(LIST.schema)]
    named = [{"name": "read_file", "description": "Read a file."}, {"name": "list_files", "description": "List files."}]
    both = list(zip(named, schemas, strict=True))
    expected = {
        "openai": [{"type": "function", "function": {**told, "parameters": schema}} for told, schema in both],
        "openai-responses": [
            {"type": "function", **told, "parameters": schema, "strict": False} for told, schema in both
        ],
        "anthropic": [{**told, "input_schema": schema} for told, schema in both],
    }
    assert body["tools"] == expected[protocol]
    none = {"type": "none"} if protocol == "anthropic" else "none"
    assert body.get("tool_choice", "left out") == ("left out" if may_call else none)


def test_calls_and_results_in_chat_completions():
    """No words are null; each result is a message of its own, under its call's id."""
    body = json.loads(sent("openai", ASKED, CALLED, TOLD, tools=(READ, LIST)))
    asked, called, first, second = body["messages"][1:]
    assert asked == {"role": "user", "content": "What is in a.py?"}
    assert called == {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "read_file", "arguments": '{"path": "a.py"}'}},
            {"id": "c2", "type": "function", "function": {"name": "list_files", "arguments": "{}"}},
        ],
    }
    assert first == {"role": "tool", "tool_call_id": "c1", "content": "x = 1 {é}"}
    assert second == {"role": "tool", "tool_call_id": "c2", "content": "no such folder"}


def test_calls_and_results_in_messages():
    """Blocks of one message each; the cache mark is on the last block of all, and on the instructions."""
    body = json.loads(sent("anthropic", ASKED, CALLED, TOLD, tools=(READ, LIST)))
    asked, called, told = body["messages"]
    assert asked == {"role": "user", "content": "What is in a.py?"}
    assert called["content"] == [
        {"type": "tool_use", "id": "c1", "name": "read_file", "input": {"path": "a.py"}},
        {"type": "tool_use", "id": "c2", "name": "list_files", "input": {}},
    ]
    kept = {"cache_control": {"type": "ephemeral"}}
    assert told["content"] == [
        {"type": "tool_result", "tool_use_id": "c1", "content": "x = 1 {é}", "is_error": False},
        {"type": "tool_result", "tool_use_id": "c2", "content": "no such folder", "is_error": True, **kept},
    ]
    assert json.dumps(body).count("cache_control") == 2


def test_calls_and_results_in_responses():
    """Items of their own, by the call's id alone: nothing is kept at the server."""
    body = json.loads(sent("openai-responses", ASKED, CALLED, TOLD, tools=(READ, LIST)))
    assert body["input"] == [
        {"role": "user", "content": "What is in a.py?"},
        {"type": "function_call", "call_id": "c1", "name": "read_file", "arguments": '{"path": "a.py"}'},
        {"type": "function_call", "call_id": "c2", "name": "list_files", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "c1", "output": "x = 1 {é}"},
        {"type": "function_call_output", "call_id": "c2", "output": "no such folder"},
    ]
    assert body["store"] is False


@BOTH
def test_what_was_said_before_a_call_goes_back_as_well(protocol):
    """Before the calls; words that are none (blanks alone) are left out where a server refuses them."""
    said = Message(role="assistant", content="Let me look.", calls=CALLED.calls)
    blank = Message(role="assistant", content="\n\n", calls=CALLED.calls)
    messages = json.loads(sent(protocol, ASKED, said, TOLD, tools=(READ, LIST)))
    text = json.dumps(messages)
    assert text.count("Let me look.") == 1
    assert text.index("Let me look.") < text.index('"list_files"', text.index("What is in a.py?"))
    if protocol == "anthropic":
        blocks = json.loads(sent(protocol, ASKED, blank, TOLD, tools=(READ, LIST)))["messages"][1]["content"]
        assert [block["type"] for block in blocks] == ["tool_use", "tool_use"]


HARD = {
    "no JSON": '{"path": ',
    "a list": "[1, 2]",
    "null": "null",
    "half a character": '{"path": "\\ud83d"}',
    "not a number": '{"path": NaN}',
    "a number beyond all": '{"path": 1' + "0" * 5000 + "}",
    "deep": '{"path": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "nothing": "",
}


@BOTH
@pytest.mark.parametrize("name", HARD)
def test_whatever_a_model_called_with_can_go_back(protocol, name):
    """Servers read arguments and names once more: both arrive as an object, and as a name that a tool may have."""
    called = Message(
        role="assistant", content="", calls=(ToolCall(id="c1", name="functions.rm -rf é", arguments=HARD[name]),)
    )
    told = Message(role="user", content="", results=(ToolResult(id="c1", text="no"),))
    body = json.loads(sent(protocol, ASKED, called, told, tools=(READ,)))
    if protocol == "anthropic":
        call = body["messages"][1]["content"][0]
        arguments = call["input"]
    else:
        call = body["messages"][2]["tool_calls"][0]["function"] if protocol == "openai" else body["input"][1]
        arguments = json.loads(call["arguments"])
    assert isinstance(arguments, dict)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", call["name"])


class Reads:
    """A tool that reads a file."""

    name, description, schema = "read_file", "Read a file.", json.loads(SCHEMA)
    acts = in_kernel = needs_hands = False

    def touches(self, arguments):
        """Nothing that matters here."""
        return NOTHING

    def fingerprint(self, arguments):
        """Never another."""
        return "same"

    async def run(self, arguments, ask, hands):
        """What stands in it."""
        return f"the text of {arguments['path']}"


@BOTH
def test_two_rounds_of_a_whole_ask(protocol):
    """The second request begins with the first one's, then the calls and what they gave; the answer is the last words."""
    calls = [Call("read_file", ['{"pa', 'th": "', 'a.py"}'], "id-1"), Call("read_file", ['{"path": "b.py"}'], "id-2")]
    replies = [Reply(["I look.", *calls], usage=(10, 5, 4)), Reply(["Both ", "are fine."], usage=(20, 6, 8))]
    with ScriptedServer(replies) as server:
        session = session_for_tests(tools=[Reads()])
        session.sender.make = lambda _name: make(protocol, server, outgoing=session.outbox)
        answer = session.ask("Are they fine?", tools=True, context="none")
        first, second = (request.json for request in server.asked)
        assert [sent.body for sent in session.sent] == [request.body for request in server.asked]
        session.loop.run(session.close())
        session.loop.close()
    assert answer.complete
    assert answer.text == "I look.\n\nBoth are fine."
    assert (answer.usage.input, answer.usage.output, answer.usage.cached) == (30, 11, 12)
    assert [use.text for use in answer.tools] == ["the text of a.py", "the text of b.py"]
    name = "input" if protocol == "openai-responses" else "messages"
    begun = len(first[name]) - (protocol == "anthropic")  # its last message has lost the cache mark
    assert second[name][:begun] == first[name][:begun]
    assert {key: second[key] for key in first if key != name} == {key: first[key] for key in first if key != name}
    rest = json.dumps(second[name][begun:])
    order = ["I look.", "id-1", "a.py", "id-2", "b.py", "id-1", "the text of a.py", "id-2", "the text of b.py"]
    if protocol == "anthropic":
        assert first["messages"][-1]["content"][0]["text"] == second["messages"][-3]["content"]
    places = [rest.index(order[0])]
    for words in order[1:]:
        places.append(rest.index(words, places[-1] + 1))
    assert places == sorted(places)
