"""Functions of others that are given a name of a package as a text, something of it to call, or a function to decorate."""

from __future__ import annotations

import ast
from typing import Optional

from constitution_migration.bindings import Scope, resolve

FIXTURES = {"mocker", "monkeypatch"}
"""Arguments of tests that pytest gives by their names."""
WHOLE = {
    "__import__",
    "importlib.import_module",
    "importlib.util.find_spec",
    "mock.patch",
    "mocker.patch",
    "monkeypatch.delattr",
    "monkeypatch.setattr",
    "pkgutil.resolve_name",
    "pytest.importorskip",
    "unittest.mock.patch",
}
"""Whose first argument is a dotted path."""
PART = {
    "delattr",
    "getattr",
    "hasattr",
    "mock.patch.object",
    "mocker.patch.object",
    "monkeypatch.delattr",
    "monkeypatch.setattr",
    "unittest.mock.patch.object",
}
"""Whose second argument is a name of what the first one is."""
RECKONS = {"hasattr", "importlib.util.find_spec", "pytest.importorskip"}
"""Who asks whether it is there."""
PARTIAL = {"functools.partial", "functools.partialmethod"}
"""Who calls the first argument with the others, later."""
KEEPERS = {
    "abc.abstractmethod",
    "atexit.register",
    "backoff.on_exception",
    "backoff.on_predicate",
    "functools.cache",
    "functools.lru_cache",
    "functools.wraps",
    "streamlit.cache_data",
    "streamlit.cache_resource",
    "tenacity.retry",
    "typing.final",
    "typing.no_type_check",
    "typing_extensions.deprecated",
    "warnings.deprecated",
}
"""Decorators, with arguments or without, after which a function returns what it did before."""


def keeps_returns(decorator: ast.expr, scope: Scope) -> bool:
    """Whether a decorator of others leaves what a function returns as it is."""
    return name_of(decorator.func if isinstance(decorator, ast.Call) else decorator, scope) in KEEPERS


def name_of(function: ast.expr, scope: Scope) -> Optional[str]:
    """The full name of a function that is imported, built in, or belongs to a fixture."""
    known = resolve(function, scope)
    if known is not None and known.form == "thing" and not known.own:
        return known.path
    names: list[str] = []
    while isinstance(function, ast.Attribute):
        names.append(function.attr)
        function = function.value
    if not isinstance(function, ast.Name) or (function.id not in FIXTURES and scope.binds(function.id)):
        return None
    return ".".join([function.id, *reversed(names)])


def text_of(call: ast.Call, place: int) -> Optional[str]:
    """The argument at a place, where it is a text that is written out."""
    given = call.args[place] if len(call.args) > place else None
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None


def literal_names(unpacked: ast.expr, scope: Scope) -> Optional[list[tuple[str, ast.AST]]]:
    """The names in `**{"name": ...}` and `**dict(name=...)`, each with its place; None where they are not written out."""
    if isinstance(unpacked, ast.Dict):
        keys = [key for key in unpacked.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        return [(key.value, key) for key in keys] if len(keys) == len(unpacked.keys) else None
    if isinstance(unpacked, ast.Call) and name_of(unpacked.func, scope) == "dict" and not unpacked.args:
        named = [(keyword.arg, keyword) for keyword in unpacked.keywords if keyword.arg is not None]
        return list(named) if len(named) == len(unpacked.keywords) else None
    return None
