"""Rewrites a test module, so that each of its assertions tells what it compares."""

import ast
import copy

WATCH = "__cx__"

EQUALS = {
    "assertEqual", "assertEquals", "assertListEqual", "assertTupleEqual", "assertSetEqual", "assertDictEqual",
    "assertSequenceEqual", "assertMultiLineEqual", "assertIs",
}  # fmt: skip
RAISES = ("raises", "assertRaises", "assertRaisesRegex")


class Assertion:
    """The line of an assertion and what it is made of. `right` is None where the truth of `left` is asserted."""

    def __init__(self, line, left, right):
        self.line, self.left, self.right = line, left, right


class Rewriter(ast.NodeTransformer):
    """Visit a module once; `assertions` are numbered in the order in which they are found."""

    def __init__(self):
        self.assertions = []

    def visit_AsyncFunctionDef(self, node):
        return node

    def visit_Assert(self, node):
        if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And):
            made = []
            for value in node.test.values:
                each = self.visit_Assert(ast.copy_location(ast.Assert(value, node.msg), node))
                made += each if isinstance(each, list) else [each]
            return made
        node.test = self._watched(node.test, node)
        return node

    def visit_Expr(self, node):
        call = node.value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return node
        name, args = call.func.attr, call.args
        if name in EQUALS and len(args) >= 2:
            pair = self._call("pair", node, args[0], args[1], "is" if name == "assertIs" else "eq", [])
            call.args = [ast.Starred(pair, ast.Load()), *args[2:]]
        elif name == "assertAlmostEqual" and len(args) >= 2:
            pair = self._call("pair", node, args[0], args[1], "near", [*call.keywords, *_places(args[2:])])
            call.args = [ast.Starred(pair, ast.Load()), *args[2:]]
        elif name in ("assertTrue", "assertFalse") and args:
            call.args = [self._watched(args[0], node), *args[1:]]
        elif name == "assertIsNone" and args:
            pair = self._call("pair", node, args[0], ast.Constant(None), "is", [])
            call.args = [ast.Subscript(pair, ast.Constant(0), ast.Load()), *args[1:]]
        elif name in RAISES[1:] and len(args) >= 2 and not isinstance(args[1], ast.Constant):
            manager = ast.Call(call.func, [args[0]], [])
            inner = ast.Expr(ast.Call(args[1], args[2:], call.keywords))
            block = ast.With([ast.withitem(manager)], [inner])
            return self.visit_With(ast.fix_missing_locations(ast.copy_location(block, node)))
        else:
            return node
        return ast.fix_missing_locations(node)

    def visit_With(self, node):
        for item in node.items:
            call = item.context_expr
            if isinstance(call, ast.Call) and _name(call.func) in RAISES:
                only = node.body[0].value if len(node.body) == 1 and isinstance(node.body[0], ast.Expr) else None
                number = self._note(node, only, None)
                item.context_expr = _watch("raising", [ast.Constant(number), call], call)
        return ast.fix_missing_locations(self.generic_visit(node))

    def _watched(self, test, node):
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test.operand = self._truth(test.operand, node)
            return test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], (ast.Eq, ast.Is)):
            kind = "eq" if isinstance(test.ops[0], ast.Eq) else "is"
            return self._call("compare", node, test.left, test.comparators[0], kind, [])
        return self._truth(test, node)

    def _truth(self, test, node):
        kind = "other" if isinstance(test, ast.Compare) else "truth"
        number = self._note(node, copy.deepcopy(test), None)
        return _watch("truth", [ast.Constant(number), ast.Constant(kind), _watch("mark", [], test), test], test)

    def _call(self, method, node, left, right, kind, keywords):
        number = self._note(node, copy.deepcopy(left), copy.deepcopy(right))
        marks = [_watch("mark", [], left), left, _watch("mark", [], left), right]
        made = _watch(method, [ast.Constant(number), ast.Constant(kind), *marks], left)
        made.keywords = [copy.deepcopy(each) for each in keywords if each.arg in ("places", "delta")]
        return ast.fix_missing_locations(made)

    def _note(self, node, left, right):
        self.assertions.append(Assertion(node.lineno, left, right))
        return len(self.assertions) - 1


def _places(args):
    return [ast.keyword("places", args[0])] if args else []


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)


def _watch(method, args, where):
    function = ast.Attribute(ast.Name(WATCH, ast.Load()), method, ast.Load())
    return ast.fix_missing_locations(ast.copy_location(ast.Call(function, args, []), where))
