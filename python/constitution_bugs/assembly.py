"""Puts a seeded bug together: the program with its bug and its fix as texts of their own, and the tests chosen."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from .candidates import Extracted, Left
from .changes import first_changed_line, kind_of
from .closure import self_contained
from .errors import Unusable
from .selection import Selected, judge, select
from .tree import Tree, parse


@dataclass
class MadeBug:
    """Everything that the files of a Coder bug hold, but for its title and difficulty. Of a draft (`why` says what is
    missing) the parts that could be had; JSON-safe as a dictionary."""

    entry: str
    buggy: str = ""
    fixed: str = ""
    line: int = 1
    kind: str = ""
    examples: Sequence[Mapping[str, Any]] = ()
    hidden: Sequence[Mapping[str, Any]] = ()
    failing: int = 0
    shown: bool = True
    why: str | None = None
    left: list[Left] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def assemble(entry: str, buggy: str, fixed: str, extracted: Extracted) -> MadeBug:
    """A bug of two self-contained texts and what tests say. Without enough tests it is a draft."""
    made = MadeBug(entry, buggy, fixed, first_changed_line(buggy, fixed), kind_of(buggy, fixed, entry))
    if buggy.split() == fixed.split():
        made.why = f"{entry} is the same before and after"
        return made
    judged, made.left = judge(extracted, fixed, buggy)
    try:
        chosen: Selected = select(judged, made.left)
    except Unusable as unusable:
        made.why = unusable.reason
        return made
    made.examples, made.hidden = chosen.examples, chosen.hidden
    made.failing, made.shown = chosen.failing, chosen.shown
    return made


def texts_of(buggy: Tree, fixed: Tree, path: str, entry: str) -> tuple[str, str]:
    """The function before and after, each with what it needs. A description that stands beside the function becomes its
    docstring, the same in both. Raises Unusable."""
    texts = self_contained(buggy, path, entry), self_contained(fixed, path, entry)
    description = _description(buggy.module(path)) or _description(fixed.module(path))
    return _described(texts[0], entry, description), _described(texts[1], entry, description)


def _description(module: ast.Module) -> str | None:
    """A text among a module's statements, which says what its function does where that has no docstring."""
    for statement in module.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
            if isinstance(statement.value.value, str) and statement.value.value.strip():
                return statement.value.value.strip()
    return None


def _described(source: str, entry: str, description: str | None) -> str:
    module = parse(source, f"{entry}.py")
    function = next(n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == entry)
    first = function.body[0]
    if description is None or ast.get_docstring(function) is not None or first.lineno == function.lineno:
        return source
    lines = source.split("\n")
    indent = " " * first.col_offset
    safe = description.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    safe = safe + (" " if safe.endswith('"') else "")
    text = [f"{indent}{line}".rstrip() for line in f'"""{safe}"""'.split("\n")]
    at = min([first.lineno, *(each.lineno for each in getattr(first, "decorator_list", []))]) - 1
    return "\n".join([*lines[:at], *text, *lines[at:]])
