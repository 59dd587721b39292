"""Where a program uses a package: every name, attribute, argument and member, with its place. The program is read only."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from typing import Optional, TypedDict

from constitution_migration.edits import Text
from constitution_migration.scopes import SCOPES, Assigned, Known, Scope, agreed, nodes_of, resolve, stated_type

GUARDS = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
"""Who catches one of these reckons with a name that is not there."""


class Argument(TypedDict):
    """An argument of a call. `name`: None where it is given by its place, in the order of arguments. `cut`: the bytes to
    delete for it to be gone; None where that could change more than the argument: where its value is computed, and of
    arguments given by place."""

    name: Optional[str]
    line: int
    column: int
    cut: Optional[tuple[int, int]]


class Use(TypedDict):
    """One use. `path`: the longest dotted path that is written there. `member`: what is asked of an instance of it. The
    arguments are those of a call of it.
    `unpacks`: whether that passes on arguments that are not written there; None where it is not called.
    `form`: `import`, `from`, `attribute`, `call`, `member` or `named` (in a text, as for `getattr`). `line` from 1, `column` from 1 in characters. `spans`:
    byte offsets of the path's last names, by path; None for one that must not be rewritten. `guarded`: an error is caught in case it is not there."""

    path: str
    member: Optional[str]
    form: str
    line: int
    column: int
    spans: dict[str, Optional[tuple[int, int]]]
    alias: Optional[str]
    arguments: list[Argument]
    unpacks: Optional[bool]
    guarded: bool


def uses_in(text: str, package: str) -> list[Use]:
    """Every use of the package in a program, in the order of the text. Raises SyntaxError, ValueError, RecursionError."""
    return sorted(_Reader(Text(text), package).uses(), key=lambda use: (use["line"], use["column"], use["form"]))


