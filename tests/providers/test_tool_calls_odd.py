"""Calls as odd servers send them in chat completions, and what is no call at all."""

import json

import pytest

from askance.records import EndChunk

from .calling import answered, broken, calls


def entry(index=0, name=None, arguments=None, **more):
    """One entry of a delta's calls, with what is given."""
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    return {**({} if index is None else {"index": index}), "function": function, **more}


A, B = ("read_file", '{"path": "a.py"}'), ("list_files", '{"path": "b"}')

ODD = {
    "interleaved by number": (
        [[entry(0, A[0], "", id="1")], [entry(1, B[0], "", id="2")], [entry(0, arguments=A[1][:5])],
         [entry(1, arguments=B[1][:7])], [entry(0, arguments=A[1][5:])], [entry(1, arguments=B[1][7:])]],
        [A, B],
    ),
    "two in one delta, each in pieces": (
        [[entry(0, A[0], A[1][:3], id="1"), entry(1, B[0], B[1][:3], id="2")],
         [entry(0, arguments=A[1][3:]), entry(1, arguments=B[1][3:])]],
        [A, B],
    ),
    "the second ends first": (
        [[entry(0, A[0], A[1][:3], id="1"), entry(1, B[0], B[1], id="2")], [entry(0, arguments=A[1][3:])]],
        [A, B],
    ),
    "whole calls, one a delta": ([[entry(0, *A, id="1")], [entry(1, *B, id="2")]], [A, B]),
    "whole calls without numbers": ([[entry(None, *A, id="1"), entry(None, *B, id="2")]], [A, B]),
    "whole calls without numbers and ids": ([[entry(None, *A), entry(None, *B)]], [A, B]),
    "one after the other, without numbers and ids": ([[entry(None, *A)], [entry(None, *B)]], [A, B]),
    "pieces without numbers": (
        [[entry(None, A[0], "", id="1")], [entry(None, arguments=A[1][:4])], [entry(None, arguments=A[1][4:])],
         [entry(None, B[0], B[1][:4], id="2")], [entry(None, arguments=B[1][4:])]],
        [A, B],
    ),
    "all have the number 0": ([[entry(0, *A, id="1")], [entry(0, *B, id="2")]], [A, B]),
    "all have the number 0 and no id": ([[entry(0, *A)], [entry(0, *B)]], [A, B]),
    "no ids": ([[entry(0, A[0], A[1][:3])], [entry(0, arguments=A[1][3:])], [entry(1, *B)]], [A, B]),
    "the id in every piece": (
        [[entry(0, A[0], "", id="1")], [entry(0, arguments=A[1][:4], id="1")], [entry(0, arguments=A[1][4:], id="1")]],
        [A],
    ),
    "another id in every piece": (
        [[entry(0, A[0], "", id="1")], [entry(0, arguments=A[1][:4], id="2")], [entry(0, arguments=A[1][4:], id="3")]],
        [A],
    ),
    "name and id in every piece": (
        [[entry(0, A[0], "", id="1")], [entry(0, A[0], A[1][:4], id="1")], [entry(0, A[0], A[1][4:], id="1")]],
        [A],
    ),
    "the name in pieces": ([[entry(0, "read", id="1")], [entry(0, "_file", "")], [entry(0, arguments=A[1])]], [A]),
    "empty names and nulls": (
        [[entry(0, A[0], A[1][:4], id="1", type="function")], [{"index": 0, "id": None, "function": {"name": "", "arguments": A[1][4:]}}],
         [{"index": 0, "function": None}], [{"index": 0, "function": {"name": None, "arguments": None}}]],
        [A],
    ),
    "all of it once more at the end": ([[entry(0, *A, id="1")], [entry(0, *A, id="1")]], [A]),
    "pieces, then all of it": ([[entry(0, A[0], A[1][:6], id="1")], [entry(0, arguments=A[1][6:])], [entry(0, *A, id="1")]], [A]),
    "an empty object first": ([[entry(0, A[0], "{}", id="1")], [entry(0, arguments=A[1][:5])], [entry(0, arguments=A[1][5:])]], [A]),
    "arguments as an object": ([[entry(0, A[0], {"path": "a.py"}, id="1")]], [A]),
    "without a name": ([[entry(0, arguments="{}", id="1")]], []),
}  # fmt: skip


def chunked(deltas, *reasons):
    """Bytes of a stream of chat completions with these deltas, each ending as told."""
    told = [{"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas]
    told += [{"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]} for reason in reasons]
    return [f"data: {json.dumps(event)}\n\n".encode() for event in told] + [b"data: [DONE]\n\n"]


@pytest.mark.parametrize("reason", ["tool_calls", "stop", "function_call"])
@pytest.mark.parametrize("name", ODD)
def test_odd_servers_are_understood(name, reason):
    """Each call once, whole, with its own arguments, whatever the reason of the end is said to be."""
    entries, expected = ODD[name]
    between = [{"content": ""}, {"content": None}, {"role": "assistant", "tool_calls": []}, {"tool_calls": None}]
    deltas = [each for number, one in enumerate(entries) for each in ({"tool_calls": one}, between[number % 4])]
    chunks = answered("openai", *chunked(deltas, reason), raw=True)
    assert calls(chunks) == expected
    assert chunks[-1] == EndChunk("tools" if expected else "stop")


def test_the_one_call_of_older_servers():
    """A function's name and arguments beside the text, in pieces."""
    deltas = [{"function_call": {"name": "read_file", "arguments": ""}}, {"function_call": {"arguments": A[1][:5]}}]
    chunks = answered(
        "openai", *chunked([*deltas, {"function_call": {"arguments": A[1][5:]}}], "function_call"), raw=True
    )
    assert calls(chunks) == [A]


def test_an_end_in_every_chunk_cuts_no_call():
    """Some servers give a reason with each."""
    told = [entry(0, A[0], A[1][:5], id="1")], [entry(0, arguments=A[1][5:])]
    events = [{"choices": [{"delta": {"tool_calls": one}, "finish_reason": "stop"}]} for one in told]
    steps = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    assert calls(answered("openai", *steps, raw=True)) == [A]


def test_more_after_a_call_was_given_out_makes_no_other_of_it():
    """It was whole, and runs already."""
    deltas = [{"tool_calls": [entry(0, *A, id="1")]}, {"tool_calls": [entry(1, *B, id="2")]}]
    late = {"tool_calls": [entry(0, arguments="more")]}
    assert calls(answered("openai", *chunked([*deltas, late], "tool_calls"), raw=True)) == [A, B]


@pytest.mark.parametrize(
    "delta",
    [
        {"tool_calls": 5},
        {"tool_calls": "x"},
        {"tool_calls": {"index": 0}},
        {"tool_calls": [5]},
        {"tool_calls": [None]},
        {"tool_calls": [{"index": "0"}]},
        {"tool_calls": [{"index": [0]}]},
        {"tool_calls": [{"index": 0, "id": 5}]},
        {"tool_calls": [{"index": 0, "function": "x"}]},
        {"tool_calls": [{"index": 0, "function": {"name": ["x"]}}]},
        {"tool_calls": [{"index": 0, "function": {"name": "x", "arguments": 5}}]},
        {"tool_calls": [{"index": 0, "function": {"name": "x", "arguments": [1]}}]},
        {"function_call": "x"},
        {"function_call": [1]},
    ],
)
def test_what_is_not_made_as_a_call_is_one_line(delta):
    """The mapped error, and no call."""
    assert calls(broken("openai", *chunked([delta], "tool_calls"), raw=True)) == []
