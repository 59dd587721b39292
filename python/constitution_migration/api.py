"""What a package offers to those who import it: its modules, names, signatures and members, as JSON-safe data."""

from __future__ import annotations

import importlib
import inspect
import os
import pkgutil
import re
import types
import warnings
from collections.abc import Iterator
from importlib.metadata import version
from typing import Any, Optional, TypedDict


class Parameter(TypedDict):
    """`kind`: `positional`, `any`, `keyword`, `*` or `**`. `default`: its text; None where a value must be given."""

    name: str
    kind: str
    default: Optional[str]


class Member(TypedDict):
    """What a class has: its public names, and `__call__`. `kind`: `method`, `property` or `value`; `of`: the class that
    defines it; parameters without `self`. `deprecated`: what it says of that; None where it says nothing."""

    kind: str
    of: str
    parameters: Optional[list[Parameter]]
    deprecated: Optional[str]


class Offer(TypedDict):
    """One name. `kind`: `module`, `class`, `function` or `value`. `of`: where it is defined, the same for every path that
    leads to it. `parameters`: how it is called; None where Python does not tell. `deprecated`: as of members."""

    kind: str
    of: str
    parameters: Optional[list[Parameter]]
    deprecated: Optional[str]
    members: dict[str, Member]


class Api(TypedDict):
    """`names`: by dotted path. `closed`: modules that could not be imported, and why; what they offer is not known.
    `settings`: the keys of `<package>.settings` with their defaults as text, where the package has that."""

    package: str
    version: str
    names: dict[str, Offer]
    closed: dict[str, str]
    settings: dict[str, str]


KINDS = {
    inspect.Parameter.POSITIONAL_ONLY: "positional",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "any",
    inspect.Parameter.KEYWORD_ONLY: "keyword",
    inspect.Parameter.VAR_POSITIONAL: "*",
    inspect.Parameter.VAR_KEYWORD: "**",
}
DEPRECATED = re.compile(r"^[ \t]*(?:\.\. )?\[?deprecated\b.*$", re.IGNORECASE | re.MULTILINE)
LITERALS = (type(None), bool, int, float, str)


