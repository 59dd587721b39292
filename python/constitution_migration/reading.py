"""Reads the text of a program, and keeps what is done with one within a time limit."""

from __future__ import annotations

import io
import signal
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
"""Programs of people are smaller; one that is larger is generated."""


def read(path: Path) -> str:
    """The text of a program that is UTF-8. Raises OSError, and ValueError with a reason."""
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
    """Raises TimeoutError when so much CPU time is over, where the system has such alarms: a busy machine is no fault of a file.
    A limit around this one stands still meanwhile."""

    def over(*_: object) -> None:
        raise TimeoutError(f"not understood within {seconds:g} s")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, over)
    left, _ = signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
        signal.setitimer(signal.ITIMER_PROF, left)
