"""How servers say that a request is too long for the model, and a world to leave things out of.

Enters: nothing. Leaves: refusals in the words of their makers, with what is to be understood of them; a session.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from scripted_server import Reply

from askance.providers import registry
from askance.records import Candidate
from askance.settings import Settings
from askance.testing import session_for_tests

HEAD = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Refusal:
    """What a server says.

    Attributes:
        protocol: in which it says so.
        reply: how.
        limit: the window that it names, None if it names none.
        counted: the size it counted.
    """

    protocol: str
    reply: Reply
    limit: int | None = None
    counted: int | None = None


def refusal(protocol, message, limit=None, counted=None, status=400, **more):
    """An error as the protocol has it."""
    error = {"message": message, "type": "invalid_request_error", **more}
    return Refusal(
        protocol, Reply(status=status, body=json.dumps({"error": error}).encode(), headers=HEAD), limit, counted
    )


def in_stream(protocol, limit, counted, **event):
    """An error as an event, after a head that began well."""
    line = b"event: error\ndata: " + json.dumps(event).encode() + b"\n\n"
    return Refusal(protocol, Reply([line], end=False), limit, counted)


OPENAI = (
    "This model's maximum context length is 1500 tokens. However, you requested 2740 tokens (2240 in the messages, 500 in "
    "the completion). Please reduce the length of the messages or completion."
)
VLLM = (
    "This model's maximum context length is 1500 tokens. However, your request has 2740 input tokens. Please reduce the "
    "length of the input messages. (parameter=input_tokens, value=2740)"
)

FAILED = {
    "type": "response.failed",
    "response": {
        "error": {
            "code": "context_length_exceeded",
            "message": "Your input exceeds the context window of this model.",
        }
    },
}

REFUSALS = {
    "OpenAI": refusal("openai", OPENAI, 1500, 2740, code="context_length_exceeded", param="messages"),
    "OpenAI, no numbers": refusal(
        "openai", "Your input exceeds the context window of this model.", code="context_length_exceeded"
    ),
    "OpenAI, the code alone": refusal("openai", "Invalid request.", code="context_length_exceeded"),
    "OpenAI responses": refusal(
        "openai-responses",
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        code="context_length_exceeded",
        param="input",
    ),
    "OpenAI responses, an event": in_stream(
        "openai-responses", None, None, type="error", code="context_length_exceeded", message="Your input is too big."
    ),
    "OpenAI responses, failed": Refusal(
        "openai-responses",
        Reply([b"data: " + json.dumps(FAILED).encode() + b"\n\n"], end=False),
    ),
    "Azure": refusal(
        "openai",
        "This model's maximum context length is 1500 tokens, however you requested 2740 tokens (2240 in your prompt; 500 "
        "for the completion). Please reduce your prompt; or completion length.",
        1500,
        2740,
        type=None,
    ),
    "vLLM": refusal("openai", VLLM, 1500, 2740, type="BadRequestError", code=400, param=None),
    "vLLM, the answer's room": refusal(
        "openai",
        "'max_tokens' or 'max_completion_tokens' is too large: 500. This model's maximum context length is 1500 tokens and "
        "your request has 1240 input tokens (500 > 1500 - 1240).",
        1500,
        None,
        type="BadRequestError",
    ),
    "vLLM, an event": in_stream("openai", 1500, 2740, error={"message": VLLM, "type": "BadRequestError", "code": 400}),
    "llama.cpp": refusal(
        "openai",
        "request (2740 tokens) exceeds the available context size (1500 tokens), try increasing it",
        1500,
        2740,
        type="exceed_context_size_error",
        code=400,
        n_prompt_tokens=2740,
        n_ctx=1500,
    ),
    "llama.cpp, older": refusal(
        "openai",
        "the request exceeds the available context size. try increasing the context size or enable context shift",
        code=400,
    ),
    "LM Studio": refusal(
        "openai",
        "Trying to keep the first 2740 tokens when context the overflows. However, the model is loaded with context length "
        "of only 1500 tokens, which is not enough. Try to load the model with a larger context length",
        1500,
        2740,
    ),
    "SGLang": refusal(
        "openai", "The input (2740 tokens) is longer than the model's context length (1500 tokens).", 1500, 2740
    ),
    "text-generation-inference": refusal(
        "openai",
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 1500. Given: 2240 `inputs` tokens and 500 "
        "`max_new_tokens`",
        1500,
        2240,
        status=422,
    ),
    "Mistral": refusal(
        "openai",
        "Prompt contains 2740 tokens and 0 draft tokens, too large for model with 1500 maximum context length",
        1500,
        2740,
    ),
    "DeepSeek": refusal("openai", OPENAI, 1500, 2740, code="invalid_request_error"),
    "OpenRouter": refusal(
        "openai",
        "This endpoint's maximum context length is 1,500 tokens. However, you requested about 2,740 tokens (2,240 of text "
        "input, 500 in the output). Please reduce the length of either one.",
        1500,
        2740,
        code=400,
        metadata={"provider_name": None},
    ),
    "xAI": Refusal(
        "openai",
        Reply(
            status=400,
            headers=HEAD,
            body=json.dumps(
                {
                    "code": "Client specified an invalid argument",
                    "error": "This model's maximum prompt length is 1500 but the request contains 2740 tokens.",
                }
            ).encode(),
        ),
        1500,
        2740,
    ),
    "Gemini": Refusal(
        "openai",
        Reply(
            status=400,
            headers=HEAD,
            body=json.dumps(
                [
                    {
                        "error": {
                            "code": 400,
                            "message": "The input token count (2740) exceeds the maximum number of tokens allowed (1500).",
                            "status": "INVALID_ARGUMENT",
                        }
                    }
                ]
            ).encode(),
        ),
        1500,
        2740,
    ),
    "a proxy's 413": Refusal("openai", Reply(status=413, body=b"<html>Request Entity Too Large</html>")),
    "Anthropic": refusal("anthropic", "prompt is too long: 2740 tokens > 1500 maximum", 1500, 2740),
    "Anthropic, with the answer": refusal(
        "anthropic",
        "input length and `max_tokens` exceed context limit: 2240 + 500 > 1500, decrease input length or `max_tokens` and "
        "try again",
        1500,
        2240,
    ),
    "Anthropic, 413": refusal("anthropic", "Request exceeds the maximum size", status=413, type="request_too_large"),
    "Bedrock": refusal("anthropic", "Input is too long for requested model."),
}
"""By who says it so."""

OTHERS = {
    "a bad value": (400, "max_tokens is too large: 100000. This model supports at most 16384 completion tokens"),
    "of Anthropic": (400, "max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens"),
    "a bad key": (401, "context length"),
    "too many requests": (429, "Rate limit reached: limit 1500, requested 2740 tokens per minute"),
    "something else": (400, "Invalid value for 'messages[0].role'"),
}
"""Refusals for other reasons: nothing is sent a second time with less."""


class Shelf:
    """A source of things that are all worth telling, the first ones the most."""

    name = "files"

    def __init__(self, number: int = 16, secret: str = "") -> None:
        self._texts = {f"file{place:02}.py": f"value_{place} = {place}\n" * 14 + secret for place in range(number)}

    async def collect(self, ask):
        """Each less near than the one before it."""
        return [
            Candidate(
                source=self.name,
                name=name,
                render=lambda _level, text=text: text,
                fingerprint=lambda text=text: str(hash(text)),
                signals={"open": 1.0 - place / 40, "near": 1.0},
                levels=("name", "full"),
            )
            for place, (name, text) in enumerate(self._texts.items())
        ]

    def fingerprint(self, name):
        """Never changes."""
        return str(hash(self._texts[name])) if name in self._texts else None


def session(protocol, server, *sources, **settings):
    """A session that asks this server, with such keys as it needs."""
    environ = {
        "OPENAI_API_KEY": "key-openai-0123456789",
        "OPENAI_BASE_URL": server.base_url,
        "ANTHROPIC_API_KEY": "key-anthropic-0123456789",
        "ANTHROPIC_BASE_URL": server.anthropic_url,
    }
    made = session_for_tests(sources=sources, settings=Settings(preset="classic", **settings))
    made.sender.make = lambda _name: registry.make(protocol, Settings(), environ, outgoing=made.outbox)
    return made
