"""What a server says when it takes no tools.

Enters: an error's body. Leaves: what to type next, or that it is about something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

MOST_WORDS = 4000
"""Characters of an error that are read."""

WITHOUT = "Ask without --tools, or name another model: %%ask -m provider:model"
_TOOLS = r"(?<!\w)(?:tools|functions|(?:tool|function)[ _-]?(?:use|calls?|calling|choice|tools))\b"
_NOT = r"(?:not (?:\w+ )?|un|in)(?:supported|enabled|available|allowed|implemented|permitted)"
_FIELDS = r"(?:tools|tool_choice|functions)\b"
_PARSER = "Start the server with --enable-auto-tool-choice --tool-call-parser NAME, or ask without --tools."

_WORDINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), hint)
    for pattern, hint in (
        # llama.cpp: "tools param requires --jinja flag"
        (r"--jinja\b", "Start llama-server with --jinja, or ask without --tools."),
        # vLLM: "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"
        (r"--enable-auto-tool-choice|tool[ _-]call[ _-]parser", _PARSER),
        # Ollama: "gemma3:4b does not support tools"; DeepSeek: "does not support Function Calling"; Bedrock: "This model
        # doesn't support tool use in streaming mode"; DeepSeek: "Thinking mode does not support this tool_choice"
        (
            rf"(?:\bnot|n['\u2019]t|cannot)(?: \w+)? (?:support|accept|allow|use|handle)s?(?: \w+){{0,2}}? ['\"`]?{_TOOLS}",
            WITHOUT,
        ),
        # OpenAI: "tools is not supported in this model", "Function tools with reasoning_effort are not supported"; Groq:
        # "`tool calling` is not supported with this model"; Gemini: "Function calling is not enabled for models/gemma",
        # "Function calling with a response mime type: 'application/json' is unsupported"
        (rf"{_TOOLS}['\"`]?(?: param\w*)?(?: with [^.]{{1,60}}?)? (?:is|are) (?:currently )?{_NOT}", WITHOUT),
        # llama.cpp: "Unsupported param: tools"; Azure: "Unrecognized request argument supplied: tools"; OpenAI:
        # "Unknown parameter: 'tools'."; Google: "Unknown name \"tools\""
        (
            rf"(?:unknown|unrecogni[sz]ed|unsupported|unexpected|extra)(?: \w+){{0,3}}?\W{{1,4}}{_FIELDS}(?!\[|\.\w)",
            WITHOUT,
        ),
        # OpenRouter: "No endpoints found that support tool use", "... that support the provided 'tool_choice' value"
        (rf"\bno [^.]{{0,60}}\bsupport\w*[^.]{{0,20}}?{_TOOLS}", WITHOUT),
        # pydantic, so vLLM and Mistral: "extra_forbidden", "body", "tools", "Extra inputs are not permitted"
        (rf"\b{_FIELDS}(?!\.\w)\W{{1,20}}(?:msg\W{{1,6}})?extra (?:inputs|fields) (?:are )?not permitted", WITHOUT),
        # "This model has no tool support"
        (r"\b(?:no|without)(?: \w+)? (?:tools?|function)[ _-]?\w* (?:support|capabilit\w+)", WITHOUT),
        # llama.cpp, of a template it cannot tell calls by; templates themselves, of results they do not know
        (r"unable to generate parser for this template|automatic parser generation failed", WITHOUT),
        (r"\bonly\b[^.]{0,40}\broles? (?:are|is) (?:supported|allowed)|conversation roles must alternate", WITHOUT),
        # "does not support tools", in Chinese
        (r"\u4e0d\u652f\u6301\s*(?:tools?|function|\u5de5\u5177|\u51fd\u6570)", WITHOUT),
    )
)
"""How servers and gateways say it, and what to do; the first that fits holds."""


def refusal(body: object) -> str:
    """What to type next, where an error says that there may be no tools; "" if it is about something else.

    Args:
        body: what the server said: JSON values, or text.
    """
    words = " ".join(" ".join(_words(body)).split())[:MOST_WORDS]
    return next((hint for pattern, hint in _WORDINGS if pattern.search(words)), "")


def _words(body: object, depth: int = 6) -> Iterator[str]:
    """All texts of an error, wherever they stand."""
    if isinstance(body, str):
        yield body[:MOST_WORDS]
    elif isinstance(body, Mapping) and depth:
        for value in list(body.values())[:20]:
            yield from _words(value, depth - 1)
    elif isinstance(body, list) and depth:
        for value in body[:8]:
            yield from _words(value, depth - 1)
