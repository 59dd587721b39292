"""Every node of a program with its scope, and the names that each scope binds, by Python's rules."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Optional, Union

from constitution_migration.annotations import stated_type
from constitution_migration.bindings import (
    COMPREHENSIONS,
    FUNCTIONS,
    OTHER,
    SCOPES,
    Assigned,
    Imported,
    Imports,
    Scope,
)
from constitution_migration.definitions import DEFINITIONS, Definition, Derived, Returned

INNER = frozenset(SCOPES) - {ast.Module}
TELLING = frozenset({ast.Global, ast.Nonlocal, ast.Return, ast.Yield, ast.YieldFrom})
"""What says something of the scope that it stands in."""
BINDING = frozenset(
    {
        *DEFINITIONS,
        ast.AnnAssign,
        ast.Assign,
        ast.AsyncFor,
        ast.AugAssign,
        ast.ExceptHandler,
        ast.For,
        ast.Import,
        ast.ImportFrom,
        ast.MatchAs,
        ast.MatchMapping,
        ast.MatchStar,
        ast.NamedExpr,
        ast.arg,
        ast.comprehension,
        ast.withitem,
    }
)
"""What binds names. Most nodes do not, and asking each what it is takes a third of the time."""


@dataclass(frozen=True)
class Nodes:
    """The nodes of a program: the scope that each is evaluated in, and what it is a part of. Of an outline they are those outside
    of functions and classes, until one of these is looked into."""

    imports: Imports
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    parents: dict[ast.AST, ast.AST] = field(default_factory=dict)

    def inside(self, definition: Definition) -> Scope:
        """The scope of the body of a function or class."""
        first = definition.body[0]
        if first not in self.scopes:
            _bind_all([node for node in self.enter(definition, self.scopes[definition]) if node is not definition], self)
        return self.scopes[first]

    def enter(self, start: ast.AST, scope: Scope, outline: bool = False) -> list[ast.AST]:
        """Walks below a node; decorators, defaults and bases belong to the scope around what they decorate."""
        pending: list[tuple[ast.AST, Scope]] = [(start, scope)]
        outside: dict[ast.AST, Scope] = {}
        entered: list[ast.AST] = []
        while pending:
            current, around = pending.pop()
            self.scopes[current] = around
            entered.append(current)
            inner = around
            if type(current) in INNER:
                if outline and isinstance(current, DEFINITIONS):
                    continue
                inner = Scope(current, around)
                outside.update(dict.fromkeys(_outside(current), around))
            for child in ast.iter_child_nodes(current):
                self.parents[child] = current
                pending.append((child, outside.get(child, inner)))
        return entered

    def misplaced(self, node: ast.AST) -> bool:
        """Whether Python may not know where a node stands: before 3.12 it does not, inside of an f-string."""
        if sys.version_info >= (3, 12):
            return False
        parent: Optional[ast.AST] = node
        while parent is not None and not isinstance(parent, (ast.stmt, ast.JoinedStr)):
            parent = self.parents.get(parent)
        return isinstance(parent, ast.JoinedStr)


def nodes_of(tree: ast.Module, imports: Imports, outline: bool = False) -> Nodes:
    """The nodes of a program, with every name bound. `outline`: only those outside of functions and classes, which takes a
    fraction of the time; a program with a `global` has to be read whole."""
    nodes = Nodes(imports)
    _bind_all(nodes.enter(tree, Scope(tree, None), outline), nodes)
    return nodes


def _bind_all(entered: list[ast.AST], nodes: Nodes) -> None:
    """Binds the names of nodes that were entered together."""
    for node in entered:
        if type(node) not in TELLING:
            continue
        scope = nodes.scopes[node]
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            scope.outer.update(dict.fromkeys(node.names, type(node)))
        elif isinstance(node, ast.Return) and node.value is not None:
            scope.returned.append(node.value)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)):
            scope.yields = True
    binding = [(node, nodes.scopes[node]) for node in entered if type(node) in BINDING]
    # What a scope hands outwards needs the names of the scopes around it.
    for node, scope in [*(one for one in binding if not one[1].outer), *(one for one in binding if one[1].outer)]:
        _bind(node, scope, nodes)


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


def _bind(node: ast.AST, scope: Scope, nodes: Nodes) -> None:
    if isinstance(node, ast.Import):
        for alias in node.names:
            top = alias.name.partition(".")[0]
            scope.bind(alias.asname or top, Imported(nodes.imports, 0, alias.name if alias.asname else top))
    elif isinstance(node, ast.ImportFrom):
        module = node.module or ""
        for alias in node.names:
            if alias.name == "*":
                scope.stars.append(Imported(nodes.imports, node.level, module))
            else:
                scope.bind(alias.asname or alias.name, Imported(nodes.imports, node.level, module, alias.name))
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
        scope.bind(node.name, Returned(node, scope, nodes.inside))
    elif isinstance(node, ast.ClassDef):
        scope.bind(node.name, Derived(node, scope, nodes.inside))
    else:
        for name in _other_names(node):
            scope.bind(name, OTHER)


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
