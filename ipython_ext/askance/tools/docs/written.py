"""What the source of a module says of a name, followed through its imports. Enters: a name with dots. Leaves: `Docs`.

The source is parsed and never run.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ...regular import read_regular
from .page import Docs
from .place import Place, place_of

_MOST_BYTES = 3_000_000
_MOST_MODULES = 60
_KEPT = 16


@dataclass(frozen=True)
class _Module:
    """A module's name, where it is, and its source, parsed."""

    name: str
    place: Place
    tree: ast.Module


class Written:
    """Looks one name up.

    Args:
        path: the folders of `sys.path`.
        may_open: whether a file may be told of at all.
    """

    def __init__(self, path: Sequence[object], may_open: Callable[[str], bool]) -> None:
        self._path = path
        self._may_open = may_open
        self._asked: set[tuple[str, tuple[str, ...]]] = set()
        self._room = _MOST_MODULES

    def docs(self, dotted: str) -> Docs | None:
        """What is written about a name; None if it is not found."""
        names = dotted.split(".")
        for count in range(len(names), 0, -1):
            place = place_of(".".join(names[:count]), self._path)
            if place is not None:
                found = self._in_module(".".join(names[:count]), tuple(names[count:]))
                if found is not None:
                    return found
        return None

    def _in_module(self, name: str, names: tuple[str, ...]) -> Docs | None:
        if (name, names) in self._asked or self._room <= 0:
            return None
        self._asked.add((name, names))
        place = place_of(name, self._path)
        tree = _parsed(place.file) if place is not None and place.file and self._may_open(place.file) else None
        if place is None or tree is None:
            return None
        self._room -= 1
        module = _Module(name, place, tree)
        return self._named(module, names) if names else _of_module(module)

    def _named(self, module: _Module, names: tuple[str, ...]) -> Docs | None:
        """What a name means in a module; the last definition counts, unless it is one for type checkers."""
        first, rest = names[0], names[1:]
        for node in reversed(list(_statements(module.tree.body))):
            match node:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name == first:
                    if not _is_overload(node):
                        return None if rest else _of_function(node, module.place.file)
                case ast.ClassDef(name=name) if name == first:
                    return self._in_class(module, node, rest)
                case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == first:
                    meant = _dotted(value)
                    return self._named(module, (*meant, *rest)) if meant and meant[0] != first else None
                case ast.Import() | ast.ImportFrom():
                    found = self._imported(module, node, names)
                    if found is not None:
                        return found
        return self._in_module(f"{module.name}.{first}", rest) if module.place.folders else None

    def _imported(self, module: _Module, node: ast.Import | ast.ImportFrom, names: tuple[str, ...]) -> Docs | None:
        first, rest = names[0], names[1:]
        for alias in node.names:
            if isinstance(node, ast.Import):
                if alias.asname == first:
                    return self._in_module(alias.name, rest)
                if not alias.asname and alias.name.partition(".")[0] == first:
                    return self._in_module(first, rest)
                continue
            origin = _origin(module, node)
            if alias.name == "*" and (found := self._in_module(origin, names)) is not None:
                return found
            if (alias.asname or alias.name) == first:
                return self._in_module(origin, (alias.name, *rest)) or self._in_module(f"{origin}.{alias.name}", rest)
        return None

    def _in_class(self, module: _Module, node: ast.ClassDef, names: tuple[str, ...]) -> Docs | None:
        """The class itself, or what it or one of its bases defines."""
        if not names:
            return _of_class(node, module.place.file)
        for inner in reversed(list(_statements(node.body))):
            match inner:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name == names[0]:
                    if not _is_overload(inner) and not names[1:]:
                        return _of_function(inner, module.place.file)
                case ast.ClassDef(name=name) if name == names[0]:
                    return self._in_class(module, inner, names[1:])
        for base in node.bases:
            meant = _dotted(base)
            if meant and meant[0] != node.name and (found := self._of_base(module, (*meant, *names))) is not None:
                return found
        return None

    def _of_base(self, module: _Module, names: tuple[str, ...]) -> Docs | None:
        self._room -= 1  # a class may be its own base by way of others
        return self._named(module, names) if self._room > 0 else None


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a module or class, those under conditions too."""
    for node in body:
        match node:
            case ast.If() | ast.Try() | ast.With():
                yield from _statements(node.body)
                yield from _statements(getattr(node, "orelse", []))
                for handler in getattr(node, "handlers", []):
                    yield from _statements(handler.body)
            case _:
                yield node


def _of_module(module: _Module) -> Docs:
    defined = [
        node.name
        for node in _statements(module.tree.body)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    doc = ast.get_docstring(module.tree) or ""
    return Docs("module", doc=doc, members=sorted(set(defined)), files=(module.place.file,))


def _of_function(node: ast.FunctionDef | ast.AsyncFunctionDef, file: str) -> Docs:
    doc = ast.get_docstring(node) or ""
    return Docs("function", signature_of(node), _bare(node), doc, files=(file,))


def _of_class(node: ast.ClassDef, file: str) -> Docs:
    methods = [inner for inner in _statements(node.body) if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef)]
    makes = next((method for method in reversed(methods) if method.name == "__init__"), None)
    signature = signature_of(makes).replace("__init__", node.name, 1) if makes else ""
    bare = _bare(makes).replace("__init__", node.name, 1) if makes else ""
    members = sorted({method.name for method in methods if not method.name.startswith("_")})
    return Docs("class", signature, bare, ast.get_docstring(node) or "", members, (file,))


def signature_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """A function's name and arguments as they are written."""
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"{'async ' if isinstance(node, ast.AsyncFunctionDef) else ''}{node.name}({ast.unparse(node.args)}){returns}"


def _bare(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    arguments = node.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args)]
    names += [f"*{arguments.vararg.arg}"] if arguments.vararg else ["*"] if arguments.kwonlyargs else []
    names += [one.arg for one in arguments.kwonlyargs]
    names += [f"**{arguments.kwarg.arg}"] if arguments.kwarg else []
    return f"{node.name}({', '.join(names)})"


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any((_dotted(one) or ("",))[-1] == "overload" for one in node.decorator_list)


def _dotted(node: ast.expr) -> tuple[str, ...]:
    """The parts of a name with dots; none for anything else."""
    match node:
        case ast.Name():
            return (node.id,)
        case ast.Attribute():
            above = _dotted(node.value)
            return (*above, node.attr) if above else ()
    return ()


def _origin(module: _Module, node: ast.ImportFrom) -> str:
    """The full name of the module that something is imported from."""
    if not node.level:
        return node.module or ""
    parts = module.name.split(".")
    up = node.level - bool(module.place.folders)
    above = parts[: len(parts) - up] if up else parts
    return ".".join([*above, *([node.module] if node.module else [])])


def _parsed(file: str) -> ast.Module | None:
    try:
        state = Path(file).stat()
    except (OSError, ValueError):
        return None
    return _parsed_once(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=_KEPT)
def _parsed_once(file: str, _changed: int, _size: int) -> ast.Module | None:
    data = read_regular(file, _MOST_BYTES)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return None if data is None else ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
