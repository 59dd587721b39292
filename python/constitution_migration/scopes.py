"""Every node of a program with its scope, and the names that each scope binds, by Python's rules."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Optional, Union

from constitution_migration.bindings import (
    COMPREHENSIONS,
    FUNCTIONS,
    OTHER,
    SCOPES,
    Assigned,
    Derived,
    Known,
    Returned,
    Scope,
    stated_type,
)


@dataclass(frozen=True)
class Nodes:
    """All nodes of a program: the scope that each is evaluated in, and what it is a part of."""

    scopes: dict[ast.AST, Scope]
    parents: dict[ast.AST, ast.AST]


def nodes_of(tree: ast.Module) -> Nodes:
    """The nodes of a program, with every name bound."""
    nodes = Nodes({}, {})
    _enter(tree, Scope(tree, None), nodes)
    homes = nodes.scopes
    for node, scope in homes.items():
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            scope.outer.update(dict.fromkeys(node.names, type(node)))
        elif isinstance(node, ast.Return) and node.value is not None:
            scope.returned.append(node.value)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            scope.yields = True
    later: list[tuple[ast.AST, Scope]] = []
    for node, scope in homes.items():
        if scope.outer:
            later.append((node, scope))
        else:
            _bind(node, scope, homes)
    # What a scope hands outwards needs the names of the scopes around it.
    for node, scope in later:
        _bind(node, scope, homes)
    return nodes


def _enter(node: ast.AST, scope: Scope, nodes: Nodes) -> None:
    """Walks below a node; decorators, defaults and bases belong to the scope around what they decorate."""
    pending: list[tuple[ast.AST, Scope]] = [(node, scope)]
    outside: dict[ast.AST, Scope] = {}
    while pending:
        current, around = pending.pop()
        nodes.scopes[current] = around
        inner = around if current is node else _inner(current, around)
        outside.update(dict.fromkeys(_outside(current), around))
        for child in ast.iter_child_nodes(current):
            nodes.parents[child] = current
            pending.append((child, outside.get(child, inner)))


def _inner(node: ast.AST, around: Scope) -> Scope:
    return Scope(node, around) if isinstance(node, SCOPES) else around


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from node.bases
        yield from node.keywords
    if isinstance(node, FUNCTIONS):
        given = node.args
        yield from given.defaults
        yield from filter(None, given.kw_defaults)
        every = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        yield from filter(None, (argument and argument.annotation for argument in every))
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
        yield node.returns


def _bind(node: ast.AST, scope: Scope, homes: dict[ast.AST, Scope]) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            path = alias.name if alias.asname else top
            scope.bind(alias.asname or top, Known(path))
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            if alias.name != "*":
                scope.bind(alias.asname or alias.name, _imported(node, alias))
    elif isinstance(node, ast.Assign) and all(isinstance(target, ast.Name) for target in node.targets):
        for name in _targets(node.targets):
            scope.bind(name, Assigned(node.value, scope))
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        scope.bind(node.target.id, Assigned(node.value, scope, stated_type(node.annotation)))
    elif isinstance(node, ast.NamedExpr):
        around = scope
        while isinstance(around.node, COMPREHENSIONS) and around.parent is not None:
            around = around.parent
        around.bind(node.target.id, Assigned(node.value, scope))
    elif isinstance(node, ast.arg):
        # An annotation is evaluated around the function.
        around = scope if scope.parent is None else scope.parent
        scope.bind(node.arg, Assigned(None, around, stated_type(node.annotation)))
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        scope.bind(node.name, Returned(node, scope, homes[node.body[0]]))
    elif isinstance(node, ast.ClassDef):
        scope.bind(node.name, Derived(node, scope, homes[node.body[0]]))
    else:
        for name in _other_names(node):
            scope.bind(name, OTHER)


def _imported(node: ast.ImportFrom, alias: ast.alias) -> Optional[Known]:
    return Known(f"{node.module}.{alias.name}") if node.level == 0 else OTHER


def _other_names(node: ast.AST) -> Iterable[str]:
    """Names that a node binds to what nobody knows."""
    if isinstance(node, ast.ExceptHandler) and node.name:
        return [node.name]
    if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        return [node.name]
    if isinstance(node, ast.MatchMapping) and node.rest:
        return [node.rest]
    if isinstance(node, ast.Assign):
        return _targets(node.targets)
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor, ast.comprehension)):
        return _targets([node.target])
    if isinstance(node, ast.withitem) and node.optional_vars:
        return _targets([node.optional_vars])
    return []


def _targets(targets: Iterable[Union[ast.expr, ast.AST]]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, (ast.Tuple, ast.List)):
            yield from _targets(target.elts)
        elif isinstance(target, ast.Starred):
            yield from _targets([target.value])
