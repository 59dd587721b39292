"""A function with everything that it needs of its modules, as one text that stands by itself."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from .errors import Unusable
from .tree import Tree, is_standard

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}


class Closure:
    """Collects definitions, what they depend on first. `given` names are there already, by file and name."""

    def __init__(self, tree: Tree, given: Iterable[tuple[str, str]] = ()) -> None:
        self.tree = tree
        self.given = set(given)
        self._origin: dict[str, tuple[str, str]] = {}
        self._imports: dict[str, None] = {}
        self._chunks: dict[tuple[str, int], str] = {}
        self._future = False

    def add(self, path: str, name: str) -> None:
        """Takes in the definition of a module's name. Raises Unusable where it needs what a sandbox has not."""
        if (path, name) in self.given or self._origin.get(name) == (path, name):
            return
        statement = self.tree.bindings(path).get(name)
        if statement is None:
            raise Unusable(f"{path} does not define {name}", file=path)
        if isinstance(statement, ast.Import):
            self._add_import(path, name, statement)
        elif isinstance(statement, ast.ImportFrom):
            self._add_import_from(path, name, statement)
        else:
            self._claim(name, (path, name), path, statement.lineno)
            self._add_statement(path, statement)

    def add_names(self, path: str, node: ast.AST) -> None:
        """Takes in whatever a node of a module refers to."""
        known = self.tree.bindings(path)
        postponed = self._has_future(path)
        for name in sorted(names_in(node, annotations=not postponed)):
            if name in known:
                self.add(path, name)
            elif name not in BUILTINS:
                self._add_starred(path, name)

    def text(self) -> str:
        """Imports, then definitions in the order in which they were needed."""
        head = ["from __future__ import annotations", ""] if self._future else []
        chunks = "".join(f"\n\n{text}" if _is_block(text) else text + "\n" for text in self._chunks.values())
        imports = "\n".join([*head, *self._imports]).rstrip("\n")
        gap = "" if imports == "" else "\n\n\n" if chunks.startswith("\n") else "\n\n"
        return f"{imports}{gap}{chunks.strip(chr(10))}\n"

    def _has_future(self, path: str) -> bool:
        has = any(
            isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            for statement in self.tree.module(path).body
        )
        self._future = self._future or has
        return has

    def _add_statement(self, path: str, statement: ast.stmt) -> None:
        key = (path, statement.lineno)
        if key in self._chunks:
            return
        self.add_names(path, statement)
        self._chunks[key] = source_of(self.tree, path, statement)

    def _claim(self, name: str, origin: tuple[str, str], path: str, line: int) -> None:
        if self._origin.setdefault(name, origin) != origin:
            raise Unusable(f"two different things are named {name}", file=path, line=line)

    def _add_import(self, path: str, name: str, statement: ast.Import) -> None:
        alias = next(each for each in statement.names if (each.asname or each.name.partition(".")[0]) == name)
        if not is_standard(alias.name):
            raise self._foreign(path, alias.name, 0, statement.lineno)
        self._claim(name, ("", alias.name), path, statement.lineno)
        self._imports[f"import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")] = None

    def _add_import_from(self, path: str, name: str, statement: ast.ImportFrom) -> None:
        alias = next(each for each in statement.names if (each.asname or each.name) == name)
        module = statement.module or ""
        file = self.tree.resolve(path, module, statement.level)
        if file is None and statement.level == 0 and is_standard(module):
            self._claim(name, ("", f"{module}.{alias.name}"), path, statement.lineno)
            self._imports[
                f"from {module} import {alias.name}" + (f" as {alias.asname}" if alias.asname else "")
            ] = None
            return
        if file is None or alias.name not in self.tree.bindings(file):
            raise self._foreign(path, module or alias.name, statement.level, statement.lineno)
        self.add(file, alias.name)
        if alias.asname and alias.asname != alias.name:
            self._claim(name, (path, name), path, statement.lineno)
            self._chunks[(path, statement.lineno)] = f"{name} = {alias.name}"

    def _add_starred(self, path: str, name: str) -> None:
        """A name that no statement of a module binds may come from an import of everything."""
        for statement in self.tree.module(path).body:
            if not isinstance(statement, ast.ImportFrom) or all(alias.name != "*" for alias in statement.names):
                continue
            module = statement.module or ""
            file = self.tree.resolve(path, module, statement.level)
            if file is not None and name in self.tree.bindings(file):
                self.add(file, name)
            elif file is None and is_standard(module):
                self._imports[f"from {module} import *"] = None
            elif file is None:
                raise self._foreign(path, module, statement.level, statement.lineno)

    def _foreign(self, path: str, module: str, level: int, line: int) -> Unusable:
        if level > 0 or self.tree.resolve(path, module) is not None:
            return Unusable(f"{path} uses the module {module} as a whole", file=path, line=line)
        return Unusable(f"{path} needs the package {module}, which a sandbox does not have", file=path, line=line)


def self_contained(tree: Tree, path: str, entry: str) -> str:
    """The function `entry` of a file and all it needs. Raises Unusable."""
    if tree.function(path, entry) is None:
        kind = "asynchronous" if isinstance(tree.bindings(path).get(entry), ast.AsyncFunctionDef) else "no function"
        raise Unusable(f"{entry} in {path} is {kind}", file=path)
    closure = Closure(tree)
    closure.add(path, entry)
    return closure.text()


def _is_block(text: str) -> bool:
    return text.startswith(("def ", "class ", "@"))


def source_of(tree: Tree, path: str, node: ast.stmt) -> str:
    """A statement as it is written, decorators included."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)])
    end = node.end_lineno or node.lineno
    text = "\n".join(tree.lines(path)[first - 1 : end])
    return text + "\n" if isinstance(node, (ast.FunctionDef, ast.ClassDef)) else text


def names_in(node: ast.AST, *, annotations: bool = True) -> set[str]:
    """Every name that a node reads from outside of itself. What only annotations read is left out where they are not
    evaluated."""
    found: set[str] = set()
    bound: set[str] = set()
    pending: list[ast.AST] = [node]
    while pending:
        each = pending.pop()
        if isinstance(each, ast.Name):
            (found if isinstance(each.ctx, ast.Load) else bound).add(each.id)
        elif isinstance(each, ast.arg):
            bound.add(each.arg)
        for field, value in ast.iter_fields(each):
            if not annotations and field in ("annotation", "returns"):
                continue
            pending += [child for child in (value if isinstance(value, list) else [value]) if isinstance(child, ast.AST)]
    if not isinstance(node, (ast.FunctionDef, ast.Lambda)):
        return found
    outside = {name for each in ast.walk(node) if isinstance(each, ast.Global) for name in each.names}
    return found - (bound - outside)
