"""An expression of a test, with every name that it reads replaced by the value that the name has there."""

import ast
import builtins
import copy
import types

from cx_literals import NoLiteral, node_of

MAX_TEXT = 2000


class CannotReplace(Exception):
    """A name stands for something that has no literal."""


def replaced(expression, frame, recorder):
    """The text of the expression, on its own. Raises CannotReplace."""
    tree = copy.deepcopy(expression)
    try:
        text = ast.unparse(ast.fix_missing_locations(_Replacer(frame, recorder, _bound(tree)).visit(tree)))
    except (NoLiteral, ValueError, RecursionError) as error:
        raise CannotReplace(str(error)) from error
    if len(text) > MAX_TEXT:
        raise CannotReplace("too long")
    return text


def value_of(name, frame):
    for scope in (frame.f_locals, frame.f_globals, vars(builtins)):
        if name in scope:
            return scope[name]
    raise CannotReplace(name)


def _bound(tree):
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
    return names


class _Replacer(ast.NodeTransformer):
    def __init__(self, frame, recorder, bound):
        self._frame, self._recorder, self._bound = frame, recorder, bound

    def visit_Name(self, node):
        if node.id in self._bound:
            return node
        value = value_of(node.id, self._frame)
        if self._recorder.has_made(value):
            return ast.Name(self._recorder.entry, ast.Load())
        if getattr(builtins, node.id, self) is value:
            return node
        return node_of(value)

    def visit_Attribute(self, node):
        if self._is_function(node):
            return ast.Name(self._recorder.entry, ast.Load())
        return self.generic_visit(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        args = []
        for arg in node.args:
            if isinstance(arg, ast.Starred) and isinstance(arg.value, (ast.List, ast.Tuple)):
                args += arg.value.elts
            else:
                args.append(arg)
        node.args = args
        return node

    def _is_function(self, node):
        """Whether `module.function` is the function in question; nothing but modules is asked for attributes."""
        path = []
        while isinstance(node, ast.Attribute):
            path.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id in self._bound:
            return False
        value = value_of(node.id, self._frame)
        for name in reversed(path):
            if not isinstance(value, types.ModuleType):
                return False
            value = getattr(value, name, None)
        return self._recorder.has_made(value)
