"""What the functions and classes of a program stand for: a function for what makes what it returns, a class for its base."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Optional, Union

from constitution_migration.annotations import stated_type
from constitution_migration.asked import keeps_returns
from constitution_migration.bindings import (
    OTHER,
    Assigned,
    Form,
    Known,
    Later,
    Scope,
    agreed,
    made,
    resolve,
    typed,
)

RETURNING: dict[Form, Form] = {"instance": "maker", "awaitable": "later", "wrapper": "wrappers"}
"""What a function is, by what it returns."""


DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Definition = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef]


@dataclass(eq=False)
class Returned(Later):
    """A function of the program. `inside`: gives the scope of its body."""

    node: Union[ast.FunctionDef, ast.AsyncFunctionDef]
    scope: Scope
    inside: Callable[[Definition], Scope]

    @property
    def inner(self) -> Scope:
        """The scope of its body."""
        return self.inside(self.node)

    def _look_up(self) -> Optional[Known]:
        if self.inner.yields or not self._is_plain():
            return OTHER
        known = self._makes()
        # What is stated of a decorator is that it returns something to call.
        if known is None or known.path.partition(".")[0] in {"typing", "collections"}:
            return Known("", "wrapper") if self._wraps() else OTHER
        return known

    def _makes(self) -> Optional[Known]:
        waits = isinstance(self.node, ast.AsyncFunctionDef)
        if self.node.returns is not None:
            return typed(stated_type(self.node.returns), self.scope, "later" if waits else "maker")
        known = agreed(Assigned(value, self.inner) for value in self.inner.returned)
        if known is None or (waits and known.form != "instance"):
            return OTHER
        form = "later" if waits else RETURNING.get(known.form)
        return OTHER if form is None else Known(known.path, form, known.own)

    def _is_plain(self) -> bool:
        """Whether it returns what it says, whatever decorates it."""
        return all(self._keeps(decorator) for decorator in self.node.decorator_list)

    def _keeps(self, decorator: ast.expr) -> bool:
        known = made(decorator, self.scope)
        return (known is not None and known.form == "wrapper") or keeps_returns(decorator, self.scope)

    def _wraps(self) -> bool:
        """Whether it is given a function, and returns that or one that returns what that does."""
        given = self.node.args
        every = [*given.posonlyargs, *given.args]
        if len(every) != 1 or given.vararg or given.kwonlyargs or given.kwarg:
            return False
        name = every[0].arg
        if len(self.inner.bound[name]) != 1:
            return False
        return bool(self.inner.returned) and all(self._hands_on(value, name) for value in self.inner.returned)

    def _hands_on(self, value: ast.expr, name: str) -> bool:
        if not isinstance(value, ast.Name):
            return False
        if value.id == name:
            return True
        bound = self.inner.bound.get(value.id, [])
        return len(bound) == 1 and isinstance(bound[0], Returned) and bound[0].passes_on(name)

    def passes_on(self, name: str) -> bool:
        """Whether all that it returns is what a function around it returns that has this name."""
        if self.inner.yields or name in self.inner.bound or not self.inner.returned or not self._is_plain():
            return False
        return all(self._is_call(value, name) for value in self.inner.returned)

    def _is_call(self, value: Optional[ast.expr], name: str) -> bool:
        if isinstance(value, ast.Name):
            bound = self.inner.bound.get(value.id, [])
            single = bound[0] if len(bound) == 1 else None
            return isinstance(single, Assigned) and not isinstance(single.value, ast.Name) and self._is_call(single.value, name)
        if isinstance(self.node, ast.AsyncFunctionDef):
            value = value.value if isinstance(value, ast.Await) else None
        return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == name


@dataclass(eq=False)
class Derived(Later):
    """A class of the program: what it does not define itself, its first base is asked for. `inside`: gives the scope of its
    body."""

    node: ast.ClassDef
    scope: Scope
    inside: Callable[[Definition], Scope]

    def _look_up(self) -> Optional[Known]:
        if self.node.decorator_list or self.node.keywords or not self.node.bases:
            return OTHER
        base = resolve(self.node.bases[0], self.scope)
        stored = (part for part in ast.walk(self.node) if isinstance(part, ast.Attribute))
        own = {*self.inside(self.node).bound, *(part.attr for part in stored if not isinstance(part.ctx, ast.Load))}
        if base is None or base.form != "thing" or own & {"__getattr__", "__getattribute__"}:
            return OTHER
        return Known(base.path, "thing", base.own | own)
