"""What the names of a program stand for that come from other modules.

A name counts only where every binding of it in its scope says the same thing; what is bound in any other way as well
(an argument, a loop, two imports that differ) is left alone: no finding is better than a wrong one.
`None` beside another binding says nothing: it has none of the attributes that are asked for. Nor does `del`: what it stands for
no more, nobody asks.
"""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, Optional, Protocol, Union

from constitution_migration.annotations import is_none

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SCOPES = (*FUNCTIONS, *COMPREHENSIONS, ast.ClassDef, ast.Module)

Form = Literal["thing", "instance", "maker", "later", "awaitable", "wrapper", "wrappers"]
"""What stands for a path: the thing itself; an `instance`, what calling it returns; a `maker`, which returns an instance when it
is called; `later`, which does so once what it returns, an `awaitable`, is awaited. A `wrapper` is a decorator after which a
function returns what it did before; `wrappers` returns one."""
CALLED: dict[Form, Form] = {"thing": "instance", "maker": "instance", "later": "awaitable", "wrappers": "wrapper"}
"""What a call gives, by what is called."""


class Members(Protocol):
    """A module of the program."""

    def given(self, name: str) -> Optional[Given]:
        """What it binds a name to."""

    def member(self, name: str) -> Optional[Known]:
        """What a name of it stands for; modules below it have one too."""


class Imports(Protocol):
    """Where a file of the program looks for modules."""

    def module(self, level: int, name: str) -> Optional[Known]:
        """A module of the program; None for one of others. `level`: dots before the name."""


@dataclass(frozen=True)
class Known:
    """A dotted path. `own`: names that classes of the program define which derive from it: what is asked for by these is
    theirs. `inside`: what asks a module of the program for its names."""

    path: str
    form: Form = "thing"
    own: frozenset[str] = frozenset()
    inside: Optional[Members] = None

    def builds(self) -> bool:
        """Whether a call of the thing is one of the class at the path."""
        return not self.own & {"__init__", "__new__"}

    def called(self) -> Optional[Known]:
        """What a call of it gives."""
        form = CALLED.get(self.form)
        return OTHER if form is None else Known(self.path, form, self.own)


OTHER = None
"""A binding that is not known."""
RUN = Known("asyncio.run")


@dataclass(frozen=True)
class Given:
    """That a module binds a name, and what it stands for."""

    known: Optional[Known]


class Later(ABC):
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

    @abstractmethod
    def _look_up(self) -> Optional[Known]:
        """What the binding stands for, by the names bound so far."""


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
class Imported(Later):
    """A name that a module gives, or without a `name` the module itself."""

    imports: Imports
    level: int
    module: str
    name: Optional[str] = None

    def _look_up(self) -> Optional[Known]:
        module = self.imports.module(self.level, self.module)
        if module is not None and module.inside is not None:
            return module if self.name is None else module.inside.member(self.name)
        path = self.module if self.name is None else f"{self.module}.{self.name}"
        return OTHER if self.level > 0 else Known(path)


Binding = Union[Known, Later, None]


@dataclass
class Scope:
    """The names that one scope binds, each with everything that it is bound to, and what it returns. `stars`: modules that give
    all their names to it."""

    node: ast.AST
    parent: Optional[Scope]
    bound: dict[str, list[Binding]] = field(default_factory=dict)
    outer: dict[str, type[ast.stmt]] = field(default_factory=dict)
    returned: list[ast.expr] = field(default_factory=list)
    yields: bool = False
    stars: list[Imported] = field(default_factory=list)

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
            given = given_by(scope.stars, name)
            if given is not None:
                return given.known
            scope = scope.parent
        return OTHER

    def binds(self, name: str) -> bool:
        """Whether this scope or one around it binds the name."""
        if name in self.bound or given_by(self.stars, name) is not None:
            return True
        return self.parent is not None and self.parent.binds(name)


def given_by(stars: Iterable[Imported], name: str) -> Optional[Given]:
    """What the first of some modules that give all their names gives by this one."""
    for star in stars:
        module = None if name.startswith("_") else star.find()
        given = module.inside.given(name) if module is not None and module.inside is not None else None
        if given is not None:
            return given
    return None


def agreed(bindings: Iterable[Binding]) -> Optional[Known]:
    """What all bindings say, where they say the same."""
    values = {
        binding.find() if isinstance(binding, Later) else binding
        for binding in bindings
        if not (isinstance(binding, Later) and binding.says_nothing())
    }
    return values.pop() if len(values) == 1 else OTHER


def resolve(node: ast.AST, scope: Scope) -> Optional[Known]:
    """What a name or a chain of attributes stands for: `d.retrieve.X` where `d` is the package."""
    if isinstance(node, ast.Name):
        return scope.find(node.id)
    if isinstance(node, ast.Attribute):
        base = resolve(node.value, scope)
        if base is not None and base.inside is not None:
            return base.inside.member(node.attr)
        if base is not None and base.form == "thing" and node.attr not in base.own:
            return Known(f"{base.path}.{node.attr}")
    return None


def made(value: ast.expr, scope: Scope) -> Optional[Known]:
    """What an expression stands for: a thing of a module, or an instance of one where it is called."""
    if isinstance(value, ast.Await):
        return _awaited(value.value, scope)
    if not isinstance(value, ast.Call):
        return resolve(value, scope)
    callee = resolve(value.func, scope)
    if callee == RUN and len(value.args) == 1:
        return _awaited(value.args[0], scope)
    return OTHER if callee is None else callee.called()


def _awaited(value: ast.expr, scope: Scope) -> Optional[Known]:
    known = made(value, scope)
    return Known(known.path, "instance", known.own) if known is not None and known.form == "awaitable" else OTHER


def typed(stated: Optional[ast.expr], scope: Scope, form: Form) -> Optional[Known]:
    """An instance of a stated class, or what makes one."""
    kind = resolve(stated, scope) if stated is not None else OTHER
    return OTHER if kind is None or kind.form != "thing" else Known(kind.path, form, kind.own)
