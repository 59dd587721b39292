"""A test's own lines up to an assertion, as one expression: for calls whose arguments have no literal, say objects of a
class of the project."""

from __future__ import annotations

import ast
import copy
from collections.abc import Mapping, Sequence

from .closure import BUILTINS, Closure, names_in
from .errors import Unusable
from .tree import Tree

PYTEST = {"pytest"}


def scripts_of(
    tree: Tree, targets: Sequence[str], entry: str, file: str, line: int, values: Mapping[str, str], wrap: str
) -> list[str]:
    """Expressions that run the lines in names of their own and give the asserted value: first without what earlier
    assertions ask for, then with it, since that may matter.

    `values` are the test's variables as literals: its parameters are taken from there. Raises Unusable.
    """
    function, place = _place(tree.module(file), line)
    assertion = (function.body if function else tree.module(file).body)[place]
    before = (function.body if function else [])[:place]
    aliases = _Aliases(tree, targets, entry, file)
    value = aliases.visit(copy.deepcopy(_asserted(assertion)))
    given = _parameters(function, values)
    steps = [[aliases.visit(copy.deepcopy(each)) for each in _plain(statement)] for statement in before]
    asked = [isinstance(statement, ast.Assert) for statement in before]
    without = [step for made, was_asked in zip(steps, asked, strict=True) for step in made if not was_asked]
    texts = []
    for chosen in (without, [step for made in steps for step in made]):
        result = wrap.replace("{}", ast.unparse(value))
        body = [*(ast.unparse(step) for step in chosen), f"value = {result}"]
        needed = _needed(tree, targets, entry, (file, line), [*chosen, value], set(given))
        lines = [needed, *(f"{name} = {text}" for name, text in given.items()), *body]
        text = "\n".join(each for each in lines if each)
        texts.append(f"exec({text!r}, scope := {{**globals()}}) or scope['value']")
    return list(dict.fromkeys(texts))


def _needed(
    tree: Tree, targets: Sequence[str], entry: str, at: tuple[str, int], nodes: Sequence[ast.AST], given: set[str]
) -> str:
    """The definitions of the test's module that its lines refer to."""
    file, line = at
    closure = Closure(tree, given=[(target, entry) for target in targets])
    local = {name for node in nodes for name in _stored(node)} | given | {entry}
    for name in sorted({name for node in nodes for name in names_in(node)} - local):
        if name in tree.bindings(file):
            closure.add(file, name)
        elif name not in BUILTINS:
            raise Unusable(f"{name} is not known at its line", file=file, line=line)
    return closure.text().strip("\n")


def _place(module: ast.Module, line: int) -> tuple[ast.FunctionDef | None, int]:
    """The function around a line, and which of its own statements stands there."""
    functions = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or node.lineno)
    ]
    function = max(functions, key=lambda node: node.lineno) if functions else None
    for place, statement in enumerate(function.body if function else module.body):
        if statement.lineno == line and isinstance(statement, (ast.Assert, ast.Expr)):
            return function, place
    raise Unusable("it stands in a loop or a branch")


def _asserted(statement: ast.stmt) -> ast.expr:
    """The side of an assertion that is the value: the left one."""
    if isinstance(statement, ast.Assert):
        test = statement.test
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return test.operand
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return test.left
        if isinstance(test, ast.BoolOp):
            raise Unusable("it asserts several things at once")
        return test
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call) and statement.value.args:
        return statement.value.args[0]
    raise Unusable("it is no assertion of one value")


def _plain(statement: ast.stmt) -> list[ast.stmt]:
    """A line before the assertion: earlier assertions are reduced to the values they ask for, since these may matter."""
    if isinstance(statement, ast.Assert):
        try:
            value = _asserted(statement)
        except Unusable:
            value = statement.test
        asks = any(isinstance(node, ast.Call) for node in ast.walk(value))
        return [ast.copy_location(ast.Expr(value), statement)] if asks else []
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []
    if names_in(statement) & {*PYTEST, "self", "cls"}:
        raise Unusable("its lines use the test's own class or pytest")
    return [statement]


def _parameters(function: ast.FunctionDef | None, values: Mapping[str, str]) -> dict[str, str]:
    given = {}
    arguments = function.args if function else None
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs] if arguments else []:
        if argument.arg in ("self", "cls"):
            continue
        if argument.arg not in values:
            raise Unusable(f"its parameter {argument.arg} has no literal")
        given[argument.arg] = values[argument.arg]
    return given


def _stored(node: ast.AST) -> set[str]:
    stored = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    stored |= {each.arg for each in ast.walk(node) if isinstance(each, ast.arg)}
    return stored | {
        alias.asname or alias.name.partition(".")[0]
        for each in ast.walk(node)
        if isinstance(each, (ast.Import, ast.ImportFrom))
        for alias in each.names
    }


class _Aliases(ast.NodeTransformer):
    """The function under the name that it has in the program, whatever a test module calls it."""

    def __init__(self, tree: Tree, targets: Sequence[str], entry: str, file: str) -> None:
        self._entry = entry
        self._names: set[str] = set()
        self._modules: set[str] = set()
        for statement in ast.walk(tree.module(file)):
            if isinstance(statement, ast.ImportFrom):
                base = statement.module or ""
                for alias in statement.names:
                    name = alias.asname or alias.name
                    if alias.name == entry and tree.resolve(file, base, statement.level) is not None:
                        self._names.add(name)
                    if tree.resolve(file, f"{base}.{alias.name}".strip("."), statement.level) in targets:
                        self._modules.add(name)
            elif isinstance(statement, ast.Import):
                for alias in statement.names:
                    if tree.resolve(file, alias.name) in targets:
                        self._modules.add(alias.asname or alias.name)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) and node.id in self._names:
            return ast.copy_location(ast.Name(self._entry, ast.Load()), node)
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr == self._entry and ast.unparse(node.value) in self._modules:
            return ast.copy_location(ast.Name(self._entry, ast.Load()), node)
        return self.generic_visit(node)
