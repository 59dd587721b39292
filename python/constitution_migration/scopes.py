"""Which names of a program stand for what a package offers, by Python's rules of scope.

A name counts only where every binding of it in its scope says the same thing; what is bound in any other way as well
(an argument, a loop, a definition, two imports that differ) is left alone: no finding is better than a wrong one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Optional, Union

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef, ast.Module)


@dataclass(frozen=True)
class Known:
    """A dotted path. `instance`: what calling it returns, rather than the thing itself."""

    path: str
    instance: bool = False


OTHER = None
"""A binding that is not known."""


@dataclass
class Scope:
    """The names that one scope binds, each with everything that it is bound to."""

    node: ast.AST
    parent: Optional[Scope]
    bound: dict[str, list[Optional[Known]]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)

    def bind(self, name: str, value: Optional[Known]) -> None:
        """Adds a binding; one of a name that is declared `global` belongs to the module."""
        home = self.module() if name in self.outer else self
        home.bound.setdefault(name, []).append(value)

    def module(self) -> Scope:
        """The outermost scope."""
        return self if self.parent is None else self.parent.module()

    def find(self, name: str) -> Optional[Known]:
        """What the name stands for in this scope."""
        scope: Optional[Scope] = self
        while scope is not None:
            visible = scope is self or not isinstance(scope.node, ast.ClassDef)
            if visible and name in scope.bound:
                values = set(scope.bound[name])
                return values.pop() if len(values) == 1 else OTHER
            scope = scope.parent
        return OTHER

    def binds(self, name: str) -> bool:
        """Whether this scope or one around it binds the name."""
        return name in self.bound or (self.parent is not None and self.parent.binds(name))


def scopes_of(tree: ast.Module, package: str) -> dict[ast.AST, Scope]:
    """The scope that each node is evaluated in. Assignments of calls are known in a second round, when imports are."""
    homes: dict[ast.AST, Scope] = {}
    _enter(tree, Scope(tree, None), homes)
    assigned: list[tuple[Scope, str, ast.expr]] = []
    for node, scope in homes.items():
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            scope.outer.update(node.names)
    for node, scope in homes.items():
        _bind(node, scope, package, assigned)
    for scope, name, value in assigned:
        scope.bind(name, _made(value, homes, scope))
    return homes


def resolve(node: ast.AST, scope: Scope) -> Optional[Known]:
    """What a name or a chain of attributes stands for: `d.retrieve.X` where `d` is the package."""
    if isinstance(node, ast.Name):
        return scope.find(node.id)
    if isinstance(node, ast.Attribute):
        base = resolve(node.value, scope)
        if base is not None and not base.instance:
            return Known(f"{base.path}.{node.attr}")
    return None


def _made(value: ast.expr, homes: dict[ast.AST, Scope], scope: Scope) -> Optional[Known]:
    if isinstance(value, ast.Call):
        called = resolve(value.func, homes.get(value.func, scope))
        if called is not None and not called.instance:
            return Known(called.path, instance=True)
    return OTHER


def _enter(node: ast.AST, scope: Scope, homes: dict[ast.AST, Scope]) -> None:
    """Walks below a node; decorators, defaults and bases belong to the scope around what they decorate."""
    pending: list[tuple[ast.AST, Scope]] = [(node, scope)]
    while pending:
        current, around = pending.pop()
        homes[current] = around
        inner = around if current is node else _inner(current, around)
        outside = set(map(id, _outside(current)))
        for child in ast.iter_child_nodes(current):
            pending.append((child, around if id(child) in outside else inner))


def _inner(node: ast.AST, around: Scope) -> Scope:
    return Scope(node, around) if isinstance(node, SCOPES) else around


def _outside(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, ast.ClassDef):
        yield from node.bases
        yield from node.keywords
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
        yield node.returns


def _bind(node: ast.AST, scope: Scope, package: str, assigned: list[tuple[Scope, str, ast.expr]]) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            path = alias.name if alias.asname else top
            scope.bind(alias.asname or top, Known(path) if top == package else OTHER)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            if alias.name != "*":
                scope.bind(alias.asname or alias.name, _imported(node, alias, package))
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        assigned.append((scope, node.targets[0].id, node.value))
    else:
        for name in _other_names(node):
            scope.bind(name, OTHER)


def _imported(node: ast.ImportFrom, alias: ast.alias, package: str) -> Optional[Known]:
    inside = node.level == 0 and node.module and node.module.partition(".")[0] == package
    return Known(f"{node.module}.{alias.name}") if inside else OTHER


def _other_names(node: ast.AST) -> Iterable[str]:
    """Names that a node binds to what nobody knows."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.arg):
        return [node.arg]
    if isinstance(node, ast.ExceptHandler) and node.name:
        return [node.name]
    if isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
        return [node.name]
    if isinstance(node, ast.MatchMapping) and node.rest:
        return [node.rest]
    if isinstance(node, ast.Assign):
        return _targets(node.targets)
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor, ast.NamedExpr, ast.comprehension)):
        return _targets([node.target])
    if isinstance(node, ast.withitem) and node.optional_vars:
        return _targets([node.optional_vars])
    if isinstance(node, ast.Delete):
        return _targets(node.targets)
    return []


def _targets(targets: Iterable[Union[ast.expr, ast.AST]]) -> Iterator[str]:
    for target in targets:
        if isinstance(target, ast.Name):
            yield target.id
        elif isinstance(target, (ast.Tuple, ast.List)):
            yield from _targets(target.elts)
        elif isinstance(target, ast.Starred):
            yield from _targets([target.value])
