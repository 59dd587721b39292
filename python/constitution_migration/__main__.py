"""Reads one request as JSON from standard input, writes one answer as JSON to standard output.

`{"do": "api", "package": "dspy"}` imports the package of this interpreter's environment and says what it offers.
`{"do": "schemas", "modules": [...], "folders": [...]}` imports modules and says what signatures they define.
`{"do": "components", "entries": {...}, "folders": [...], "repeats": 3}` runs the probes of components.
`{"do": "uses", "package": "dspy", "secondsPerFile": 20, "root": ..., "files": [...]}` reads Python files and writes one line of
JSON for each: `{"file", "uses"}`, or `{"file", "fault": {"message", "line"}}` for one that is no program. `"texts": {file:
text}` in place of files are read as they are given; with a `root`, they import what lies there.
"""

from __future__ import annotations

import ast
import gc
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Optional, TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from constitution_migration.api import api_of
from constitution_migration.edits import BOM
from constitution_migration.importing import importing
from constitution_migration.reading import at_most, read
from constitution_migration.tree import Tree
from constitution_migration.uses import uses_in

SECONDS = 20
"""For one file; what people write is read in less than one."""


class Nowhere:
    """Where texts of no folder look for modules of the program."""

    def module(self, level: int, name: str) -> None:
        """There is none."""


def answer_file(file: str, text_of: Callable[[], str], package: str, seconds: float, tree: Optional[Tree]) -> dict[str, Any]:
    """What one file uses, or what is wrong with it."""
    try:
        with at_most(seconds):
            text = text_of()
            # Most files of a tree have nothing to do with the package.
            concerned = tree.concerns(file, text) if tree is not None else package in text
            imports = tree.seen_from(file) if tree is not None else Nowhere()
            return {"file": file, "uses": uses_in(text, package, imports) if concerned else checked(text)}
    except SyntaxError as error:
        return {"file": file, "fault": {"message": error.msg or "no Python", "line": error.lineno}}
    except (OSError, ValueError, RecursionError, MemoryError) as error:
        return {"file": file, "fault": {"message": str(error) or type(error).__name__, "line": None}}
    except Exception as error:  # noqa: BLE001 - one file must not be the end of all others
        return {"file": file, "fault": {"message": f"not understood ({type(error).__name__}: {error})", "line": None}}


def checked(text: str) -> list[Any]:
    """Nothing, for a text that is a program. Raises SyntaxError."""
    ast.parse(text.removeprefix(BOM))
    return []


def main(out: TextIO) -> None:
    request = json.load(sys.stdin)
    if request["do"] == "api":
        with importing():
            api = api_of(request["package"])
        json.dump(api, out)
        return
    if request["do"] == "schemas":
        with importing():
            from constitution_migration.schemas import schemas_of

        json.dump(schemas_of(request["modules"], request["folders"]), out)
        return
    if request["do"] == "components":
        from constitution_migration.components import components_of

        json.dump(components_of(request["entries"], request["folders"], request["repeats"]), out)
        return
    root, package, seconds = request.get("root"), request["package"], request.get("secondsPerFile", SECONDS)
    tree = None if root is None else Tree(Path(root), package, seconds)
    sources: dict[str, Callable[[], str]] = {
        **{file: partial(read, Path(root, file)) for file in request.get("files", [])},
        **{file: partial(str, text) for file, text in request.get("texts", {}).items()},
    }
    # Trees of programs are large and soon gone: looking for circles in them takes a fifth of the time.
    gc.set_threshold(200_000)
    for file, text_of in sources.items():
        out.write(json.dumps(answer_file(file, text_of, package, seconds, tree)) + "\n")
        # Whoever asks has what was read, should the next file be the end of this process.
        out.flush()


if __name__ == "__main__":
    # What imported packages print must not stand in the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answer:
        main(answer)
