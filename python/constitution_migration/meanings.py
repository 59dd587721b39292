"""What the expressions of a program stand for: something of a package, or an instance of it."""

from __future__ import annotations

import ast
import builtins
from typing import Optional

from constitution_migration.annotations import stated_type
from constitution_migration.asked import name_of
from constitution_migration.bindings import Assigned, Binding, Known, Scope, agreed, made, resolve
from constitution_migration.scopes import Nodes


class Meanings:
    """Looks expressions up in the scopes of a program."""

    def __init__(self, nodes: Nodes, package: str) -> None:
        self.package = package
        self.homes, self.parents = nodes.scopes, nodes.parents
        self.own = self._own_attributes()
        stars = [node for node in self.homes if isinstance(node, ast.ImportFrom) and self.imports_from(node)]
        stars = [node for node in stars if node.names[0].name == "*"]
        self.stars = [node.module for node in sorted(stars, key=lambda node: node.lineno)]

    def imports_from(self, node: ast.ImportFrom) -> bool:
        """Whether it imports from the package."""
        return node.level == 0 and node.module is not None and node.module.partition(".")[0] == self.package

    def resolve(self, node: ast.AST, scope: Scope) -> Optional[Known]:
        """What of the package an expression stands for."""
        known = resolve(node, scope)
        if known is not None:
            return self._mine(known) if known.form == "thing" else None
        base = node
        names: list[str] = []
        while isinstance(base, ast.Attribute):
            names.append(base.attr)
            base = base.value
        if not isinstance(base, ast.Name) or not self.stars or scope.binds(base.id) or hasattr(builtins, base.id):
            return None
        return Known(".".join([self.stars[0], base.id, *reversed(names)]))

    def instance(self, asked: ast.Attribute, scope: Scope) -> Optional[Known]:
        """The class that something is asked of an instance of: a call of it, or a name or own attribute that holds one."""
        node = asked.value
        if isinstance(node, ast.Call) and name_of(node.func, scope) == "super":
            return self._base(node)
        if isinstance(node, ast.Name) and node.id == "self" and scope.find("self") is None:
            return None if self._defines(self._class(node), asked.attr) else self._base(node)
        return self.held(node)

    def held(self, node: ast.AST) -> Optional[Known]:
        """The class that an expression holds an instance of."""
        known = None
        if isinstance(node, (ast.Call, ast.Await)):
            known = made(node, self.homes[node])
            if known is None and isinstance(node, ast.Call):
                return self.resolve(node.func, self.homes[node.func])
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            owner = self._class(node)
            known = agreed([*self.own.get(owner, {}).get(node.attr, []), *self._in_body(owner, node.attr)])
        else:
            known = resolve(node, self.homes[node])
        return self._mine(known) if known is not None and known.form == "instance" else None

    def _mine(self, known: Known) -> Optional[Known]:
        return known if known.path.partition(".")[0] == self.package else None

    def _in_body(self, owner: Optional[ast.AST], name: str) -> list[Binding]:
        """What the body of a class binds a name to."""
        return self.homes[owner.body[0]].bound.get(name, []) if isinstance(owner, ast.ClassDef) else []

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
        return self.resolve(owner.bases[0], self.homes[owner.bases[0]])

    def _defines(self, owner: Optional[ast.AST], name: str) -> bool:
        if name in self.own.get(owner, {}):
            return True
        return bool(self._in_body(owner, name))

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
