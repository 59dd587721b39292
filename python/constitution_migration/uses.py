"""Where a program uses a package: every name, attribute, argument and member, with its place. The program is read only."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from typing import Optional, TypedDict

from constitution_migration.scopes import SCOPES, Known, Scope, resolve, scopes_of

GUARDS = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
"""Who catches one of these reckons with a name that is not there."""


class Argument(TypedDict):
    """A keyword argument of a call; `cut`: what to delete for it to be gone, its comma included."""

    name: str
    line: int
    column: int
    cut: tuple[int, int]


class Use(TypedDict):
    """One use. `path`: the longest dotted path that is written there. `member`: what is asked of an instance of it. The
    arguments are those of a call of it.
    `form`: `import`, `from`, `attribute`, `call`, `member`
    or `named` (in a text, as for `getattr`). `line` from 1, `column` from 1 in characters. `spans`:
    byte offsets of the path's last names, by path. `guarded`: an error is caught in case it is not there."""

    path: str
    member: Optional[str]
    form: str
    line: int
    column: int
    spans: dict[str, tuple[int, int]]
    alias: Optional[str]
    arguments: list[Argument]
    guarded: bool


def uses_in(text: str, package: str) -> list[Use]:
    """Every use of the package in a program, in the order of the text. Raises SyntaxError, ValueError, RecursionError."""
    tree = ast.parse(text)
    return sorted(_Reader(text, tree, package).uses(), key=lambda use: (use["line"], use["column"], use["form"]))


class _Reader:
    def __init__(self, text: str, tree: ast.Module, package: str) -> None:
        self.package, self.tree = package, tree
        self.data = text.encode()
        self.lines = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", self.data))]
        self.homes = scopes_of(tree, package)
        self.parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
        self.stars = [
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and self._of_package(node) and node.names[0].name == "*"
        ]

    def uses(self) -> Iterator[Use]:
        for node, scope in self.homes.items():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.partition(".")[0] == self.package:
                        yield self._use(alias, alias.name, "import", alias=alias.asname)
            elif isinstance(node, ast.ImportFrom) and self._of_package(node):
                for alias in node.names:
                    if alias.name != "*":
                        spans = {f"{node.module}.{alias.name}": self._span(alias, len(alias.name.encode()))}
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
                yield self._use(node, known.path, "call", spans=self._spans(node, known), arguments=self._arguments(parent))
            elif written and isinstance(getattr(node, "ctx", None), ast.Load):
                yield self._use(node, known.path, "attribute", spans=self._spans(node, known))
            return
        # What is asked of an instance: the innermost attribute whose base is one.
        chain = node
        while isinstance(chain, ast.Attribute):
            base = self._instance(chain.value, self.homes[chain])
            if base is not None:
                parent = self.parents.get(chain)
                called = isinstance(parent, ast.Call) and parent.func is chain
                arguments = self._arguments(parent) if called else []
                yield self._use(chain, base.path, "member", member=chain.attr, arguments=arguments)
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

    def _instance(self, node: ast.AST, scope: Scope) -> Optional[Known]:
        """The class that an expression is an instance of: a call of it, or a name or own attribute that holds one."""
        if isinstance(node, ast.Call):
            return self._resolve(node.func, self.homes[node.func])
        if isinstance(node, ast.Name):
            known = scope.find(node.id)
            return known if known is not None and known.instance else None
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return self._own(node)
        return None

    def _own(self, node: ast.Attribute) -> Optional[Known]:
        owner: Optional[ast.AST] = node
        while owner is not None and not isinstance(owner, ast.ClassDef):
            owner = self.parents.get(owner)
        if owner is None:
            return None
        values = [
            assigned.value
            for assigned in ast.walk(owner)
            if isinstance(assigned, (ast.Assign, ast.AnnAssign))
            for target in (assigned.targets if isinstance(assigned, ast.Assign) else [assigned.target])
            if isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            and target.attr == node.attr
        ]
        if len(values) != 1 or not isinstance(values[0], ast.Call):
            return None
        return self._resolve(values[0].func, self.homes[values[0].func])

    def _asked_by_name(self, node: ast.Call, scope: Scope) -> Iterator[Use]:
        """`getattr(d, "X")` and `importlib.import_module("d.x")`, where the name is written out."""
        texts = [arg.value if isinstance(arg, ast.Constant) and isinstance(arg.value, str) else None for arg in node.args]
        if isinstance(node.func, ast.Name) and node.func.id == "getattr" and not scope.binds("getattr"):
            base = self._resolve(node.args[0], self.homes[node.args[0]]) if len(texts) >= 2 and texts[1] else None
            if base is not None:
                use = self._use(node, f"{base.path}.{texts[1]}", "named")
                # A third argument is what to take where there is none.
                yield {**use, "guarded": use["guarded"] or len(node.args) > 2}
        named = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if named == "import_module" and texts and texts[0] and texts[0].partition(".")[0] == self.package:
            yield self._use(node.args[0], texts[0], "named")

    def _use(
        self,
        node: ast.AST,
        path: str,
        form: str,
        *,
        member: Optional[str] = None,
        alias: Optional[str] = None,
        spans: Optional[dict[str, tuple[int, int]]] = None,
        arguments: Optional[list[Argument]] = None,
    ) -> Use:
        line, column = self._place(node)
        return Use(
            path=path,
            member=member,
            form=form,
            line=line,
            column=column,
            spans=spans or {},
            alias=alias,
            arguments=arguments or [],
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
        for keyword in call.keywords:
            if keyword.arg is not None:
                line, column = self._place(keyword)
                found.append(Argument(name=keyword.arg, line=line, column=column, cut=self._cut(call, keyword)))
        return found

    def _cut(self, call: ast.Call, keyword: ast.keyword) -> tuple[int, int]:
        """An argument up to the one that follows; the last one with the comma before it."""
        every = sorted([*call.args, *call.keywords], key=lambda part: (part.lineno, part.col_offset))
        place = every.index(keyword)
        start, end = self._at(keyword.lineno, keyword.col_offset), self._end(keyword)
        if place + 1 < len(every):
            following = every[place + 1]
            return start, self._at(following.lineno, following.col_offset)
        if place > 0:
            return self._end(every[place - 1]), end
        return start, end

    def _spans(self, node: ast.AST, known: Known) -> dict[str, tuple[int, int]]:
        """Where the last name of each part of a chain is written; a name that an import gave is not written as itself."""
        spans: dict[str, tuple[int, int]] = {}
        path = known.path
        while isinstance(node, ast.Attribute):
            end = self._end(node)
            spans[path] = (end - len(node.attr.encode()), end)
            node, path = node.value, path.rpartition(".")[0]
        if isinstance(node, ast.Name) and not self.homes[node].binds(node.id):
            # From `import *`: written as the package calls it.
            end = self._end(node)
            spans[path] = (end - len(node.id.encode()), end)
        return spans

    def _span(self, node: ast.alias, length: int) -> tuple[int, int]:
        start = self._at(node.lineno, node.col_offset)
        return start, start + length

    def _place(self, node: ast.AST) -> tuple[int, int]:
        line = getattr(node, "lineno", 1)
        start = self.lines[line - 1]
        column = getattr(node, "col_offset", 0)
        return line, len(self.data[start : start + column].decode(errors="replace")) + 1

    def _at(self, line: int, column: int) -> int:
        return self.lines[line - 1] + column

    def _end(self, node: ast.AST) -> int:
        return self._at(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in GUARDS for kind in types)
