"""Values as text that reads back as the same value."""

import ast

MAX_DEPTH = 30
MAX_TEXT = 4000
PLAIN = (type(None), bool, int, str, bytes)


class NoLiteral(Exception):
    """The value has no literal, or one that is too long to be read."""


def literal(value, depth=0):
    """The text, as short as `repr` would be. Only exact built-in types: a subclass may behave in other ways."""
    text = _text(value, depth)
    if len(text) > MAX_TEXT:
        raise NoLiteral("too long")
    return text


def literal_or_none(value):
    try:
        return literal(value)
    except (NoLiteral, ValueError, RecursionError):
        return None


def _text(value, depth):
    kind = type(value)
    if depth > MAX_DEPTH:
        raise NoLiteral("nested too deeply")
    if kind in PLAIN:
        return repr(value)
    if kind is float:
        if value != value:
            raise NoLiteral("not a number")
        return repr(value).replace("inf", "1e999")
    if kind in (list, tuple, set, dict) and len(value) > MAX_TEXT:
        raise NoLiteral("too long")
    if kind is list:
        return "[" + ", ".join([_text(item, depth + 1) for item in value]) + "]"
    if kind is tuple:
        items = [_text(item, depth + 1) for item in value]
        return "(" + ", ".join(items) + ("," if len(items) == 1 else "") + ")"
    if kind is set and value:
        return "{" + ", ".join(sorted([_text(item, depth + 1) for item in value])) + "}"
    if kind is dict:
        items = value.items()
        return "{" + ", ".join([f"{_text(k, depth + 1)}: {_text(v, depth + 1)}" for k, v in items]) + "}"
    raise NoLiteral(kind.__name__)


def node_of(value):
    """The value as an expression of a syntax tree."""
    return ast.parse(literal(value), mode="eval").body
