"""System calls that Python's `os` module lacks (`os.unshare` came with 3.12)."""

from __future__ import annotations

import ctypes
import os
import sys

_library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
_locked = ctypes.PyDLL(None, use_errno=True) if sys.platform == "linux" else None
"""The same functions, called without letting go of the interpreter's lock."""

_SIGCHLD = 17
_CLONE_NUMBERS = {"x86_64": 56, "aarch64": 220}


class Refused(Exception):
    """The kernel refused a step of the confinement."""


def call(name: str, *arguments: object) -> int:
    """Calls a function of the C library. Raises Refused where it reports an error or does not exist."""
    function = getattr(_library, name, None)
    if function is None:
        raise Refused(f"{name} does not exist here")
    result = int(function(*arguments))
    if result < 0:
        raise Refused(f"{name}: {os.strerror(ctypes.get_errno())}")
    return result


def look_up() -> None:
    """Finds the functions that are called here ahead of their use."""
    for library, names in ((_library, ("mount", "umount2", "pivot_root", "prctl", "capset")), (_locked, ("syscall",))):
        for name in names:
            getattr(library, name, None)


def can_clone() -> bool:
    """Whether the number of the system call is known here."""
    return sys.platform == "linux" and sys.maxsize > 2**32 and os.uname().machine in _CLONE_NUMBERS


def clone(flags: int) -> int:
    """As `os.fork`, with flags of `clone(2)`: the child's process id, 0 in the child. Raises Refused.

    Only for a process with one thread: Python and the C library are told nothing. The child should do little but fork
    again in the usual way.
    """
    if _locked is None or not can_clone():
        raise Refused("clone is not known for this processor")
    number = _CLONE_NUMBERS[os.uname().machine]
    nothing = (ctypes.c_ulong(0),) * 4
    result = int(_locked.syscall(ctypes.c_long(number), ctypes.c_ulong(flags | _SIGCHLD), *nothing))
    if result < 0:
        raise Refused(f"clone: {os.strerror(ctypes.get_errno())}")
    return result


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """`mount(2)`. Raises Refused."""
    texts = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    try:
        call("mount", texts[0], texts[1], texts[2], ctypes.c_ulong(flags), texts[3])
    except Refused as error:
        raise Refused(f"{error} ({target})") from error


def prctl(option: int, *arguments: int) -> None:
    """`prctl(2)` with integer arguments. Raises Refused."""
    padded = [*arguments, 0, 0, 0, 0][:4]
    call("prctl", option, *(ctypes.c_ulong(value) for value in padded))
