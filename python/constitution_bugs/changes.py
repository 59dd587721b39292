"""What a fix changed: which functions, which line, and of which kind the bug is."""

from __future__ import annotations

import ast
import difflib

from .tree import Tree


def changed_functions(buggy: Tree, fixed: Tree, path: str) -> list[str]:
    """Functions of a file that are there before and after, and differ in more than their text for people."""
    before, after = buggy.bindings(path), fixed.bindings(path)
    return [
        name
        for name, statement in after.items()
        if isinstance(statement, ast.FunctionDef)
        and isinstance(known := before.get(name), ast.FunctionDef)
        and _dump(statement) != _dump(known)
    ]


def changed_methods(buggy: Tree, fixed: Tree, path: str) -> list[str]:
    """`Class.method` for those that differ; they cannot be seeded bugs, which are functions."""
    found = []
    for name, statement in fixed.bindings(path).items():
        known = buggy.bindings(path).get(name)
        if isinstance(statement, ast.ClassDef) and isinstance(known, ast.ClassDef):
            old = {node.name: _dump(node) for node in known.body if isinstance(node, ast.FunctionDef)}
            found += [
                f"{name}.{node.name}"
                for node in statement.body
                if isinstance(node, ast.FunctionDef) and old.get(node.name, _dump(node)) != _dump(node)
            ]
    return found


def first_changed_line(buggy: str, fixed: str) -> int:
    """Line (from 1) of the buggy text where the fix begins to differ; where it only adds lines, the one before."""
    before, after = buggy.rstrip("\n").split("\n"), fixed.rstrip("\n").split("\n")
    for tag, start, end, _, _ in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag in ("replace", "delete"):
            return start + 1
        if tag == "insert":
            return max(1, min(end, len(before)))
    return 1


def kind_of(buggy: str, fixed: str, entry: str) -> str:
    """The kind of bug as far as it shows in the first place where two functions differ."""
    old, new = _function(buggy, entry), _function(fixed, entry)
    return (old and new and _difference(old, new)) or "wrong-helper"


def _difference(a: object, b: object) -> str | None:
    """The kind of the first difference between two parts of a tree, None where there is none."""
    if type(a) is not type(b):
        return _of_types(a, b)
    if isinstance(a, list) and isinstance(b, list):
        if len(a) != len(b):
            return _of_lists(a, b)
        if _is_turned(a, b):
            return "argument-order"
        return next((kind for x, y in zip(a, b, strict=True) if (kind := _difference(x, y))), None)
    if isinstance(a, ast.arguments) and isinstance(b, ast.arguments):
        for x, y in zip([*a.defaults, *a.kw_defaults], [*b.defaults, *b.kw_defaults], strict=False):
            if _difference(x, y):
                is_shared = isinstance(x, (ast.List, ast.Dict, ast.Set, ast.Call))
                return "mutable-default" if is_shared and isinstance(y, ast.Constant) else "wrong-default"
        return None
    if isinstance(a, ast.Name) and isinstance(b, ast.Name):
        return None if a.id == b.id else "wrong-variable"
    if isinstance(a, ast.Attribute) and isinstance(b, ast.Attribute) and a.attr != b.attr:
        return "wrong-attribute"
    if isinstance(a, ast.AST):
        fields = ((getattr(a, name, None), getattr(b, name, None)) for name in a._fields if name != "ctx")
        return next((kind for x, y in fields if (kind := _difference(x, y))), None)
    if a == b:
        return None
    is_count = isinstance(a, int) and isinstance(b, int) and not isinstance(a, bool)
    return "off-by-one" if is_count and abs(a - b) == 1 else "wrong-value"  # type: ignore[operator]


def _of_types(a: object, b: object) -> str:
    if isinstance(a, ast.cmpop):
        return "wrong-comparison"
    if isinstance(a, ast.boolop) or _is_negation(a) or _is_negation(b):
        return "inverted-condition"
    if isinstance(a, ast.FloorDiv) or isinstance(b, ast.FloorDiv) or _rounds(a) or _rounds(b):
        return "rounding"
    if isinstance(a, (ast.operator, ast.unaryop)):
        return "wrong-operator"
    if _is_step(a, b) or _is_step(b, a):
        return "off-by-one"
    if isinstance(b, ast.stmt) and isinstance(a, ast.stmt):
        return "missing-return" if isinstance(b, ast.Return) else "missing-case" if isinstance(b, ast.If) else "wrong-step"
    return "wrong-expression"


def _of_lists(a: list[object], b: list[object]) -> str:
    if len(a) > len(b):
        return "needless-step"
    if any(isinstance(node, ast.Return) for node in b) and not any(isinstance(node, ast.Return) for node in a):
        return "missing-return"
    return "missing-case" if any(isinstance(node, ast.stmt) for node in b) else "wrong-expression"


def _is_negation(node: object) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _rounds(node: object) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in ("round", "int", "ceil", "floor", "trunc")


def _is_step(a: object, b: object) -> bool:
    """Whether one is the other plus or minus one."""
    return (
        isinstance(a, ast.BinOp)
        and isinstance(a.op, (ast.Add, ast.Sub))
        and isinstance(a.right, ast.Constant)
        and a.right.value == 1
        and isinstance(b, ast.AST)
        and ast.dump(a.left) == ast.dump(b)
    )


def _is_turned(a: list[object], b: list[object]) -> bool:
    """Whether the same expressions stand in another order."""
    texts = [[ast.dump(each) for each in side if isinstance(each, ast.expr)] for side in (a, b)]
    return len(texts[0]) == len(a) > 1 and texts[0] != texts[1] and sorted(texts[0]) == sorted(texts[1])


def _function(source: str, entry: str) -> ast.FunctionDef | None:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return None
    return next((node for node in body if isinstance(node, ast.FunctionDef) and node.name == entry), None)


def _dump(node: ast.FunctionDef) -> str:
    """The function's meaning: its tree without its docstring."""
    text = ast.get_docstring(node, clean=False)
    body = node.body[1:] if text is not None else node.body
    parts = [ast.dump(node.args), *(ast.dump(each) for each in [*node.decorator_list, *body])]
    return "\n".join(parts)
