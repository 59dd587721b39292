"""What annotations say of a name."""

from __future__ import annotations

import ast
from typing import Optional


def is_none(value: ast.expr) -> bool:
    """Whether an expression is `None`."""
    return isinstance(value, ast.Constant) and value.value is None


def stated_type(annotation: Optional[ast.expr]) -> Optional[ast.expr]:
    """The one class that an annotation names: `X`, `Optional[X]`, `X | None`, or one of these in quotes."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            return stated_type(ast.parse(annotation.value.strip(), mode="eval").body)
        except SyntaxError:
            return None
    if isinstance(annotation, ast.Subscript):
        outer = annotation.value
        name = outer.attr if isinstance(outer, ast.Attribute) else getattr(outer, "id", None)
        return stated_type(annotation.slice) if name == "Optional" else None
    if isinstance(annotation, ast.BinOp) and isinstance(annotation.op, ast.BitOr):
        sides = [side for side in (annotation.left, annotation.right) if not is_none(side)]
        return stated_type(sides[0]) if len(sides) == 1 else None
    return annotation if isinstance(annotation, (ast.Name, ast.Attribute)) else None
