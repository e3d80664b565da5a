"""The values that pass along the path of one ask. All frozen; none knows a front end or an SDK.

    Ask -> Candidate* -> Item* in a Ledger -> Prompt -> GatedPrompt -> Chunk* -> Answer

"model" always means the language model. Times are in seconds, sizes in tokens unless named otherwise.
"""

from __future__ import annotations

from .answer import Answer, Emit, Event, LedgerReady, TextDelta, Timing, ToolEvent, nobody
from .ask import LEVELS, Ask, Candidate, Cell, ContextMode, Form, Level, Status
from .ledger import Item, Ledger, Note
from .privacy import Privacy
from .request import CallChunk, Chunk, EndChunk, GatedPrompt, Message, Prompt, Redaction, TextChunk, Usage, UsageChunk
from .tools import ToolCall, ToolResult, ToolSpec, ToolUse, UseState
from .wishes import Wishes

__all__ = [
    "LEVELS",
    "Answer",
    "Ask",
    "CallChunk",
    "Candidate",
    "Cell",
    "Chunk",
    "ContextMode",
    "Emit",
    "EndChunk",
    "Event",
    "Form",
    "GatedPrompt",
    "Item",
    "Ledger",
    "LedgerReady",
    "Level",
    "Message",
    "Note",
    "Privacy",
    "Prompt",
    "Redaction",
    "Status",
    "TextChunk",
    "TextDelta",
    "Timing",
    "ToolCall",
    "ToolEvent",
    "ToolResult",
    "ToolSpec",
    "ToolUse",
    "Usage",
    "UsageChunk",
    "UseState",
    "Wishes",
    "nobody",
]
