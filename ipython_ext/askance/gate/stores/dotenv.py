"""Files of environment variables. Enters: their text. Leaves: (name, value), in order.

The syntax is that of dotenv: `export`, quotes of three kinds that may span lines, comments; what is to be filled in from
other variables stays as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_LINE = re.compile(
    r"""^[ \t]*(?:\#[ \t]*)?(?:export[ \t]+|set[ \t]+(?:-[A-Za-z]+[ \t]+)?)?
    ["']?(?P<name>[A-Za-z_][\w.-]*)["']?[ \t]*(?:=|:[ \t])[ \t]*
    (?:'(?P<single>[^']*)' | "(?P<double>(?:\\.|[^"\\])*)" | `(?P<tick>[^`]*)` | (?P<bare>[^\r\n]*))""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "b": "\b", "v": "\v", "a": "\a"}
_COMMENT = re.compile(r"\s#.*")


def dotenv(text: str) -> Iterator[tuple[str, str]]:
    """The assignments, also those that are commented out: an old password may still be one."""
    for match in _LINE.finditer(text):
        name, bare, double = match["name"], match["bare"], match["double"]
        if bare is not None:
            yield name, _COMMENT.sub("", bare).strip()
            yield from ((name, bare.strip()) for _ in _COMMENT.findall(bare))  # a password may hold " #"
        elif double is not None:
            yield name, double
            if "\\" in double:
                yield name, _ESCAPE.sub(lambda escape: _LETTERS.get(escape[1], escape[1]), double)
        else:
            yield name, match["single"] if match["single"] is not None else match["tick"]
