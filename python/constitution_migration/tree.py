"""The files of a tree that import each other: what names one of them gives to others. They are read, and nothing is executed."""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from constitution_migration.bindings import Given, Known, Scope, given_by
from constitution_migration.edits import BOM
from constitution_migration.folders import Folders, Place, imports_in
from constitution_migration.reading import at_most, read
from constitution_migration.scopes import nodes_of

MOST_OPEN = 100
"""Programs that are kept at a time, about half a megabyte each; what was asked of others is known, and they can be read again."""
GLOBAL = re.compile(r"\bglobal\b")
BUILT_IN = frozenset(getattr(sys, "stdlib_module_names", ()))


@dataclass(frozen=True)
class Module:
    """A module of the tree: a file, a package, or a folder."""

    tree: Tree
    place: Place

    def given(self, name: str) -> Optional[Given]:
        """What its file binds a name to."""
        return None if self.place.file is None else self.tree.given(self.place.file, name)

    def member(self, name: str) -> Optional[Known]:
        """What a name of it stands for: what its file binds it to, or else a module below it."""
        given = self.given(name)
        if given is not None:
            return given.known
        below = self.place.below(name)
        return None if below is None else self.tree.known(below)


@dataclass(frozen=True)
class SeenFrom:
    """The tree as one of its files sees it. `folder`: of the file, as its names below the root."""

    tree: Tree
    folder: tuple[str, ...]

    def module(self, level: int, name: str) -> Optional[Known]:
        place = self.place(level, name)
        return None if place is None else self.tree.known(place)

    def place(self, level: int, name: str) -> Optional[Place]:
        """Where a module is. A relative one is found as Python does. Of an absolute one nobody says where Python looks: it is
        looked for from the file's folder upwards, and in `src` there; packages lie in such a folder, and are none."""
        names = tuple(name.split(".")) if name else ()
        folders = self.tree.folders
        if level > 0:
            return folders.at(self.folder[: len(self.folder) - level + 1] + names) if level <= len(self.folder) + 1 else None
        if names[0] == self.tree.package or names[0] in BUILT_IN:
            return None
        for length in range(len(self.folder), -1, -1):
            around = self.folder[:length]
            if folders.is_package(around):
                continue
            for start in (around, (*around, "src")):
                if folders.at((*start, names[0])) is not None:
                    return folders.at((*start, *names))
        outer = folders.outer
        return folders.at(names[len(outer) :]) if outer and names[: len(outer)] == outer else None


class Tree:
    """A folder of Python files that use a package. `seconds`: for one file."""

    def __init__(self, root: Path, package: str, seconds: float) -> None:
        self.folders, self.package, self.seconds = Folders(root), package, seconds
        self._open: dict[str, Optional[Scope]] = {}
        self._answers: dict[tuple[str, str], Optional[Given]] = {}
        self._concerned: dict[str, bool] = {}

    def seen_from(self, file: str) -> SeenFrom:
        """The tree for a file of it, relative to the root."""
        return SeenFrom(self, Path(file).parent.parts)

    def known(self, place: Place) -> Known:
        """A module, as a thing that is asked for its names. Its path is none of a package."""
        return Known(f"/{place.name}", inside=Module(self, place))

    def given(self, file: str, name: str) -> Optional[Given]:
        """What a name of a file stands for; None where the file does not bind it."""
        asked = file, name
        if asked not in self._answers:
            # What is handed round in a circle is not known.
            self._answers[asked] = Given(None)
            scope = self._scope(file)
            if scope is None:
                self._answers[asked] = None
            elif name in scope.bound:
                self._answers[asked] = Given(scope.find(name))
            else:
                self._answers[asked] = given_by(scope.stars, name)
        return self._answers[asked]

    def _scope(self, file: str) -> Optional[Scope]:
        """The names of a file; None for one that is no program, or takes too long. The latest files are kept."""
        if file not in self._open:
            if len(self._open) >= MOST_OPEN:
                del self._open[next(iter(self._open))]
            self._open[file] = self._read(file)
        return self._open[file]

    def _read(self, file: str) -> Optional[Scope]:
        try:
            with at_most(self.seconds):
                text = read(self.folders.root / file)
                tree = ast.parse(text.removeprefix(BOM))
                return nodes_of(tree, self.seen_from(file), outline=GLOBAL.search(text) is None).scopes[tree]
        except Exception:  # noqa: BLE001 - what is wrong with it is told when it is its turn
            return None

    def concerns(self, file: str, text: Optional[str] = None) -> bool:
        """Whether a file can have to do with the package: it names it, or imports what does. `text`: another one for it."""
        if text is not None:
            return self.package in text or any(self.concerns(other) for other in self._imported(file, text))
        if file not in self._concerned:
            self._find_concerned(file)
        return self._concerned[file]

    def _find_concerned(self, file: str) -> None:
        users: dict[str, list[str]] = defaultdict(list)
        found: list[str] = []
        seen: set[str] = set()
        pending = [file]
        while pending:
            current = pending.pop()
            if current in seen:
                continue
            seen.add(current)
            text = self._text(current) if current not in self._concerned else ""
            if self._concerned.get(current) or self.package in text:
                found.append(current)
                continue
            for other in self._imported(current, text):
                users[other].append(current)
                pending.append(other)
        concerned: set[str] = set()
        while found:
            current = found.pop()
            if current not in concerned:
                concerned.add(current)
                found.extend(users[current])
        self._concerned.update({current: current in concerned for current in seen})

    def _text(self, file: str) -> str:
        try:
            return read(self.folders.root / file)
        except (OSError, ValueError):
            return ""

    def _imported(self, file: str, text: str) -> Iterator[str]:
        """Files of the tree that a file may import, by its text; rather more than it does."""
        seen = self.seen_from(file)
        for level, name, froms in imports_in(text):
            parts = name.split(".")
            # With `import a.b`, `a` is imported too.
            whole = [name] if froms else [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
            for one in whole:
                place = seen.place(level, one)
                if place is not None:
                    yield from place.files(text if froms else "")
