"""Which modules a file imports. Enters: a path and its text. Leaves: modules as they are written.

Python: "a.b" for `import a.b`; "a.b:c,d" for `from a.b import c, d`; ".:c" and "..x:c" with their dots for relative
imports; "a.b" for `from a.b import *`. JavaScript and TypeScript: what stands in the quotes ("./x", "react").
"""

from __future__ import annotations


def modules_in(path: str, text: str) -> tuple[str, ...]:
    """The modules a file imports, in order, each once; found line by line, so half-written files work too.

    Args:
        path: its suffix decides the language; other languages have none.
        text: the file's text; a notebook's is its cells' sources.
    """
    raise NotImplementedError


def exact_modules(text: str) -> tuple[str, ...]:
    """The same for Python by parsing; falls back on lines where it does not parse. About 60 times slower."""
    raise NotImplementedError
