"""The Python files that a program belongs to, as text, and which of them an import means."""

from __future__ import annotations

import ast
import posixpath
import sys
from collections.abc import Iterator, Mapping, Sequence

from .errors import Unusable

MAX_BYTES = 512 * 1024
"""A longer file is not taken apart: it is no work of a person."""

Definition = ast.stmt
"""A statement of a module that binds a name."""


class Tree:
    """Files by path (`/` as separator), and the folders that absolute imports start from."""

    def __init__(self, files: Mapping[str, str], roots: Sequence[str] = ("",)) -> None:
        self.files = dict(files)
        self.roots = list(roots)
        self._modules: dict[str, ast.Module] = {}
        self._bindings: dict[str, dict[str, Definition]] = {}

    def module(self, path: str) -> ast.Module:
        """Raises Unusable where the file is missing, too long or no Python."""
        if path not in self._modules:
            self._modules[path] = parse(self.text(path), path)
        return self._modules[path]

    def text(self, path: str) -> str:
        if path not in self.files:
            raise Unusable(f"there is no file {path}", file=path)
        return self.files[path]

    def lines(self, path: str) -> list[str]:
        return self.text(path).split("\n")

    def bindings(self, path: str) -> dict[str, Definition]:
        """The statement that binds each name of a module; the last one counts."""
        if path not in self._bindings:
            found: dict[str, Definition] = {}
            for statement in self.module(path).body:
                for name in bound_names(statement):
                    found[name] = statement
            self._bindings[path] = found
        return self._bindings[path]

    def function(self, path: str, name: str) -> ast.FunctionDef | None:
        statement = self.bindings(path).get(name)
        return statement if isinstance(statement, ast.FunctionDef) else None

    def resolve(self, importer: str, module: str, level: int = 0) -> str | None:
        """The file that `from <module> import ...` in `importer` means, None where it is none of these files."""
        parts = module.replace(".", "/")
        if level > 0:
            base = posixpath.dirname(importer)
            for _ in range(level - 1):
                base = posixpath.dirname(base)
            return self._file(posixpath.join(base, parts) if parts else base)
        starts = [*self.roots, posixpath.dirname(importer)]
        return next((file for start in starts if (file := self._file(posixpath.join(start, parts)))), None)

    def _file(self, stem: str) -> str | None:
        stem = posixpath.normpath(stem)
        return next((file for file in (f"{stem}.py", f"{stem}/__init__.py") if file in self.files), None)


def parse(text: str, path: str) -> ast.Module:
    """Raises Unusable for what is no Python of this version."""
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise Unusable(f"{path} is longer than {MAX_BYTES // 1024} kB", file=path)
    try:
        return ast.parse(text)
    except SyntaxError as error:
        raise Unusable(f"{path} is no Python: {error.msg}", file=path, line=error.lineno) from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unusable(f"{path} is no Python: {error or type(error).__name__}", file=path) from error


def salvaged(text: str) -> str:
    """What can be used of a file of which only some lines are known: the statements of a module that are whole."""
    groups: list[list[str]] = [[]]
    for line in text.split("\n"):
        starts = line[:1] not in ("", " ", "\t", "#", ")", "]", "}") and not line.startswith(("else", "elif", "except", "finally"))
        after_decorator = all(known.startswith("@") for known in groups[-1])
        if starts and groups[-1] and not after_decorator:
            groups.append([])
        groups[-1].append(line)
    kept = []
    for group in groups:
        try:
            if ast.parse("\n".join(group)).body:
                kept.append("\n".join(group))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return "\n".join(kept)


def bound_names(statement: ast.stmt) -> Iterator[str]:
    """Every name that a top-level statement binds, also inside of its branches."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
        return
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield alias.asname or alias.name.partition(".")[0]
        return
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif node is not statement and isinstance(node, ast.stmt):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
                yield from bound_names(node)


def is_standard(module: str) -> bool:
    """Whether a module is of the standard library, all that a sandbox has."""
    return module.partition(".")[0] in sys.stdlib_module_names
