"""Where the modules of a tree of Python files are."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Optional

IMPORT = re.compile(
    r"\bfrom[ \t]*(\.*)[ \t]*([\w.]*)[ \t]*import\b"
    r"|\bimport[ \t]+([\w.]+(?:[ \t]*,[ \t]*[\w.]+|[ \t]+as[ \t]+\w+)*)"
)
WORD = re.compile(r"\w+")
SUFFIX = ".py"
PACKAGE = "__init__"


@dataclass(frozen=True)
class Place:
    """Where a module is. `name`: its path below the root, without an ending. `file`: what defines it, relative to the root; None
    for a folder that only holds modules. `parts`: of its folder, for one that holds modules."""

    folders: Folders
    name: str
    file: Optional[str]
    parts: Optional[tuple[str, ...]]

    def below(self, name: str) -> Optional[Place]:
        """The module of a name in its folder."""
        return None if self.parts is None else self.folders.at((*self.parts, name))

    def files(self, text: str) -> Iterator[str]:
        """What defines it, and the modules below it that a text names."""
        if self.file is not None:
            yield self.file
        if self.parts is None:
            return
        for name in self.folders.modules(self.parts).intersection(WORD.findall(text)):
            below = self.below(name)
            if below is not None and below.file is not None:
                yield below.file


class Folders:
    """The folders below a root, each looked at once. Nothing above the root is opened."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._held: dict[tuple[str, ...], tuple[set[str], set[str]]] = {}
        self._at: dict[tuple[str, ...], Optional[Place]] = {}

    @cached_property
    def outer(self) -> tuple[str, ...]:
        """The packages that the root itself is, from the outside in; none where it is no package."""
        names: tuple[str, ...] = ()
        folder = self.root.resolve()
        while (folder / f"{PACKAGE}{SUFFIX}").is_file() and folder != folder.parent:
            names, folder = (folder.name, *names), folder.parent
        return names

    def is_package(self, parts: tuple[str, ...]) -> bool:
        """Whether a folder is a package, and not one that packages lie in."""
        return f"{PACKAGE}{SUFFIX}" in self._holds(parts)[0]

    def modules(self, parts: tuple[str, ...]) -> set[str]:
        """Names of what may be modules in a folder."""
        files, folders = self._holds(parts)
        return {name[: -len(SUFFIX)] for name in files} | folders

    def at(self, parts: tuple[str, ...]) -> Optional[Place]:
        """The module that is imported by these names from the root."""
        if parts not in self._at:
            self._at[parts] = self._look(parts)
        return self._at[parts]

    def _look(self, parts: tuple[str, ...]) -> Optional[Place]:
        name = "/".join(parts)
        if self.is_package(parts):
            return Place(self, name, "/".join((*parts, f"{PACKAGE}{SUFFIX}")), parts)
        if not parts:
            return Place(self, name, None, parts)
        files, folders = self._holds(parts[:-1])
        if f"{parts[-1]}{SUFFIX}" in files:
            return Place(self, name, f"{name}{SUFFIX}", None)
        return Place(self, name, None, parts) if parts[-1] in folders else None

    def _holds(self, parts: tuple[str, ...]) -> tuple[set[str], set[str]]:
        """Python files and folders of a folder."""
        if parts not in self._held:
            files: set[str] = set()
            folders: set[str] = set()
            # Nothing is asked of a folder whose own folder does not have it.
            if not parts or parts[-1] in self._holds(parts[:-1])[1]:
                for entry in self._entries(self.root.joinpath(*parts)):
                    if entry.is_dir(follow_symlinks=False):
                        folders.add(entry.name)
                    # Not asked of the entry itself, which raises an error for a link that leads to itself.
                    elif entry.name.endswith(SUFFIX) and os.path.isfile(entry.path):
                        files.add(entry.name)
            self._held[parts] = files, folders
        return self._held[parts]

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except OSError:
            return []


def imports_in(text: str) -> Iterator[tuple[int, str, bool]]:
    """What a text imports, and what only looks like it: dots, name, and whether names are imported from it."""
    for match in IMPORT.finditer(text.replace("\\\n", " ")):
        dots, name, several = match.groups()
        if several is None:
            if dots or name:
                yield len(dots), name, True
            continue
        for one in several.split(","):
            yield 0, one.split()[0], False