def api_of(package: str) -> Api:
    """Imports the package and every public module below it. Raises ImportError where the package itself cannot be had."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        root = importlib.import_module(package)
        modules, closed = _modules(root)
        names: dict[str, Offer] = {}
        for module in modules:
            names[module.__name__] = Offer(
                kind="module", of=module.__name__, parameters=None, deprecated=_deprecation(module), members={}
            )
            for name, value in _public(module):
                names.setdefault(f"{module.__name__}.{name}", _offer(value, f"{module.__name__}.{name}", package))
        settings = {key: _text(value) for key, value in _settings(root).items()}
    return Api(package=package, version=version(package), names=names, closed=closed, settings=settings)


def _modules(root: types.ModuleType) -> tuple[list[types.ModuleType], dict[str, str]]:
    found, closed = [root], {}
    pending = [(root.__name__, root.__path__)] if hasattr(root, "__path__") else []
    while pending:
        parent, places = pending.pop()
        for module in pkgutil.iter_modules(places):
            name = f"{parent}.{module.name}"
            if module.name.startswith("_"):
                continue
            try:
                imported = importlib.import_module(name)
            except BaseException as error:  # noqa: BLE001 - whatever an import runs into, SystemExit too
                closed[name] = f"{type(error).__name__}: {error}"[:300]
                continue
            found.append(imported)
            if module.ispkg:
                pending.append((name, imported.__path__))
    return found, closed


def _public(module: types.ModuleType) -> Iterator[tuple[str, Any]]:
    """What a module offers: its own names, and those of its package that it hands on; not what it happens to import."""
    package = module.__name__.partition(".")[0]
    stated = getattr(module, "__all__", None)
    for name in sorted(stated if isinstance(stated, (list, tuple)) else vars(module)):
        value = vars(module).get(name, inspect)
        if not isinstance(name, str) or name.startswith("_") or isinstance(value, types.ModuleType):
            continue
        home = getattr(value, "__module__", None)
        if home is None or not isinstance(home, str):
            yield name, value
        elif home == package or home.startswith(f"{package}."):
            yield name, value


def _offer(value: Any, path: str, package: str) -> Offer:
    said = _deprecation(value)
    if inspect.isclass(value):
        return Offer(
            kind="class",
            of=_home(value, path),
            parameters=_made_with(value),
            deprecated=said,
            members=_members(value, package),
        )
    if callable(value) and hasattr(value, "__qualname__"):
        return Offer(kind="function", of=_home(value, path), parameters=_parameters(value), deprecated=said, members={})
    return Offer(kind="value", of=path, parameters=None, deprecated=None, members={})


def _deprecation(value: Any) -> Optional[str]:
    """What is said where people say it: by `@deprecated` (PEP 702), or at the begin of a line of the own documentation."""
    stated = vars(value).get("__deprecated__") if hasattr(value, "__dict__") else None
    if isinstance(stated, str):
        return stated or "deprecated"
    text = value.__doc__ if isinstance(getattr(value, "__doc__", None), str) else ""
    found = DEPRECATED.search(text)
    return " ".join(found.group(0).split()).strip(". ") if found else None


def _home(value: Any, path: str) -> str:
    home, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    return f"{home}.{name}" if isinstance(home, str) and isinstance(name, str) else path


def _members(owner: type, package: str) -> dict[str, Member]:
    """The public members of a class and of those of its bases that belong to the package."""
    members: dict[str, Member] = {}
    for base in reversed(owner.__mro__):
        if base.__module__.partition(".")[0] != package:
            continue
        home = f"{base.__module__}.{base.__qualname__}"
        for name, value in vars(base).items():
            if not name.startswith("_") or name == "__call__":
                members[name] = _member(value, home)
    return members


def _member(value: Any, home: str) -> Member:
    kind, parameters = "property" if isinstance(value, property) else "value", None
    said = value if kind == "property" else None
    if isinstance(value, (staticmethod, classmethod)):
        said = value.__func__
        kind, parameters = "method", _parameters(said, bound=isinstance(value, classmethod))
    elif inspect.isfunction(value):
        said = value
        kind, parameters = "method", _parameters(value, bound=True)
    return Member(kind=kind, of=home, parameters=parameters, deprecated=_deprecation(said) if said else None)


def _made_with(owner: type) -> Optional[list[Parameter]]:
    """How a class is called. A metaclass that passes on whatever it is given says nothing; then `__init__` does."""
    parameters = _parameters(owner)
    passed_on = [parameter["kind"] for parameter in parameters or []] == ["*", "**"]
    if passed_on and type(owner).__call__ is not type.__call__ and inspect.isfunction(owner.__init__):
        return _parameters(owner.__init__, bound=True)
    return parameters


def _parameters(value: Any, *, bound: bool = False) -> Optional[list[Parameter]]:
    try:
        parameters = list(inspect.signature(value).parameters.values())
    except (TypeError, ValueError):
        return None
    return [
        Parameter(
            name=parameter.name,
            kind=KINDS[parameter.kind],
            default=None if parameter.default is parameter.empty else _text(parameter.default),
        )
        for parameter in parameters[1 if bound else 0 :]
    ]


def _settings(root: types.ModuleType) -> dict[str, Any]:
    """What `<package>.settings` knows; DSPy keeps its defaults as a mapping beside the object."""
    home = getattr(type(getattr(root, "settings", None)), "__module__", "")
    defaults = getattr(importlib.import_module(home), "DEFAULT_CONFIG", {}) if home.startswith(root.__name__) else {}
    return dict(defaults) if isinstance(defaults, dict) else {}


def _text(value: Any) -> str:
    """A default as it would be written; of an object only its type, for its text may hold an address. Absolute paths differ
    between environments and say nothing."""
    if isinstance(value, str) and os.path.isabs(value):
        return "<path>"
    if isinstance(value, LITERALS) or (isinstance(value, (tuple, list)) and all(isinstance(v, LITERALS) for v in value)):
        return repr(value)
    return f"<{getattr(value, '__qualname__', None) or type(value).__qualname__}>"
