"""What a piece of Python does with names. Enters: a statement's syntax tree. Leaves: acts, in the order they happen."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

Kind = Literal["read", "change", "delete", "value", "loop", "function", "class", "import"]
"""What happens to a name; "change": its object changes in place."""

Act = tuple[str, Kind]

MAKES = frozenset(("value", "loop", "function", "class", "import"))
"""The kinds that give a name a value."""

_CHANGERS = frozenset(
    "add append clear compile drop extend fill fillna fit fit_transform insert pop remove reset_index resize reverse "
    "set_index setdefault sort train update".split()
)
"""Methods that change their object, by the habits of the builtins, pandas, scikit-learn and Keras."""

_CONTEXTS: dict[type, Kind] = {ast.Load: "read", ast.Store: "value", ast.Del: "delete"}


def acts(node: ast.AST) -> Iterator[Act]:
    """What `node` does with names of its own scope; scopes inside it give only what they read from outside."""
    match node:
        case ast.Name():
            yield node.id, _CONTEXTS[type(node.ctx)]
        case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.AugAssign():
            yield from _assignment(node)
        case ast.For() | ast.AsyncFor():
            yield from acts(node.iter)
            yield from ((name, "loop" if kind == "value" else kind) for name, kind in acts(node.target))
            yield from _all(node.body, node.orelse)
        case ast.Import() | ast.ImportFrom():
            names = ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
            yield from ((name, "import") for name in names if name != "*")
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)) if method in _CHANGERS:
            yield from _all(ast.iter_child_nodes(node))
            yield name, "change"
        case _:
            yield from _scope(node)


def _scope(node: ast.AST) -> Iterator[Act]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from _all(node.decorator_list, node.args.defaults, filter(None, node.args.kw_defaults))
            yield node.name, "function"
            yield from _inner(node.body, node.args)
        case ast.ClassDef():
            yield from _all(node.decorator_list, node.bases, node.keywords)
            yield from _inner(node.body)
            yield node.name, "class"
        case ast.Lambda():
            yield from _inner([node.body], node.args)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            yield from _inner([*node.generators, node.elt])
        case ast.DictComp():
            yield from _inner([*node.generators, node.key, node.value])
        case ast.comprehension():
            yield from _all([node.iter, node.target], node.ifs)
        case _:
            yield from _all(ast.iter_child_nodes(node))


def _all(*groups: Iterable[ast.AST]) -> Iterator[Act]:
    for node in chain(*groups):
        yield from acts(node)


def _inner(body: Iterable[ast.AST], args: ast.arguments | None = None) -> Iterator[Act]:
    found = list(_all(body))
    own = {name for name, kind in found if kind in MAKES}
    if args is not None:
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
        own |= {arg.arg for arg in every if arg is not None}
    yield from (act for act in found if act[0] not in own and act[1] in ("read", "change"))


def _assignment(node: ast.Assign | ast.AnnAssign | ast.NamedExpr | ast.AugAssign) -> Iterator[Act]:
    if node.value is None:
        return  # a bare annotation gives no value
    yield from acts(node.value)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        yield node.target.id, "read"
        yield node.target.id, "change"
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        yield from acts(target)
        yield from ((root, "change") for root in _roots(target))


def _roots(target: ast.AST) -> Iterator[str]:
    """The names whose objects an assignment changes: `df` of `df["a"]`, and of `df.a.b`."""
    for one in target.elts if isinstance(target, ast.Tuple | ast.List) else [target]:
        inside: ast.AST = one
        while isinstance(inside, ast.Attribute | ast.Subscript):
            inside = inside.value
        if inside is not one and isinstance(inside, ast.Name):
            yield inside.id
