"""Mutation operators: each plants one bug of a kind that people make, by replacing one piece of a function's text."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add,),
    ast.Div: (ast.Mult,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
CLEANING = {"strip", "lstrip", "rstrip", "lower", "upper", "title", "casefold"}


@dataclass(frozen=True)
class Mutant:
    """A whole source with one bug, its kind, and what was done, for a title."""

    source: str
    kind: str
    what: str


@dataclass(frozen=True)
class _Change:
    node: ast.AST
    text: str
    kind: str
    what: str


def mutants(source: str, function: ast.FunctionDef) -> list[Mutant]:
    """Every mutant of a function, in the order of their places. `function` is a node of `source`."""
    found: dict[str, Mutant] = {}
    for node in _nodes(function):
        for change in _changes(node, function):
            text = _replaced(source, change)
            if text is not None and text != source:
                found.setdefault(text, Mutant(text, change.kind, change.what))
    return list(found.values())


def _nodes(function: ast.FunctionDef) -> Iterator[ast.AST]:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    for default in [*function.args.defaults, *(each for each in function.args.kw_defaults if each)]:
        yield _Default(default)
    for statement in body:
        yield from ast.walk(statement)


class _Default(ast.expr):
    """Marks the default of a parameter."""

    def __init__(self, value: ast.expr) -> None:
        super().__init__()
        self.value = value
        ast.copy_location(self, value)
        self.end_lineno, self.end_col_offset = value.end_lineno, value.end_col_offset


def _changes(node: ast.AST, function: ast.FunctionDef) -> Iterator[_Change]:
    if isinstance(node, _Default):
        yield from _of_default(node)
    elif isinstance(node, ast.Compare):
        yield from _of_compare(node)
    elif isinstance(node, ast.BinOp):
        yield from _of_arithmetic(node)
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield _made(node, ast.BoolOp(other, node.values), "inverted-condition", "`and` and `or` are mixed up")
    elif isinstance(node, (ast.If, ast.While)):
        yield from _of_branch(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield _made(node, node.operand, "inverted-condition", "a `not` is missing")
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield _Change(node, ast.unparse(node.value), "missing-return", "a result is not returned")
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from _of_name(node, function)


def _of_default(node: _Default) -> Iterator[_Change]:
    value = getattr(node.value, "value", None)
    if isinstance(value, bool):
        yield _Change(node, repr(not value), "wrong-default", "a default is the other way round")
    elif isinstance(value, (int, float)):
        yield _Change(node, repr(value + 1), "wrong-default", f"a default is {value + 1} instead of {value}")


def _of_compare(node: ast.Compare) -> Iterator[_Change]:
    for place, sign in enumerate(node.ops):
        for other in COMPARISONS.get(type(sign), ()):
            signs = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            what = f"compares by {_sign(other())} instead of {_sign(sign)}"
            yield _made(node, ast.Compare(node.left, signs, node.comparators), "wrong-comparison", what)


def _of_arithmetic(node: ast.BinOp) -> Iterator[_Change]:
    if isinstance(node.right, ast.Constant) and node.right.value == 1 and isinstance(node.op, (ast.Add, ast.Sub)):
        yield _made(node, node.left, "off-by-one", "a step of one is missing")
    if isinstance(node.op, ast.FloorDiv):
        yield _made(node, ast.BinOp(node.left, ast.Div(), node.right), "rounding", "a quotient is not rounded")
    for other in ARITHMETIC.get(type(node.op), ()):
        what = f"uses {_sign(other())} instead of {_sign(node.op)}"
        yield _made(node, ast.BinOp(node.left, other(), node.right), "wrong-operator", what)


def _of_branch(node: ast.If | ast.While) -> Iterator[_Change]:
    if isinstance(node, ast.If) and not isinstance(node.test, (ast.Compare, ast.BoolOp, ast.UnaryOp)):
        yield _made(node.test, ast.UnaryOp(ast.Not(), node.test), "inverted-condition", "a condition is turned round")
    leaves = isinstance(node, ast.If) and not node.orelse and isinstance(node.body[-1], (ast.Return, ast.Raise, ast.Continue))
    if leaves:
        yield _Change(node, "", "missing-case", "a case is left out")


def _of_call(node: ast.Call) -> Iterator[_Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if isinstance(node.func, ast.Attribute) and node.func.attr in CLEANING and not node.args:
        what = f"`{node.func.attr}` is forgotten"
        yield _made(node, node.func.value, "string-handling", what)
    if name in ("round", "int") and len(node.args) >= 1:
        yield _made(node, node.args[0], "rounding", f"`{name}` is forgotten")
    if name in ("min", "max"):
        other = ast.Name("max" if name == "min" else "min", ast.Load())
        yield _made(node, ast.Call(other, node.args, node.keywords), "wrong-function", "`min` and `max` are mixed up")
    if name == "range" and len(node.args) <= 2:
        for step, what in ((1, "runs one step too far"), (-1, "stops one step early")):
            yield _made(node, ast.Call(node.func, [*node.args[:-1], _stepped(node.args[-1], step)], []), "off-by-one", what)
    if len(node.args) == 2 and name != "range" and not any(isinstance(each, ast.Starred) for each in node.args):
        turned = ast.Call(node.func, node.args[::-1], node.keywords)
        yield _made(node, turned, "argument-order", "two arguments are mixed up")


def _of_subscript(node: ast.Subscript) -> Iterator[_Change]:
    index = node.slice
    if isinstance(index, ast.Slice):
        for side in ("lower", "upper"):
            bound = getattr(index, side)
            if bound is not None:
                other = copy.copy(index)
                setattr(other, side, _stepped(bound, 1))
                yield _made(node, ast.Subscript(node.value, other, node.ctx), "off-by-one", "a slice is one off")
    elif isinstance(index, ast.Constant) and isinstance(index.value, int):
        other_index = ast.Constant(index.value + 1)
        yield _made(node, ast.Subscript(node.value, other_index, node.ctx), "wrong-index", "an index is one off")


def _of_name(node: ast.Name, function: ast.FunctionDef) -> Iterator[_Change]:
    own = [each.arg for each in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]]
    if node.id in own:
        for other in own:
            if other != node.id:
                yield _Change(node, other, "wrong-variable", f"uses {other} instead of {node.id}")


def _stepped(node: ast.expr, step: int) -> ast.expr:
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + step)
    return ast.BinOp(node, ast.Add() if step > 0 else ast.Sub(), ast.Constant(1))


def _made(node: ast.AST, other: ast.AST, kind: str, what: str) -> _Change:
    text = ast.unparse(ast.fix_missing_locations(ast.copy_location(copy.deepcopy(other), node)))
    needs_brackets = isinstance(node, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp)) and isinstance(
        other, (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp)
    )
    return _Change(node, text, kind, what) if not needs_brackets else _Change(node, _Bracketed(text), kind, what)


class _Bracketed(str):
    """An expression that may stand inside of another one: it gets brackets where it would be read otherwise."""


def _replaced(source: str, change: _Change) -> str | None:
    """The source with one piece replaced; None where that is no Python any more."""
    if isinstance(change.text, _Bracketed):
        plain = _with(source, change.node, str(change.text))
        bracketed = _with(source, change.node, f"({change.text})")
        # The plain text says the same where brackets change nothing.
        return plain if _same_tree(plain, bracketed) else _valid(bracketed)
    return _valid(_with(source, change.node, change.text))


def _with(source: str, node: ast.AST, text: str) -> str:
    """Offsets of a tree count bytes. A statement that goes away takes its lines with it."""
    lines = source.split("\n")
    first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1  # type: ignore[attr-defined]
    before = lines[first].encode()[: node.col_offset].decode()  # type: ignore[attr-defined]
    after = lines[last].encode()[node.end_col_offset :].decode()  # type: ignore[attr-defined]
    if text == "" and not before.strip():
        return "\n".join([*lines[:first], *lines[last + 1 :]])
    return "\n".join([*lines[:first], before + text + after, *lines[last + 1 :]])


def _valid(text: str) -> str | None:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return None
    return text


def _same_tree(a: str, b: str) -> bool:
    try:
        return ast.dump(ast.parse(a)) == ast.dump(ast.parse(b))
    except (SyntaxError, ValueError):
        return False


def _sign(sign: ast.AST) -> str:
    if isinstance(sign, ast.cmpop):
        return f"`{ast.unparse(ast.Compare(ast.Name('a'), [sign], [ast.Name('b')]))[2:-2]}`"
    return f"`{ast.unparse(ast.BinOp(ast.Name('a'), sign, ast.Name('b')))[2:-2]}`"  # type: ignore[arg-type]
