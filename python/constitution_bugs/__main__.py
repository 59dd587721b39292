"""Reads one request as JSON from standard input, writes one answer as JSON to standard output.

Requests: `{"do": "pair", ...}` makes a bug of a program before and after a fix, `{"do": "mutate", ...}` plants one. Files
are given as text; nothing is read from disk. Answers: `{"bug": ..., "what": ...}`, or `{"error": {"code", "message",
"file", "line"}}`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from constitution_bugs.candidates import Candidate
from constitution_bugs.errors import Unusable
from constitution_bugs.mutation import mutate
from constitution_bugs.pairs import pair
from constitution_bugs.tree import Tree, is_standard, salvaged
from constitution_worker.sandbox import SandboxUnavailable

RECURSION = 5000
"""Trees of long expressions are deep; what is deeper than this is refused as no program of a person."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """What becomes of one request. Raises Unusable, SandboxUnavailable."""
    files, roots = request["files"], request.get("roots") or [""]
    # A program that stands in for whatever module a test imports must not stand in for one of the standard library.
    hiding = {path for path in request.get("also") or [] if "/" not in path and is_standard(path[: -len(".py")])}
    files = {path: text for path, text in files.items() if path not in hiding}
    also = [path for path in request.get("also") or [] if path not in hiding]
    for path in request.get("partial") or []:
        files[path] = salvaged(files[path])
    fixed = Tree(files, roots)
    given = [Candidate([case["call"]], "the tests", **_expected(case)) for case in request.get("given") or []]
    options = {
        "tests": request.get("tests") or [],
        "cases": request.get("cases") or [],
        "given": given,
        "entry": request.get("entry"),
    }
    if request["do"] == "mutate":
        made, what = mutate(fixed, request["path"], kind=request.get("kind"), seed=request.get("seed", 0), **options)
        return {"bug": made.plain(), "what": what}
    before = request["before"]
    for path in {*before} & {*(request.get("partial") or [])}:
        before[path] = salvaged(before[path])
    buggy = Tree({**files, **before}, roots)
    for path in request.get("missing") or []:
        buggy.files.pop(path, None)
    made = pair(buggy, fixed, request["paths"], also=also, **options)
    return {"bug": made.plain(), "what": None}


def _expected(case: dict[str, Any]) -> dict[str, Any]:
    return {key: case[key] for key in ("expect", "within", "raises") if key in case}


def main() -> None:
    sys.setrecursionlimit(RECURSION)
    try:
        result = answer(json.load(sys.stdin))
    except Unusable as error:
        place = {"file": error.file, "line": error.line}
        result = {"error": {"code": "unusable", "message": error.reason, **place}}
    except SandboxUnavailable as error:
        result = {"error": {"code": error.code, "message": str(error), "file": None, "line": None}}
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
