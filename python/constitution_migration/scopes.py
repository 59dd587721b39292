"""What the names of a program stand for that come from other modules, by Python's rules of scope.

A name counts only where every binding of it in its scope says the same thing; what is bound in any other way as well
(an argument, a loop, a definition, two imports that differ) is left alone: no finding is better than a wrong one.
`None` beside another binding says nothing: it has none of the attributes that are asked for. Nor does `del`: what it stands for
no more, nobody asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Optional, Union

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
class Assigned:
    """A binding to an expression, to something of a stated type, or both. What that stands for is looked up when it is
    asked for, with every name bound by then; one that leads to itself is not known."""

    value: Optional[ast.expr]
    scope: Scope
    stated: Optional[ast.expr] = None
    known: Optional[Known] = OTHER
    state: Literal["new", "asked", "found"] = "new"

    def find(self) -> Optional[Known]:
        """What the binding stands for."""
        if self.state == "new":
            self.state = "asked"
            self.known = (made(self.value, self.scope) if self.value is not None else OTHER) or self._typed()
            self.state = "found"
        return self.known

    def says_nothing(self) -> bool:
        """Whether it is bound to `None`, and no type is stated that is known."""
        return self.value is not None and is_none(self.value) and self.find() is OTHER

    def _typed(self) -> Optional[Known]:
        kind = resolve(self.stated, self.scope) if self.stated is not None else OTHER
        return OTHER if kind is None or kind.instance else Known(kind.path, instance=True)


Binding = Union[Known, Assigned, None]


@dataclass
class Scope:
    """The names that one scope binds, each with everything that it is bound to."""

    node: ast.AST
    parent: Optional[Scope]
    bound: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, type[ast.stmt]] = field(default_factory=dict)

    def bind(self, name: str, value: Binding) -> None:
        """Adds a binding; one of a name that is declared `global` or `nonlocal` belongs to a scope around this one."""
        self.home(name).bound.setdefault(name, []).append(value)

    def home(self, name: str) -> Scope:
        """The scope that a binding here goes to."""
        declared = self.outer.get(name)
        if declared is None:
            return self
        if declared is ast.Global or self.parent is None:
            return self.module()
        return self.parent.owner(name)

    def owner(self, name: str) -> Scope:
        """The nearest function, from here outwards, that has the name as its own; names are bound from the outside in."""
        if self.parent is None or (isinstance(self.node, FUNCTIONS) and name in self.bound):
            return self
        return self.parent.owner(name)

    def module(self) -> Scope:
        """The outermost scope."""
        return self if self.parent is None else self.parent.module()

    def find(self, name: str) -> Optional[Known]:
        """What the name stands for in this scope."""
        scope: Optional[Scope] = self.module() if self.outer.get(name) is ast.Global else self
        while scope is not None:
            visible = scope is self or not isinstance(scope.node, ast.ClassDef)
            if visible and name in scope.bound:
                return agreed(scope.bound[name])
            scope = scope.parent
        return OTHER

    def binds(self, name: str) -> bool:
        """Whether this scope or one around it binds the name."""
        return name in self.bound or (self.parent is not None and self.parent.binds(name))


def agreed(bindings: Iterable[Binding]) -> Optional[Known]:
    """What all bindings say, where they say the same."""
    values = {
        binding.find() if isinstance(binding, Assigned) else binding
        for binding in bindings
        if not (isinstance(binding, Assigned) and binding.says_nothing())
    }
    return values.pop() if len(values) == 1 else OTHER


def is_none(value: ast.expr) -> bool:
    """Whether an expression is `None`."""
    return isinstance(value, ast.Constant) and value.value is None


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
    later: list[tuple[ast.AST, Scope]] = []
    for node, scope in homes.items():
        if scope.outer:
            later.append((node, scope))
        else:
            _bind(node, scope)
    # What a scope hands outwards needs the names of the scopes around it.
    for node, scope in later:
        _bind(node, scope)
    return nodes


def resolve(node: ast.AST, scope: Scope) -> Optional[Known]:
    """What a name or a chain of attributes stands for: `d.retrieve.X` where `d` is the package."""
    if isinstance(node, ast.Name):
        return scope.find(node.id)
    if isinstance(node, ast.Attribute):
        base = resolve(node.value, scope)
        if base is not None and not base.instance:
            return Known(f"{base.path}.{node.attr}")
    return None


def made(value: ast.expr, scope: Scope) -> Optional[Known]:
    """What an expression stands for: a thing of a module, or an instance of one where it is called."""
    if isinstance(value, ast.Call):
        called = resolve(value.func, scope)
        return OTHER if called is None or called.instance else Known(called.path, instance=True)
    return resolve(value, scope)


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


def _bind(node: ast.AST, scope: Scope) -> None:
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
    else:
        for name in _other_names(node):
            scope.bind(name, OTHER)


def stated_type(annotation: Optional[ast.expr]) -> Optional[ast.expr]:
    """The one class that an annotation names: `X`, `Optional[X]`, `X | None`, or one of these in quotes."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return stated_type(ast.parse(annotation.value.strip(), mode="eval").body)
        except SyntaxError:
            return None
    if isinstance(annotation, ast.Subscript):
        outer = annotation.value
        name = outer.attr if isinstance(outer, ast.Attribute) else getattr(outer, "id", None)
        return stated_type(annotation.slice) if name == "Optional" else None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if not is_none(side)]
        return stated_type(sides[0]) if len(sides) == 1 else None
    return annotation if isinstance(annotation, (ast.Name, ast.Attribute)) else None


def _imported(node: ast.ImportFrom, alias: ast.alias) -> Optional[Known]:
    return Known(f"{node.module}.{alias.name}") if node.level == 0 else OTHER


def _other_names(node: ast.AST) -> Iterable[str]:
    """Names that a node binds to what nobody knows."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
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
