"""Tab in `%ask` and `%%ask`: flags, what a flag takes, and the user's variables after "@".

Enters: IPython's completion context. Leaves: what fits, or nothing so that IPython's own matchers go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher

_OURS = re.compile(r"\s*%%?(ask|ctx)\b")

Matcher = Callable[[CompletionContext], SimpleMatcherResult]


def matcher(namespace: Callable[[], Mapping[str, object]]) -> Matcher:
    """A matcher for `Completer.custom_matchers`.

    Args:
        namespace: the user's variables.
    """

    @context_matcher()  # type: ignore[untyped-decorator]
    def askance(context: CompletionContext) -> SimpleMatcherResult:
        line, token = context.text_until_cursor, context.token
        in_cell = context.full_text.lstrip().startswith("%%ask")
        if not (in_cell or _OURS.match(line)):
            return _result("", [])
        if line.removesuffix(token).endswith("@"):
            return _result("name", [name for name in namespace() if name.startswith(token)])
        if token.startswith("-") and _OURS.match(line):
            from .flags import FLAGS

            return _result("flag", [flag.long for flag in FLAGS if flag.long.startswith(token)])
        before = line.removesuffix(token).split()
        if before and before[-1].startswith("-") and _OURS.match(line):
            return _result("value", [word for word in _values(before[-1]) if word.startswith(token)])
        return _result("", [])

    made: Matcher = askance
    return made


def _values(spelling: str) -> Sequence[str]:
    """What the flag before the cursor takes."""
    from ..providers.models import PROVIDERS
    from .flags import FLAGS

    flag = next((flag for flag in FLAGS if spelling in (flag.long, flag.short)), None)
    if flag is None:
        return ()
    return tuple(PROVIDERS) if flag.field == "model" else flag.words


def _result(kind: str, words: list[str]) -> SimpleMatcherResult:
    return {"completions": [SimpleCompletion(text=word, type=kind) for word in words], "suppress": bool(words)}
