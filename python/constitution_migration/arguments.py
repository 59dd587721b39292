"""What a call is given, and what to delete of it."""

from __future__ import annotations

import ast
from typing import Optional, TypedDict

from constitution_migration.asked import literal_names
from constitution_migration.edits import Text
from constitution_migration.scopes import Nodes


class Argument(TypedDict):
    """An argument of a call. `name`: None where it is given by its place, in the order of arguments. `cut`: the bytes to
    delete for it to be gone; None where that could change more than the argument: where its value is computed, and of
    arguments given by place."""

    name: Optional[str]
    line: int
    column: int
    cut: Optional[tuple[int, int]]


class Arguments:
    """Reads the arguments of the calls of a program."""

    def __init__(self, text: Text, nodes: Nodes) -> None:
        self.text, self.nodes = text, nodes

    def of(self, call: ast.Call, skip: int) -> list[Argument]:
        """The arguments, without the first few of those that are given by place."""
        found = []
        for given in call.args[skip:]:
            if isinstance(given, ast.Starred):
                # What follows has no place that is known.
                break
            line, column = self.text.place(given)
            found.append(Argument(name=None, line=line, column=column, cut=None))
        for keyword in call.keywords:
            if keyword.arg is None:
                for name, node in self._named(keyword) or []:
                    line, column = self.text.place(node)
                    found.append(Argument(name=name, line=line, column=column, cut=None))
            else:
                line, column = self.text.place(keyword)
                certain = self.text.says(self.text.first_name(keyword, keyword.arg), keyword.arg)
                cut = self.text.cut(call, keyword) if certain and not self.nodes.misplaced(call) else None
                found.append(Argument(name=keyword.arg, line=line, column=column, cut=cut))
        return found

    def unpacks(self, call: ast.Call) -> bool:
        """Whether a call passes on arguments that are not written there."""
        return any(isinstance(given, ast.Starred) for given in call.args) or any(
            keyword.arg is None and self._named(keyword) is None for keyword in call.keywords
        )

    def _named(self, unpacked: ast.keyword) -> Optional[list[tuple[str, ast.AST]]]:
        return literal_names(unpacked.value, self.nodes.scopes[unpacked.value])
