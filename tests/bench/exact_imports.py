"""The modules a Python file imports, found by parsing it: what the line scan of `askance.index.imports` is measured by."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator

from askance.index.imports import modules_in


def exact_modules(text: str) -> tuple[str, ...]:
    """The same for Python by parsing; falls back on lines where it does not parse. Many times slower."""
    try:
        with warnings.catch_warnings():  # a file's own warnings would be printed into the notebook
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return modules_in("file.py", text)
    return tuple(dict.fromkeys(_walked(tree)))


def _walked(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = "." * node.level + (node.module or "")
            names = ",".join(alias.name for alias in node.names if alias.name != "*")
            yield f"{source}:{names}" if names else source