class _Reader:
    def __init__(self, text: Text, package: str) -> None:
        self.text, self.package = text, package
        nodes = nodes_of(text.tree, package)
        self.homes, self.parents = nodes.scopes, nodes.parents
        self.own = self._own_attributes()
        stars = [node for node in self.homes if isinstance(node, ast.ImportFrom) and self._of_package(node)]
        stars = [node for node in stars if node.names[0].name == "*"]
        self.stars = [node.module for node in sorted(stars, key=lambda node: node.lineno)]

    def uses(self) -> Iterator[Use]:
        for node, scope in self.homes.items():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.partition(".")[0] == self.package:
                        yield self._use(alias, alias.name, "import", alias=alias.asname)
            elif isinstance(node, ast.ImportFrom) and self._of_package(node):
                for alias in node.names:
                    if alias.name != "*":
                        spans = {f"{node.module}.{alias.name}": self.text.first_name(alias, alias.name)}
                        yield self._use(
                            alias, f"{node.module}.{alias.name}", "from", alias=alias.asname or alias.name, spans=spans
                        )
            elif isinstance(node, (ast.Name, ast.Attribute)) and not self._continued(node):
                yield from self._named(node, scope)
            elif isinstance(node, ast.Call):
                yield from self._asked_by_name(node, scope)

    def _of_package(self, node: ast.ImportFrom) -> bool:
        return node.level == 0 and node.module is not None and node.module.partition(".")[0] == self.package

    def _continued(self, node: ast.AST) -> bool:
        parent = self.parents.get(node)
        return isinstance(parent, ast.Attribute) and parent.value is node

    def _named(self, node: ast.AST, scope: Scope) -> Iterator[Use]:
        known = self._resolve(node, scope)
        if known is not None:
            parent = self.parents.get(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            written = isinstance(node, ast.Attribute) or known.path.count(".") > 0
            if called:
                yield self._use(node, known.path, "call", spans=self._spans(node, known), call=parent)
            elif written and isinstance(getattr(node, "ctx", None), ast.Load):
                yield self._use(node, known.path, "attribute", spans=self._spans(node, known))
            return
        # What is asked of an instance: the innermost attribute whose base is one.
        chain = node
        while isinstance(chain, ast.Attribute):
            base = self._instance(chain, self.homes[chain])
            if base is not None:
                parent = self.parents.get(chain)
                called = isinstance(parent, ast.Call) and parent.func is chain
                yield self._use(chain, base.path, "member", member=chain.attr, call=parent if called else None)
                return
            chain = chain.value

    def _resolve(self, node: ast.AST, scope: Scope) -> Optional[Known]:
        known = resolve(node, scope)
        if known is not None:
            return None if known.instance else known
        base = node
        names: list[str] = []
        while isinstance(base, ast.Attribute):
            names.append(base.attr)
            base = base.value
        if not isinstance(base, ast.Name) or not self.stars or scope.binds(base.id) or hasattr(builtins, base.id):
            return None
        return Known(".".join([self.stars[0], base.id, *reversed(names)]))

    def _instance(self, asked: ast.Attribute, scope: Scope) -> Optional[Known]:
        """The class that something is asked of an instance of: a call of it, or a name or own attribute that holds one."""
        node = asked.value
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "super" and not scope.binds("super"):
                return self._base(node)
            return self._resolve(node.func, self.homes[node.func])
        if isinstance(node, ast.Name):
            known = scope.find(node.id)
            if known is None and node.id == "self":
                return None if self._defines(self._class(node), asked.attr) else self._base(node)
            return known if known is not None and known.instance else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            known = agreed(self.own.get(self._class(node), {}).get(node.attr, []))
            return known if known is not None and known.instance else None
        return None

    def _class(self, node: ast.AST) -> Optional[ast.AST]:
        owner = self.parents.get(node)
        while owner is not None and not isinstance(owner, ast.ClassDef):
            owner = self.parents.get(owner)
        return owner

    def _base(self, node: ast.AST) -> Optional[Known]:
        """The first base of the class around a node, which is asked first for what the class does not have."""
        owner = self._class(node)
        if not isinstance(owner, ast.ClassDef) or not owner.bases:
            return None
        return self._resolve(owner.bases[0], self.homes[owner.bases[0]])

    def _defines(self, owner: Optional[ast.AST], name: str) -> bool:
        if name in self.own.get(owner, {}):
            return True
        return isinstance(owner, ast.ClassDef) and name in self.homes[owner.body[0]].bound

    def _own_attributes(self) -> dict[Optional[ast.AST], dict[str, list[Optional[Assigned]]]]:
        """What each class assigns to attributes of `self`."""
        own: dict[Optional[ast.AST], dict[str, list[Optional[Assigned]]]] = {}
        for node, scope in self.homes.items():
            stored = isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
            if stored and isinstance(node.value, ast.Name) and node.value.id == "self":
                parent = self.parents.get(node)
                assigned = None
                if isinstance(parent, (ast.Assign, ast.AnnAssign)):
                    stated = stated_type(parent.annotation) if isinstance(parent, ast.AnnAssign) else None
                    assigned = Assigned(parent.value, scope, stated)
                own.setdefault(self._class(node), {}).setdefault(node.attr, []).append(assigned)
        return own

    def _asked_by_name(self, node: ast.Call, scope: Scope) -> Iterator[Use]:
        """`getattr(d, "X")`, `importlib.import_module("d.x")` and their like, where the name is written out."""
        texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
        asker = node.func.id if isinstance(node.func, ast.Name) and not scope.binds(node.func.id) else None
        if asker in ("getattr", "hasattr"):
            base = self._resolve(node.args[0], self.homes[node.args[0]]) if len(texts) >= 2 and texts[1] else None
            if base is not None:
                use = self._use(node, f"{base.path}.{texts[1]}", "named")
                # A third argument is what to take where there is none.
                yield {**use, "guarded": use["guarded"] or asker == "hasattr" or len(node.args) > 2}
        named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if (named == "import_module" or asker == "__import__") and texts and texts[0] and texts[0].partition(".")[0] == self.package:
            yield self._use(node.args[0], texts[0], "named")

    def _use(
        self,
        node: ast.AST,
        path: str,
        form: str,
        *,
        member: Optional[str] = None,
        alias: Optional[str] = None,
        spans: Optional[dict[str, Optional[tuple[int, int]]]] = None,
        call: Optional[ast.Call] = None,
    ) -> Use:
        line, column = self.text.place(node)
        return Use(
            path=path,
            member=member,
            form=form,
            line=line,
            column=column,
            spans=spans or {},
            alias=alias,
            arguments=self._arguments(call) if call is not None else [],
            unpacks=_unpacks(call) if call is not None else None,
            guarded=self._guarded(node),
        )

    def _guarded(self, node: ast.AST) -> bool:
        child, parent = node, self.parents.get(node)
        while parent is not None and not isinstance(parent, SCOPES):
            if isinstance(parent, ast.Try) and child in parent.body and any(map(_catches, parent.handlers)):
                return True
            child, parent = parent, self.parents.get(parent)
        return False

    def _arguments(self, call: ast.Call) -> list[Argument]:
        found = []
        for given in call.args:
            if isinstance(given, ast.Starred):
                # What follows has no place that is known.
                break
            line, column = self.text.place(given)
            found.append(Argument(name=None, line=line, column=column, cut=None))
        for keyword in call.keywords:
            if keyword.arg is not None:
                line, column = self.text.place(keyword)
                certain = self.text.says(self.text.first_name(keyword, keyword.arg), keyword.arg)
                cut = self.text.cut(call, keyword) if certain and not self._misplaced(call) else None
                found.append(Argument(name=keyword.arg, line=line, column=column, cut=cut))
        return found

    def _spans(self, node: ast.AST, known: Known) -> dict[str, Optional[tuple[int, int]]]:
        """Where the last name of each part of a chain is written; a name that an import gave is not written as itself."""
        spans: dict[str, Optional[tuple[int, int]]] = {}
        path, misplaced = known.path, self._misplaced(node)

        def written(part: ast.expr, name: str) -> None:
            span = self.text.last_name(part, name)
            spans[path] = None if misplaced or not self.text.says(span, name) else span

        while isinstance(node, ast.Attribute):
            written(node, node.attr)
            node, path = node.value, path.rpartition(".")[0]
        if isinstance(node, ast.Name) and not self.homes[node].binds(node.id):
            # From `import *`: written as the package calls it.
            written(node, node.id)
        return spans

    def _misplaced(self, node: ast.AST) -> bool:
        """Whether Python may not know where a node stands: before 3.12 it does not, inside of an f-string."""
        if sys.version_info >= (3, 12):
            return False
        parent: Optional[ast.AST] = node
        while parent is not None and not isinstance(parent, (ast.stmt, ast.JoinedStr)):
            parent = self.parents.get(parent)
        return isinstance(parent, ast.JoinedStr)


def _unpacks(call: ast.Call) -> bool:
    return any(isinstance(given, ast.Starred) for given in call.args) or any(
        keyword.arg is None for keyword in call.keywords
    )


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in GUARDS for kind in types)
