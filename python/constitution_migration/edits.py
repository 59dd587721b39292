"""The text of a program as bytes: where its parts stand, and what to delete of it without touching anything else."""

from __future__ import annotations

import ast
import re
from typing import Optional

BOM = "\ufeff"
BLANKS = re.compile(rb"[ \t\f]*")
GAP = re.compile(rb"(?:[ \t\f\r\n]|\\\r?\n|#[^\r\n]*)*")
"""What may stand between two parts of a call: blanks, line ends and comments."""
FROM = re.compile(rb"from(?:[ \t\f]|\\\r?\n)+")
LINE_END = re.compile(rb"\r\n|\r|\n|\Z")
INERT = (
    ast.Constant,
    ast.Name,
    ast.Attribute,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.unaryop,
    ast.expr_context,
)
"""What does nothing but have a value."""


class Text:
    """`tree` is the program's syntax tree; offsets are those of the file, with its byte order mark."""

    def __init__(self, text: str) -> None:
        self.shift = len(BOM.encode()) if text.startswith(BOM) else 0
        text = text.removeprefix(BOM)
        self.tree = ast.parse(text)
        self.data = text.encode()
        self.lines = [0, *(match.end() for match in re.finditer(rb"\r\n|\r|\n", self.data))]

    def place(self, node: ast.AST) -> tuple[int, int]:
        """Line and column of a node, from 1, in characters."""
        line = getattr(node, "lineno", 1)
        start = self.lines[line - 1]
        column = getattr(node, "col_offset", 0)
        return line, len(self.data[start : start + column].decode(errors="replace")) + 1

    def last_name(self, node: ast.expr, name: str) -> tuple[int, int]:
        """The bytes of the name that a node ends with."""
        end = self._end(node) + self.shift
        return end - len(name.encode()), end

    def first_name(self, node: ast.AST, name: str) -> tuple[int, int]:
        """The bytes of the name that a node begins with."""
        start = self._start(node) + self.shift
        return start, start + len(name.encode())

    def module_name(self, node: ast.ImportFrom) -> Optional[tuple[int, int]]:
        """The bytes of the module that an import is from; None where it is written in parts."""
        start = self._past(FROM, self._start(node)) + self.shift
        span = start, start + len(str(node.module).encode())
        return span if self.says(span, str(node.module)) else None

    def says(self, span: tuple[int, int], name: str) -> bool:
        """Whether a name stands there. Python before 3.12 misplaces what is in an f-string of several lines."""
        return self.data[span[0] - self.shift : span[1] - self.shift] == name.encode()

    def cut(self, call: ast.Call, keyword: ast.keyword) -> Optional[tuple[int, int]]:
        """What to delete for a keyword argument to be gone. Comments stay. None where its value does something."""
        if not all(isinstance(part, INERT) for part in ast.walk(keyword.value)):
            return None
        start, end = self._start(keyword), self._end(keyword)
        after = self._comma(end)
        if after is not None and b"#" in self.data[end:after]:
            return None
        span = self._with_comma_after(start, after) if after is not None else self._last(call, keyword, start, end)
        return span[0] + self.shift, span[1] + self.shift

    def _with_comma_after(self, start: int, after: int) -> tuple[int, int]:
        rest = self._past(BLANKS, after)
        if (line := self._whole_line(start, rest)) is not None:
            return line
        if self.data[rest : rest + 1] == b")" or self._ends_line(rest):
            return self._blanks_before(start), after
        return start, rest

    def _last(self, call: ast.Call, keyword: ast.keyword, start: int, end: int) -> tuple[int, int]:
        every = sorted([*call.args, *call.keywords], key=lambda part: (part.lineno, part.col_offset))
        place = every.index(keyword)
        if place == 0:
            return start, end
        comma = self._comma(self._end(every[place - 1]), past=b")")
        if comma is None or b"#" in self.data[comma:start]:
            # The comma before stays, for a comment follows it.
            rest = self._past(BLANKS, end)
            return self._whole_line(start, rest) or (self._blanks_before(start), end)
        return comma - 1, end

    def _whole_line(self, start: int, rest: int) -> Optional[tuple[int, int]]:
        """The line, where it holds nothing but what is between."""
        begin = self._begins_line(start)
        return (begin, self._past(LINE_END, rest)) if begin is not None and self._ends_line(rest) else None

    def _begins_line(self, start: int) -> Optional[int]:
        begin = self._blanks_before(start)
        return begin if begin in self.lines else None

    def _ends_line(self, rest: int) -> bool:
        return LINE_END.match(self.data, rest) is not None

    def _blanks_before(self, start: int) -> int:
        while start > 0 and self.data[start - 1 : start] in (b" ", b"\t", b"\f"):
            start -= 1
        return start

    def _comma(self, start: int, past: bytes = b"") -> Optional[int]:
        """The place after the comma that follows, with nothing but gaps and `past` between."""
        at = self._past(GAP, start)
        while past and self.data[at : at + 1] == past:
            at = self._past(GAP, at + 1)
        return at + 1 if self.data[at : at + 1] == b"," else None

    def _past(self, pattern: re.Pattern[bytes], start: int) -> int:
        match = pattern.match(self.data, start)
        return match.end() if match is not None else start

    def _start(self, node: ast.AST) -> int:
        return self.lines[node.lineno - 1] + node.col_offset  # type: ignore[attr-defined]

    def _end(self, node: ast.AST) -> int:
        return self.lines[node.end_lineno - 1] + node.end_col_offset  # type: ignore[attr-defined]
