"""What is in a file or a cell, without anything that stands in it: definitions and headings; imports and calls.

Enters: a path and its text, or a cell's code. Leaves: lines of names. No body, no default, no annotation, no text of code.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence

from .symbols import landmarks

MOST = 60
"""Lines of an outline, and names of one kind."""

_PROSE = (".md", ".markdown", ".rst")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,}).*?(?:^ {0,3}\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_CELL = re.compile(r"^# %% \[(\w+)\]\n", re.MULTILINE)
_KEYWORDS = re.compile(r"(?:(?:export|default|async|pub)[ \t]+)*([a-z]+\*?)")


def outline(path: str, text: str) -> str:
    """The names of what a file defines, indented as they nest, and its headings; "" for one that has neither."""
    if path.endswith(".ipynb"):
        lines = [
            line for kind, body in _cells(text) for line in _of("cell.md" if kind == "markdown" else "cell.py", body)
        ]
    else:
        lines = _of(path, text)
    more = len(lines) - MOST
    return "\n".join([*lines[:MOST], *([f"… {more} more"] if more > 0 else [])])


def code_names(code: str) -> str:
    """What a cell imports, defines and calls, a line each; "" if it cannot be read.

    Args:
        code: Python, without magics.
    """
    tree = _parsed(code)
    if tree is None:
        return ""
    found: dict[str, dict[str, None]] = {"imports": {}, "defines": {}, "calls": {}}
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found["imports"] |= dict.fromkeys(alias.name for alias in node.names)
            case ast.ImportFrom():
                found["imports"] |= dict.fromkeys([node.module or "."])
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found["defines"] |= dict.fromkeys([node.name])
            case ast.Name(ctx=ast.Store()):
                found["defines"] |= dict.fromkeys([node.id])
            case ast.Call():
                found["calls"] |= dict.fromkeys([called] if (called := _dotted(node.func)) else [])
    return "\n".join(f"{kind} {', '.join(list(names)[:MOST])}" for kind, names in found.items() if names)


def _of(path: str, text: str) -> list[str]:
    if path.endswith((".py", ".pyi")):
        tree = _parsed(text)
        if tree is not None:
            return list(_definitions(tree.body, 0))
    is_prose = path.lower().endswith(_PROSE)
    marks = landmarks(path, _FENCE.sub("", text) if is_prose else text)
    return [
        mark.text if mark.kind == "heading" else f"{'  ' * mark.depth}{_keyword(mark.text)} {mark.name}"
        for mark in marks
        if is_prose or mark.kind == "symbol"
    ]


def _definitions(body: Sequence[ast.stmt], depth: int) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                yield f"{'  ' * depth}def {node.name}({', '.join(_parameters(node.args))})"
            case ast.ClassDef():
                bases = [name for base in node.bases if (name := _dotted(base))]
                yield f"{'  ' * depth}class {node.name}" + (f"({', '.join(bases)})" if bases else "")
                yield from _definitions(node.body, depth + 1)
            case ast.If() | ast.Try() | ast.With():
                yield from _definitions(node.body, depth)


def _parameters(arguments: ast.arguments) -> Iterator[str]:
    yield from (one.arg for one in (*arguments.posonlyargs, *arguments.args))
    if arguments.vararg or arguments.kwonlyargs:
        yield f"*{arguments.vararg.arg if arguments.vararg else ''}"
    yield from (one.arg for one in arguments.kwonlyargs)
    if arguments.kwarg:
        yield f"**{arguments.kwarg.arg}"


def _dotted(node: ast.expr) -> str:
    """A name with its attributes, of what else is called the last of them alone."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            above = _dotted(node.value)
            return f"{above}.{node.attr}" if above else node.attr
    return ""


def _parsed(code: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _cells(text: str) -> Iterator[tuple[str, str]]:
    parts = _CELL.split(text)[1:]
    yield from zip(parts[::2], parts[1::2], strict=True)


def _keyword(text: str) -> str:
    match = _KEYWORDS.match(text)
    return match[1] if match else "def"
