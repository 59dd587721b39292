"""Errors that travel to Node: JSON-RPC errors whose `data` carries a stable code and the place in the user's code."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import Any

RPC_FAILED = -32000
RPC_INVALID_PARAMS = -32602
RPC_RETIRED = -32050
"""The child cannot serve this request and ends; the same request is safe to send to another child."""

MAX_TRACEBACK_FRAMES = 20
MAX_MESSAGE_CHARS = 2000


class WorkerError(Exception):
    """Something the caller is told, with a code of the project's table."""

    def __init__(self, code: str, message: str, *, cause: BaseException | None = None, root: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.data: dict[str, Any] = {"code": code, "type": type(cause).__name__ if cause else None}
        if cause is not None:
            self.data |= describe(cause, root)


class Retired(Exception):
    """The child's state does not fit the request (say, the user's code has changed since it was imported)."""


class RunCancelled(BaseException):
    """Raised inside a running pipeline. Not an `Exception`: pipelines that retry on errors must not swallow it."""


class BudgetSpent(BaseException):
    """Raised in place of an LM call that the gateway refused for a budget. Not an `Exception`: an optimizer that takes
    every exception for a bad candidate (GEPA 0.0.4 goes on for ever) has to come to its end.

    `code` is the gateway's, e.g. `CX-BUDGET-SPENT`; the text says which cap is reached."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class OptimizerStalled(BaseException):
    """Raised inside an optimizer that goes round and evaluates nothing. Not an `Exception`, for it would go on."""

    code = "CX-OPTIMIZE-STALLED"


class OptimizerUnsaved(BaseException):
    """Raised inside an optimizer whose state cannot be written down (disk full). Not an `Exception`: GEPA 0.0.4 takes
    one for a bad iteration, and begins the same one again for ever."""

    code = "CX-OPTIMIZE-SAVE"


def bounded(text: str) -> str:
    """At most 2,000 characters, so that an error stays readable and small."""
    return text if len(text) <= MAX_MESSAGE_CHARS else text[: MAX_MESSAGE_CHARS - 1] + "…"


def one_line(error: BaseException) -> str:
    """`ValueError: what it says`, also for exceptions whose own `__str__` fails."""
    try:
        text = str(error)
    except Exception:
        text = "(its text cannot be printed)"
    return bounded(f"{type(error).__name__}: {text}" if text else type(error).__name__)


def describe(error: BaseException, root: str) -> dict[str, Any]:
    """Traceback of the user's frames, and file and line of the innermost one."""
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if root and is_inside(frame.filename, root)]
    shown = (inside or frames)[-MAX_TRACEBACK_FRAMES:]
    place = (inside[-1].filename, inside[-1].lineno) if inside else None
    if isinstance(error, SyntaxError) and error.filename:
        place = (error.filename, error.lineno)
    lines = [line for frame in shown for line in traceback.format_list([frame])]
    return {
        "traceback": bounded("".join(lines) + one_line(error)),
        "file": place[0] if place else None,
        "line": place[1] if place else None,
    }


def is_inside(file: str, folder: str) -> bool:
    """Whether a path lies under a folder; both as given, symbolic links followed."""
    try:
        return Path(file).resolve().is_relative_to(Path(folder).resolve())
    except (OSError, ValueError):
        return False
