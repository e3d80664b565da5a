"""Servers that take no tools, in their own words; and those that say something else about tools."""

import asyncio

import pytest
from fixtures_models import BOTH, collect, gated, make
from scripted_server import Reply, ScriptedServer, error

from askance import errors
from askance.providers.no_tools import refusal

from .calling import offered

FORBIDDEN = {"type": "extra_forbidden", "loc": ["body", "tools"], "msg": "Extra inputs are not permitted", "input": []}
INNER = {"error": {"message": "Provider returned error", "metadata": {"raw": '{"error":"x does not support tools"}'}}}

REFUSALS = [
    "gemma3:4b does not support tools",
    "tools param requires --jinja flag",
    "Unsupported param: tools",
    "tools param is not fully supported yet",
    'No endpoints found that support tool use. Try disabling "question". To learn more about provider routing, visit:',
    "No endpoints found that support the provided 'tool_choice' value.",
    '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
    "deepseek-reasoner does not support Function Calling",
    "Thinking mode does not support this tool_choice",
    "The model does not support tool use or function calling but tools or tool_choice have been specified on the request.",
    "The tool call is not supported",
    "Function calling is not enabled for models/gemma-3-12b-it",
    "Function calling with a response mime type: 'application/json' is unsupported",
    'Invalid JSON payload received. Unknown name "tools": Cannot find field.',
    "Unrecognized request argument supplied: tools",
    "This model doesn't support tool use in streaming mode.",
    {"object": "Error", "detail": [FORBIDDEN], "message": [FORBIDDEN], "type": "invalid_request_error", "code": 3001},
    {"object": "error", "message": f"[{FORBIDDEN}]", "code": 400},
    "tools: Extra inputs are not permitted",
    "deepinfra error: Tool calling is not supported for model: mistralai/Mistral-Small-24B-Instruct-2501",
    "tools is not supported in this model. For a list of supported models, refer to ../models-supporting-function-calling.",
    "Function tools with reasoning_effort are not supported for gpt-5.4-mini in /v1/chat/completions. Please use another.",
    "Unknown parameter: 'tools'.",
    "Unsupported parameter: 'tools' is not supported with this model.",
    "`tool calling` is not supported with this model",
    "Unable to generate parser for this template. Automatic parser generation failed: While executing CallExpression",
    "Only user and assistant roles are supported!",
    "Conversation roles must alternate user/assistant/user/assistant/...",
    "\u6a21\u578b\u4e0d\u652f\u6301\u5de5\u5177\u8c03\u7528",
    "This model has no tool support",
    INNER,
]  # fmt: skip

OTHERS = [
    "Failed to call a function. Please adjust your prompt. See 'failed_generation' for more details.",
    "tool call validation failed: attempted to call tool 'listFiles' which was not in request.tools",
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after",
    "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'",
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    "tools.0.input_schema: Extra inputs are not permitted",
    "messages.2.tool_calls.0.name: Extra inputs are not permitted",
    "Invalid schema for function 'f': schema must be a JSON Schema of 'type: \"object\"', got 'type: \"None\"'.",
    "Function call is missing a thought_signature in functionCall parts.",
    "Invalid 'tools': array too long. Expected an array with maximum length 128, but got one with length 130 instead.",
    "Unknown parameter: 'tools[0].function.strict'.",
    "Failed to parse tool call arguments as JSON",
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "Unsupported parameter: 'parallel_tool_calls' is not supported with this model.",
    "'temperature' is not supported with tools",
    "The model `m` does not exist",
    "maximum context length is 4096 tokens",
    None,
    5,
    [None, [], {}],
    {"error": None},
]


def body_of(said):
    """An error's body: as both protocols have it, or the server's own."""
    return said if isinstance(said, dict) else {"type": "error", "error": {"type": "api_error", "message": said}}


def asked(protocol, reply, request):
    """What is raised for a request."""
    with ScriptedServer([reply]) as server, pytest.raises(errors.AskanceError) as caught:
        asyncio.run(collect(make(protocol, server), request))
    return caught.value


@pytest.mark.parametrize("said", REFUSALS, ids=lambda said: str(said)[:40])
def test_no_tools_in_every_servers_words(said):
    """It is known by its words, wherever they stand; there is always something to type."""
    assert "--" in refusal(body_of(said))


@pytest.mark.parametrize("said", OTHERS, ids=lambda said: str(said)[:40])
def test_another_fault_is_not_taken_for_it(said):
    """Tools that a model called for badly, schemas that do not fit, and whatever is no text at all."""
    assert refusal(body_of(said)) == ""


@BOTH
@pytest.mark.parametrize("status", [400, 404, 405, 422, 500])
def test_it_is_one_line_with_what_to_type(protocol, status):
    """Whatever status a server gives it, of which some mean something else with other words."""
    reply = error(status, "The model `m` does not support tools", **{"x-should-retry": "false"})
    fault = asked(protocol, reply, offered())
    assert type(fault) is errors.NoTools
    assert str(fault).startswith(f"m of {protocol} takes no tools. Ask without --tools")
    assert "\n" not in str(fault)


@BOTH
def test_it_may_come_in_the_middle_of_a_stream(protocol):
    """A gateway begins to answer, and only then finds no model."""
    told = b'event: error\ndata: {"error": {"message": "No endpoints found that support tool use", "code": 404}}\n\n'
    assert type(asked(protocol, Reply([told]), offered())) is errors.NoTools


@BOTH
def test_it_is_nothing_of_the_kind_where_there_were_no_tools(protocol):
    """Then it is the request that was refused; so it is where the key was, or the rate."""
    words = "The model `m` does not support tools"
    assert type(asked(protocol, error(400, words), gated("q"))) is errors.ProviderError
    assert type(asked(protocol, error(401, words), offered())) is errors.AuthError
    limited = error(429, words, **{"x-should-retry": "false"})
    assert type(asked(protocol, limited, offered())) is errors.RateLimited


def test_servers_of_ones_own_are_told_how_to_start_them():
    """What to type there is another thing than asking without."""
    assert "llama-server with --jinja" in refusal({"error": {"message": "tools param requires --jinja flag"}})
    assert "--tool-call-parser NAME" in refusal('"auto" tool choice requires --enable-auto-tool-choice')
