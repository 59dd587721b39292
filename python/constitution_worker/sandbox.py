"""Runs Python code written by an LM, in a process that can do no harm:

    from constitution_worker.sandbox import evaluate_calls, run_python

    run_python("print(1 + 1)").stdout            # "2\\n"
    evaluate_calls(source, ["add(2, 3)"])[0]     # CallResult(ok=True, value=5, error=None)

The program sees the standard library and an empty /tmp, no network, no other process, no environment variable, and
nothing of the user's files. It may start threads but no processes. It is killed at its limits, with all it started.
Isolation is the kernel's: namespaces made directly (as root, or as a user where user namespaces are allowed), or by
bubblewrap where they are refused. Standard library only.
"""

from __future__ import annotations

import ast
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from .confined_process import Ending, Program, SandboxUnavailable, execute

Status = Literal["ok", "error", "timeout", "output", "killed"]

__all__ = [
    "CallResult",
    "SandboxResult",
    "SandboxUnavailable",
    "evaluate_calls",
    "evaluate_programs",
    "run_python",
    "same_value",
]


@dataclass(frozen=True)
class SandboxResult:
    """How a program ended.

    `status`: `ok` (exit code 0), `error` (another exit code), `timeout`, `output` (it wrote more than the limit),
    `killed` (ended by a signal). `exit_code` is absent where it did not exit by itself. `stdout` and `stderr` hold at
    most `output_limit` bytes each; bytes that are not UTF-8 are replaced. `duration_ms` is wall time from the program's
    start.
    """

    status: Status
    exit_code: int | None
    stdout: str
    stderr: str
    duration_ms: float


@dataclass(frozen=True)
class CallResult:
    """Value of one expression, or why there is none. `ended` says how the program ended before it was evaluated."""

    ok: bool
    value: Any
    error: str | None
    ended: Status | None = None


def run_python(
    source: str,
    *,
    stdin: str = "",
    timeout_s: float = 2.0,
    memory_mb: int = 256,
    output_limit: int = 65536,
    files: Mapping[str, str] | None = None,
) -> SandboxResult:
    """Runs `source` as a script. `files` are written to its working directory first (relative paths only).

    Raises SandboxUnavailable where the kernel offers no isolation and CONSTITUTION_SANDBOX is not `off`.
    """
    program = Program(source, stdin, _checked(files or {}), timeout_s, memory_mb * 2**20, output_limit)
    return _result(execute(program))


def evaluate_calls(
    source: str,
    expressions: Sequence[str],
    *,
    timeout_s: float = 2.0,
    memory_mb: int = 256,
    output_limit: int = 65536,
) -> list[CallResult]:
    """Runs `source` as a module and evaluates each expression in it, in one process; results in the same order.

    For hidden tests: let an expression be a call (`add(2, 3)`), keep the expected value outside, and compare with
    `same_value`. The program shares the interpreter that evaluates, so it could answer anything it likes; but it is
    not told what is expected, so only the right value helps it. Exit codes, prints, patched builtins and objects with
    an `__eq__` of their own decide nothing: values must be plain (None, bool, int, float, str, bytes, list, tuple,
    set, dict). What remains possible: a program that recognises the inputs and has the answers memorised.
    An expression whose own value gives the verdict (`add(2, 3) == 5`) can be forged; do not use such.
    """
    limits = {"timeout_s": timeout_s, "memory_mb": memory_mb, "output_limit": output_limit}
    return evaluate_programs([(source, expressions)], **limits)[0]


def evaluate_programs(
    programs: Sequence[tuple[str, Sequence[str]]],
    *,
    timeout_s: float = 2.0,
    memory_mb: int = 256,
    output_limit: int = 65536,
) -> list[list[CallResult]]:
    """As `evaluate_calls` for several (source, expressions), which share a process as far as that goes: where one of
    them ends it, the others go on in another. Time and output are limited for each program, memory for all.

    A namespace is each program's own, the interpreter is not. A proof should also see each program alone.
    """
    results: list[list[CallResult]] = []
    while len(results) < len(programs):
        waiting = [(source, list(expressions)) for source, expressions in programs[len(results) :]]
        marker = secrets.token_hex(16)
        ending = execute(Program("", "", {}, timeout_s, memory_mb * 2**20, output_limit, waiting, marker))
        reports = _reports(ending.result, marker)
        ended = _result(ending).status
        missing = CallResult(False, None, f"The program ended before this was evaluated ({ended}).", ended)
        for number, (_, expressions) in enumerate(waiting[: max(1, ending.begun)]):
            unloaded = reports.get((number, -1))
            each = [unloaded or reports.get((number, place), missing) for place in range(len(expressions))]
            results.append(each)
    return results


def same_value(left: Any, right: Any) -> bool:
    """`==` on plain values, but True is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (list, tuple)) and type(left) is type(right):
        return len(left) == len(right) and all(map(same_value, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same_value(left[key], right[key]) for key in left)
    return bool(left == right)


def _checked(files: Mapping[str, str]) -> dict[str, str]:
    for path in files:
        if os.path.isabs(path) or os.path.normpath(path).startswith(".."):
            raise ValueError(f"{path!r} is outside of the working directory")
    return dict(files)


def _result(ending: Ending) -> SandboxResult:
    status: Status = "killed"
    if ending.stopped is not None:
        status = ending.stopped
    elif ending.exit_code is not None:
        status = "ok" if ending.exit_code == 0 else "error"
    return SandboxResult(
        status,
        ending.exit_code,
        ending.stdout.decode("utf-8", "replace"),
        ending.stderr.decode("utf-8", "replace"),
        ending.duration_ms,
    )


def _reports(data: bytes, marker: str) -> dict[tuple[int, int], CallResult]:
    """The first report of each expression counts; lines without the marker are the program's own."""
    found: dict[tuple[int, int], CallResult] = {}
    for line in data.decode("ascii", "replace").splitlines():
        parts = line.split(" ", 3)
        if len(parts) != 4 or parts[0] != marker or parts[2] not in ("ok", "error"):
            continue
        try:
            program, number = map(int, parts[1].split("."))
            text = ast.literal_eval(parts[3])
            value = ast.literal_eval(text) if parts[2] == "ok" else None
        except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
            continue
        error = None if parts[2] == "ok" else str(text)
        found.setdefault((program, number), CallResult(error is None, value, error))
    return found
