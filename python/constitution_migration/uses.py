"""Where a program uses a package: every name, attribute, argument and member, with its place. The program is read only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Optional, TypedDict

from constitution_migration.arguments import Argument, Arguments
from constitution_migration.asked import PART, PARTIAL, RECKONS, WHOLE, name_of, text_of
from constitution_migration.bindings import SCOPES, Imports, Known, Scope
from constitution_migration.edits import Text
from constitution_migration.meanings import Meanings
from constitution_migration.scopes import nodes_of

GUARDS = {"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"}
"""Who catches one of these reckons with a name that is not there."""


class Use(TypedDict):
    """One use. `path`: the longest dotted path that is written there. `member`: what is asked of an instance of it,
    `__call__` where that is called. The arguments are those of a call of it. `unpacks`: whether that passes on arguments that
    are not written there; None where it is not called. `form`: `import`, `from`, `attribute`, `call`, `member` or `named` (in
    a text, as for `getattr`). `line` from 1, `column` from 1 in characters. `spans`: byte offsets of the path's last names, by
    path; None for one that must not be rewritten. `module`: those of the module that this alone is imported from. `guarded`: an
    error is caught in case it is not there."""

    path: str
    member: Optional[str]
    form: str
    line: int
    column: int
    spans: dict[str, Optional[tuple[int, int]]]
    alias: Optional[str]
    module: Optional[tuple[int, int]]
    arguments: list[Argument]
    unpacks: Optional[bool]
    guarded: bool


def uses_in(text: str, package: str, imports: Imports) -> list[Use]:
    """Every use of the package in a program, in the order of the text. Raises SyntaxError, ValueError, RecursionError."""
    return sorted(_Reader(Text(text), package, imports).uses(), key=lambda use: (use["line"], use["column"], use["form"]))


class _Reader:
    def __init__(self, text: Text, package: str, imports: Imports) -> None:
        self.text, self.package = text, package
        self.nodes = nodes_of(text.tree, imports)
        self.homes, self.parents = self.nodes.scopes, self.nodes.parents
        self.arguments = Arguments(text, self.nodes)
        self.meanings = Meanings(self.nodes, package)

    def uses(self) -> Iterator[Use]:
        for node, scope in self.homes.items():
            if isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name.partition(".")[0] == self.package:
                        yield self._use(alias, alias.name, "import", alias=alias.asname)
            elif isinstance(node, ast.ImportFrom) and self.meanings.imports_from(node):
                for alias in node.names:
                    bound, path = alias.asname or alias.name, f"{node.module}.{alias.name}"
                    spans = {path: self.text.first_name(alias, alias.name)}
                    use = self._use(alias, path, "from", alias=bound, spans=spans)
                    yield {**use, "module": self.text.module_name(node) if len(node.names) == 1 else None}
            elif isinstance(node, (ast.Name, ast.Attribute)) and not self._continued(node):
                yield from self._named(node, scope)
            elif isinstance(node, ast.Call):
                yield from self._called(node, scope)
                yield from self._asked_by_name(node, scope)

    def _continued(self, node: ast.AST) -> bool:
        parent = self.parents.get(node)
        return isinstance(parent, ast.Attribute) and parent.value is node

    def _named(self, node: ast.AST, scope: Scope) -> Iterator[Use]:
        known, call = self.meanings.resolve(node, scope), self._call_of(node)
        if known is not None:
            written = isinstance(node, ast.Attribute) or known.path.count(".") > 0
            if call is not None:
                yield from self._calling(known, node, call)
            elif written and (isinstance(getattr(node, "ctx", None), ast.Load) or self._is_setting(known.path)):
                yield self._use(node, known.path, "attribute", spans=self._spans(node, known))
            yield from self._setting_by_name(node, known)
            return
        # What is asked of an instance: the innermost attribute whose base is one.
        chain = node
        while isinstance(chain, ast.Attribute):
            base = self.meanings.instance(chain, self.homes[chain])
            if base is not None:
                yield from self._asked_of(base, chain)
                return
            chain = chain.value

    def _call_of(self, node: ast.AST) -> Optional[ast.Call]:
        parent = self.parents.get(node)
        return parent if isinstance(parent, ast.Call) and parent.func is node else None

    def _calling(self, known: Known, node: ast.AST, call: ast.Call) -> Iterator[Use]:
        owner, _, name = known.path.rpartition(".")
        if name == "__init__":
            # `X.__init__(self, ...)` takes what `X(...)` takes.
            yield self._use(node, owner, "call", spans=self._spans(node, known), call=call, skip=1)
        elif known.builds():
            yield self._use(node, known.path, "call", spans=self._spans(node, known), call=call)

    def _asked_of(self, base: Known, asked: ast.Attribute) -> Iterator[Use]:
        call = self._call_of(asked)
        if asked.attr in base.own:
            return
        if asked.attr == "__init__" and call is not None:
            yield self._use(asked, base.path, "call", call=call)
        else:
            yield self._use(asked, base.path, "member", member=asked.attr, call=call)

    def _called(self, call: ast.Call, scope: Scope) -> Iterator[Use]:
        """A call of an instance, and `functools.partial`, which is one of its first argument."""
        held = self.meanings.held(call.func)
        if held is not None and "__call__" not in held.own:
            yield self._use(call, held.path, "member", member="__call__", call=call)
        if not call.args or name_of(call.func, scope) not in PARTIAL:
            return
        first = call.args[0]
        known, held = self.meanings.resolve(first, self.homes[first]), self.meanings.held(first)
        if known is not None and known.builds():
            yield {**self._use(first, known.path, "call", call=call, skip=1), "unpacks": True}
        elif held is not None and "__call__" not in held.own:
            yield {**self._use(first, held.path, "member", member="__call__", call=call, skip=1), "unpacks": True}

    def _is_setting(self, path: str) -> bool:
        return path.startswith(f"{self.package}.settings.")

    def _setting_by_name(self, node: ast.AST, known: Known) -> Iterator[Use]:
        """`settings["x"]` and `settings.get("x")`."""
        parent, settings = self.parents.get(node), f"{self.package}.settings"
        if known.path == settings and isinstance(parent, ast.Subscript) and parent.value is node:
            key = parent.slice
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield self._use(parent, f"{settings}.{key.value}", "named")
        call = self._call_of(node)
        if known.path == f"{settings}.get" and call is not None and text_of(call, 0):
            yield {**self._use(call, f"{settings}.{text_of(call, 0)}", "named"), "guarded": True}

    def _asked_by_name(self, call: ast.Call, scope: Scope) -> Iterator[Use]:
        """`getattr(d, "X")`, `importlib.import_module("d.x")` and their like, where the name is written out."""
        asker = name_of(call.func, scope)
        whole, part = text_of(call, 0), text_of(call, 1)
        if asker in WHOLE and whole and whole.partition(".")[0] == self.package:
            use = self._use(call.args[0], whole, "named")
        elif asker in PART and part and (base := self.meanings.resolve(call.args[0], self.homes[call.args[0]])) is not None:
            # What is asked of a class that derives from it is told where it derives.
            if base.own:
                return
            use = self._use(call, f"{base.path}.{part}", "named")
        else:
            return
        # A third argument of getattr is what to take where there is none.
        reckoned = asker in RECKONS or (asker == "getattr" and len(call.args) > 2)
        yield {**use, "guarded": use["guarded"] or reckoned}

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
        skip: int = 0,
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
            module=None,
            arguments=self.arguments.of(call, skip) if call is not None else [],
            unpacks=self.arguments.unpacks(call) if call is not None else None,
            guarded=self._guarded(node),
        )

    def _guarded(self, node: ast.AST) -> bool:
        child, parent = node, self.parents.get(node)
        while parent is not None and not isinstance(parent, SCOPES):
            if isinstance(parent, ast.Try) and child in parent.body and any(map(_catches, parent.handlers)):
                return True
            child, parent = parent, self.parents.get(parent)
        return False

    def _spans(self, node: ast.AST, known: Known) -> dict[str, Optional[tuple[int, int]]]:
        """Where the last name of each part of a chain is written; a name that an import gave is not written as itself."""
        spans: dict[str, Optional[tuple[int, int]]] = {}
        path, misplaced = known.path, self.nodes.misplaced(node)

        def written(part: ast.expr, name: str) -> None:
            span = self.text.last_name(part, name)
            spans[path] = None if misplaced or not self.text.says(span, name) else span

        # What a module of the program gives is written there.
        while isinstance(node, ast.Attribute) and self.meanings.resolve(node.value, self.homes[node.value]):
            written(node, node.attr)
            node, path = node.value, path.rpartition(".")[0]
        if isinstance(node, ast.Name) and not self.homes[node].binds(node.id):
            # From `import *`: written as the package calls it.
            written(node, node.id)
        return spans


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(kind, ast.Name) and kind.id in GUARDS for kind in types)
