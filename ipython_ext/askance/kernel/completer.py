"""Tab in our magics: flags, what a flag takes, the user's variables after "@", what `%ctx`, `%threads` and
`%askcache` know.

Enters: IPython's completion context. Leaves: what fits, or nothing so that IPython's own matchers go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

_OURS = re.compile(r"\s*%%?(ask|ctx|fix|explain|test|doc)\b")
_CELL = re.compile(r"\s*%%(ask|test|doc)\b")
_CTX = re.compile(r"\s*%ctx\s")
_ASKCACHE = re.compile(r"\s*%askcache\s")
_TOOLS = re.compile(r"--(tools=|allow[ =])([\w,-]*)\Z")
_THREADS = re.compile(r"\s*%threads\s")

Matcher = Callable[[CompletionContext], SimpleMatcherResult]


def matcher(
    namespace: Callable[[], Mapping[str, object]],
    threads: Callable[[], Sequence[str]],
    ctx: Callable[[Sequence[str]], Sequence[str]],
    tools: Callable[[], Sequence[str]] = tuple,
) -> Matcher:
    """A matcher for `Completer.custom_matchers`.

    Args:
        namespace: the user's variables.
        threads: names of the conversations.
        ctx: what may come after these words of a `%ctx` line.
        tools: names of what a model may call.
    """

    @context_matcher()  # type: ignore[untyped-decorator]
    def askance(context: CompletionContext) -> SimpleMatcherResult:
        line, token = context.text_until_cursor, context.token
        before = line.removesuffix(token)
        if _ASKCACHE.match(line):
            return _fitting("value", _askcache(before.split()[1:]), token)
        if _THREADS.match(line):
            return _fitting("thread", _threads(before.split()[1:], threads), token)
        if not (_CELL.match(context.full_text) or _OURS.match(line)):
            return _result("", [])
        if before.endswith("@"):
            return _fitting("name", namespace(), token)
        if not _OURS.match(line):
            return _result("", [])
        words = before.split()
        if _CTX.match(line) and not token.startswith("-") and not words[-1].startswith("-"):
            return _fitting("value", ctx(words[1:]), token)
        if listed := _TOOLS.search(line):
            return _fitting("value", _joined(listed[1], listed[2], tools()), token)
        if token.startswith("-"):
            from .flags import FLAGS

            return _fitting("flag", [flag.long for flag in FLAGS], token)
        if words and words[-1].startswith("-"):
            return _fitting("value", _values(words[-1], namespace, threads), token)
        return _result("", [])

    made: Matcher = askance
    return made


def _joined(flag: str, begun: str, names: Sequence[str]) -> Sequence[str]:
    """What a list of tools may go on with: as one word with what is there of it, and as the name alone, since what
    IPython takes for the word under the cursor differs.
    """
    every = (*names, "all") if flag.startswith("allow") else names
    done, comma, _ = begun.rpartition(",")
    lists = [f"{done}{comma}{name}" for name in every if name not in done.split(",")]
    return [word for one in lists for word in (f"--tools={one}", one, one.rpartition(",")[2])]


def _values(
    spelling: str, namespace: Callable[[], Mapping[str, object]], threads: Callable[[], Sequence[str]]
) -> Sequence[str]:
    """What the flag before the cursor takes."""
    from ..providers.models import PROVIDERS
    from ..schema import is_schema
    from .flags import FLAGS

    flag = next((flag for flag in FLAGS if spelling in (flag.long, flag.short)), None)
    match flag.field if flag is not None else "":
        case "model":
            return tuple(PROVIDERS)
        case "thread":
            return threads()
        case "json":
            return [name for name, value in namespace().items() if is_schema(value)]
    return flag.words if flag is not None else ()


def _threads(words: Sequence[str], threads: Callable[[], Sequence[str]]) -> Sequence[str]:
    """What may come next in `%threads`; a file's name is IPython's own business."""
    from .threads import COMMANDS

    if not words:
        return tuple(COMMANDS)
    if len(words) > 1 or words[0] not in ("show", "use", "reset"):
        return ()
    return (*threads(), "--all") if words[0] == "reset" else threads()


def _askcache(words: Sequence[str]) -> Sequence[str]:
    """What may come next in `%askcache`; a file's name is IPython's own business."""
    from .askcache import COMMANDS, OWN

    if not words:
        return tuple(COMMANDS)
    after = {"clear": (*OWN, "redis", "all"), "export": ("--force",)}
    return after.get(words[0], ())


def _fitting(kind: str, words: Iterable[str], token: str) -> SimpleMatcherResult:
    return _result(kind, [word for word in words if word.startswith(token)])


def _result(kind: str, words: list[str]) -> SimpleMatcherResult:
    return {"completions": [SimpleCompletion(text=word, type=kind) for word in words], "suppress": bool(words)}
