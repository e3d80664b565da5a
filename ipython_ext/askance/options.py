"""Makes an `Ask` of a question and the options it came with.

Enters: the user's words, options, settings. Leaves: an `Ask` with every default filled in, or one line on what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, get_args
from uuid import uuid4

from . import mentions
from .errors import UsageError
from .providers.registry import Limits, full_name
from .records import Ask, ContextMode, Form, Privacy, ToolSpec, Wishes
from .records.privacy import NAMES, SAMPLES
from .settings import Settings

CONTEXT_SHARE = 0.6
"""Part of a budget that context may take, so that the conversation has room to go on without leaving any of it out."""

_KINDS: Mapping[str, tuple[type, ...]] = {
    "budget": (int,),
    "max_output": (int,),
    "context_budget": (int,),
    "privacy": (int,),
    "temperature": (float, int),
    "fresh": (bool,),
    "replay": (bool,),
    "background": (bool,),
    "pins": (frozenset, set, list, tuple),
    "mutes": (frozenset, set, list, tuple),
    "tools": (bool, frozenset, set, list, tuple),
    "allow": (frozenset, set, list, tuple),
}
"""What an option of an ask may be; the others are text."""


def _check(given: Mapping[str, Any]) -> None:
    known = {option.name: option for option in fields(Ask) if option.name not in ("question", "mentions", "id")}
    for name, value in given.items():
        if name not in known:
            raise UsageError(f"There is no option {name!r}", f"Known: {', '.join(known)}.")
        kinds = _KINDS.get(name, (str,))
        if not isinstance(value, kinds):
            raise UsageError(f"{name} is {value!r}", f"It takes a {' or a '.join(kind.__name__ for kind in kinds)}.")


def make_ask(
    question: str,
    options: Mapping[str, Any],
    settings: Settings,
    model: str,
    limits: Callable[[str], Limits],
    wishes: Wishes | None = None,
    tools: Callable[[Iterable[str] | None], tuple[ToolSpec, ...]] = lambda _names: (),
) -> Ask:
    """An `Ask` with the defaults filled in.

    Args:
        question: the user's words, kept byte for byte.
        options: fields of `Ask` that differ from the defaults; None means the default.
        settings: what the user set.
        model: the model to ask if the options name none.
        limits: full model name -> its default sizes.
        wishes: what the user told this kernel; the options' pins and mutes come on top.
        tools: gives what a model is told of tools, by their names, or of all of them (None).

    Raises:
        UsageError: the question is empty, or an option is unknown or out of range.
    """
    if not isinstance(question, str) or not question.strip():
        raise UsageError("There is no question", "Type: %ask why is revenue negative?")
    given = {name: value for name, value in options.items() if value is not None}
    _check(given)
    model = full_name(given.pop("model", None) or model)
    sizes = limits(model)
    budget = given.get("budget", settings.budget or sizes.budget)
    defaults = {
        "budget": budget,
        # who sets a budget sets it for context too
        "context_budget": int(budget * CONTEXT_SHARE) if budget != sizes.budget else sizes.context,
        "max_output": settings.max_output or sizes.max_output,
        "temperature": settings.temperature,
        "replay": settings.mode == "replay",
    }
    named = {"id": uuid4().hex[:12], "mentions": mentions.parse(question)}
    wishes = wishes or Wishes()
    given |= {"pins": wishes.pins.union(given.get("pins", ())), "mutes": wishes.mutes.union(given.get("mutes", ()))}
    wanted = given.pop("tools", settings.tools)
    given["tools"] = () if not wanted else tools(None if wanted is True else wanted)
    given["allow"] = frozenset(settings.allow).union(given.get("allow", ()))
    most = given.pop("privacy", settings.privacy)
    privacy = Privacy(
        most=most,
        levels=tuple(sorted({**dict(settings.levels), **dict(wishes.levels)}.items())),
        never=settings.forbidden,
        demanded=settings.demanded.levels,
    )
    ask = Ask(question=question, model=model, privacy=privacy, **{**named, **defaults, **given})
    if ask.context not in get_args(ContextMode) or not (most is None or NAMES <= most <= SAMPLES) or ask.budget < 1:
        raise UsageError("An option is out of range", "context: auto, none, only; privacy: 0 to 3; budget: above 0")
    if ask.form not in get_args(Form):
        raise UsageError(f"form is {ask.form!r}", "It takes text, code or json.")
    return ask
