"""Reads one request as JSON from standard input, writes one answer as JSON to standard output.

`{"do": "api", "package": "dspy"}` imports the package of this interpreter's environment and says what it offers.
`{"do": "schemas", "modules": [...], "folders": [...]}` imports modules and says what signatures they define.
`{"do": "components", "entries": {...}, "folders": [...], "repeats": 3}` runs the probes of components.
`{"do": "uses", "package": "dspy", "secondsPerFile": 20, "root": ..., "files": [...]}` reads Python files and writes one line of
JSON for each: `{"file", "uses"}`, or `{"file", "fault": {"message", "line"}}` for one that is no program. `"texts": {file:
text}` in place of files are read as they are given.
"""

from __future__ import annotations

import ast
import gc
import io
import json
import os
import signal
import sys
import tokenize
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from constitution_migration.api import api_of
from constitution_migration.edits import BOM
from constitution_migration.importing import importing
from constitution_migration.uses import uses_in

MAX_BYTES = 4 * 1024 * 1024
"""Programs of people are smaller; one that is larger is generated."""
SECONDS = 20
"""For one file; what people write is read in less than one."""


def read(path: Path) -> str:
    """The text of a program that is UTF-8. Raises ValueError with a reason."""
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    data = path.read_bytes()
    if b"\0" in data:
        raise ValueError("binary, not text")
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError:
        encoding = "something that is not UTF-8"
    if encoding not in ("utf-8", "utf-8-sig", "ascii"):
        raise ValueError(f"encoded as {encoding}: only UTF-8 can be read")
    return data.decode("utf-8")


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Raises TimeoutError when the time is over, where the system has alarms."""

    def over(*_: object) -> None:
        raise TimeoutError(f"not understood within {seconds:g} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def answer_file(file: str, text_of: Callable[[], str], package: str, seconds: float) -> dict[str, Any]:
    """What one file uses, or what is wrong with it."""
    try:
        with at_most(seconds):
            text = text_of()
            # Most files of a tree have nothing to do with the package.
            return {"file": file, "uses": uses_in(text, package) if package in text else checked(text)}
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
    sources: dict[str, Callable[[], str]] = {
        **{file: partial(read, Path(request["root"], file)) for file in request.get("files", [])},
        **{file: partial(str, text) for file, text in request.get("texts", {}).items()},
    }
    seconds = request.get("secondsPerFile", SECONDS)
    # Trees of programs are large and soon gone: looking for circles in them takes a fifth of the time.
    gc.set_threshold(200_000)
    for file, text_of in sources.items():
        out.write(json.dumps(answer_file(file, text_of, request["package"], seconds)) + "\n")
        # Whoever asks has what was read, should the next file be the end of this process.
        out.flush()


if __name__ == "__main__":
    # What imported packages print must not stand in the answer.
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    with answer:
        main(answer)
