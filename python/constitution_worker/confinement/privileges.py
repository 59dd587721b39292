"""Giving up capabilities, and limits that the kernel keeps on one process."""

from __future__ import annotations

import ctypes
import resource

from . import libc

SIGKILL = 9
_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_CAPBSET_DROP = 24
_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_CLEAR_ALL = 4
_CAPABILITY_VERSION_3 = 0x20080522


def die_with_parent() -> None:
    """SIGKILL for this process when its parent ends."""
    libc.prctl(_PR_SET_PDEATHSIG, SIGKILL)


def hide_memory() -> None:
    """No other process may read this one's memory or descriptors."""
    libc.prctl(_PR_SET_DUMPABLE, 0)


def drop_capabilities() -> None:
    """No capability now, none to be had by executing a file. Raises libc.Refused."""
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1)
    libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_CLEAR_ALL)
    for capability in range(64):
        try:
            libc.prctl(_PR_CAPBSET_DROP, capability)
        except libc.Refused:
            break  # beyond the last one that this kernel knows, or already without the right to drop (and so to gain)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    libc.call("capset", header, (ctypes.c_uint32 * 6)())


def limit_resources(cpu_seconds: float, memory_bytes: int, file_bytes: int) -> None:
    """CPU time, address space, size of a file, open files, processes, no core dump."""
    seconds = int(cpu_seconds) + 1
    limits = {
        resource.RLIMIT_CPU: (seconds, seconds + 1),
        resource.RLIMIT_AS: (memory_bytes, memory_bytes),
        resource.RLIMIT_FSIZE: (file_bytes, file_bytes),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_NPROC: (64, 64),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in limits.items():
        ceiling = resource.getrlimit(kind)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(kind, (soft, hard))
