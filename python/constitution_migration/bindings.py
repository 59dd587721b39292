"""What the names of a program stand for that come from other modules.

A name counts only where every binding of it in its scope says the same thing; what is bound in any other way as well
(an argument, a loop, two imports that differ) is left alone: no finding is better than a wrong one.
`None` beside another binding says nothing: it has none of the attributes that are asked for. Nor does `del`: what it stands for
no more, nobody asks.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Optional, Union

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef, ast.Module)


@dataclass(frozen=True)
class Known:
    """A dotted path. `form`: the thing itself, an `instance` (what calling it returns), or a `maker`, which returns one when it
    is called. `own`: names that classes of the program define which derive from it: what is asked for by these is theirs."""

    path: str
    form: Literal["thing", "instance", "maker"] = "thing"
    own: frozenset[str] = frozenset()

    def builds(self) -> bool:
        """Whether a call of the thing is one of the class at the path."""
        return not self.own & {"__init__", "__new__"}


OTHER = None
"""A binding that is not known."""


class Later:
    """A binding that is looked up when it is asked for, with every name bound by then; one that leads to itself is not
    known."""

    known: Optional[Known] = OTHER
    state: Literal["new", "asked", "found"] = "new"

    def find(self) -> Optional[Known]:
        """What the binding stands for."""
        if self.state == "new":
            self.state = "asked"
            self.known = self._look_up()
            self.state = "found"
        return self.known

    def says_nothing(self) -> bool:
        """Whether it has no part in what a name stands for."""
        return False

    def _look_up(self) -> Optional[Known]:
        raise NotImplementedError


@dataclass(eq=False)
class Assigned(Later):
    """A binding to an expression, to something of a stated type, or both."""

    value: Optional[ast.expr]
    scope: Scope
    stated: Optional[ast.expr] = None

    def says_nothing(self) -> bool:
        """Whether it is bound to `None`, and no type is stated that is known."""
        return self.value is not None and is_none(self.value) and self.find() is OTHER

    def _look_up(self) -> Optional[Known]:
        return (made(self.value, self.scope) if self.value is not None else OTHER) or typed(self.stated, self.scope, "instance")


@dataclass(eq=False)
class Returned(Later):
    """A function of the program. `inner`: the scope of its body."""

    node: Union[ast.FunctionDef, ast.AsyncFunctionDef]
    scope: Scope
    inner: Scope

    def _look_up(self) -> Optional[Known]:
        if self.node.decorator_list or isinstance(self.node, ast.AsyncFunctionDef) or self.inner.yields:
            return OTHER
        if self.node.returns is not None:
            return typed(stated_type(self.node.returns), self.scope, "maker")
        known = agreed(Assigned(value, self.inner) for value in self.inner.returned)
        return Known(known.path, "maker", known.own) if known is not None and known.form == "instance" else OTHER


@dataclass(eq=False)
class Derived(Later):
    """A class of the program: what it does not define itself, its first base is asked for. `inner`: the scope of its body."""

    node: ast.ClassDef
    scope: Scope
    inner: Scope

    def _look_up(self) -> Optional[Known]:
        if self.node.decorator_list or self.node.keywords or not self.node.bases:
            return OTHER
        base = resolve(self.node.bases[0], self.scope)
        stored = (part for part in ast.walk(self.node) if isinstance(part, ast.Attribute))
        own = {*self.inner.bound, *(part.attr for part in stored if not isinstance(part.ctx, ast.Load))}
        if base is None or base.form != "thing" or own & {"__getattr__", "__getattribute__"}:
            return OTHER
        return Known(base.path, "thing", base.own | own)


Binding = Union[Known, Later, None]


@dataclass
class Scope:
    """The names that one scope binds, each with everything that it is bound to, and what it returns."""

    node: ast.AST
    parent: Optional[Scope]
    bound: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, type[ast.stmt]] = field(default_factory=dict)
    returned: list[ast.expr] = field(default_factory=list)
    yields: bool = False

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
        binding.find() if isinstance(binding, Later) else binding
        for binding in bindings
        if not (isinstance(binding, Later) and binding.says_nothing())
    }
    return values.pop() if len(values) == 1 else OTHER


def is_none(value: ast.expr) -> bool:
    """Whether an expression is `None`."""
    return isinstance(value, ast.Constant) and value.value is None


def resolve(node: ast.AST, scope: Scope) -> Optional[Known]:
    """What a name or a chain of attributes stands for: `d.retrieve.X` where `d` is the package."""
    if isinstance(node, ast.Name):
        return scope.find(node.id)
    if isinstance(node, ast.Attribute):
        base = resolve(node.value, scope)
        if base is not None and base.form == "thing" and node.attr not in base.own:
            return Known(f"{base.path}.{node.attr}")
    return None


def made(value: ast.expr, scope: Scope) -> Optional[Known]:
    """What an expression stands for: a thing of a module, or an instance of one where it is called."""
    if not isinstance(value, ast.Call):
        return resolve(value, scope)
    called = resolve(value.func, scope)
    return OTHER if called is None or called.form == "instance" else Known(called.path, "instance", called.own)


def typed(stated: Optional[ast.expr], scope: Scope, form: Literal["instance", "maker"]) -> Optional[Known]:
    """An instance of a stated class, or what makes one."""
    kind = resolve(stated, scope) if stated is not None else OTHER
    return OTHER if kind is None or kind.form != "thing" else Known(kind.path, form, kind.own)


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
