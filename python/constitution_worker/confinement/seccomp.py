"""A filter on system calls: what namespaces and rlimits leave open.

A program may start threads but no processes (`RLIMIT_NPROC` does not bind root, and address-space limits count each
process anew), keep no memory outside its address space (shared memory, memfd), and not reach for kernel interfaces
that have been a way out before. A denied call fails with EPERM; the program goes on.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from . import libc

_CLONE_THREAD = 0x00010000
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_X32_BIT = 0x40000000

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_OFFSET_NUMBER, _OFFSET_ARCH, _OFFSET_ARGUMENT_0 = 0, 4, 16

_X86_64 = {
    "arch": 0xC000003E, "clone": 56, "clone3": 435,
    "fork": 57, "vfork": 58, "execve": 59, "execveat": 322, "ptrace": 101,
    "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161, "unshare": 272, "setns": 308,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "mount_setattr": 442,
    "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240, "memfd_create": 319, "memfd_secret": 447,
    "add_key": 248, "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "process_vm_readv": 310, "process_vm_writev": 311, "open_by_handle_at": 304, "kexec_load": 246,
}  # fmt: skip
_AARCH64 = {
    "arch": 0xC00000B7, "clone": 220, "clone3": 435,
    "execve": 221, "execveat": 281, "ptrace": 117,
    "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51, "unshare": 97, "setns": 268,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "mount_setattr": 442,
    "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180, "memfd_create": 279, "memfd_secret": 447,
    "add_key": 217, "request_key": 218, "keyctl": 219, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "process_vm_readv": 270, "process_vm_writev": 271, "open_by_handle_at": 265, "kexec_load": 104,
}  # fmt: skip
_TABLES = {"x86_64": _X86_64, "aarch64": _AARCH64}


def filter_code() -> bytes:
    """The filter for this processor. Empty on one without a table, where namespaces and rlimits hold alone."""
    table = _TABLES.get(os.uname().machine)
    return b"" if table is None else b"".join(_program(table))


def install(filter_code: bytes) -> None:
    """Filters the system calls of this process from now on. Raises libc.Refused. Needs `no_new_privs`."""
    if not filter_code:
        return
    code = ctypes.create_string_buffer(filter_code, len(filter_code))
    header = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(filter_code) // 8, ctypes.addressof(code)))
    libc.call("prctl", _PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), header, ctypes.c_ulong(0), ctypes.c_ulong(0))


def _program(table: dict[str, int]) -> list[bytes]:
    """Classic BPF over `struct seccomp_data`: jumps count instructions to skip."""
    denied = _RETURN, _ERRNO | errno.EPERM
    numbers = [number for name, number in table.items() if name not in ("arch", "clone", "clone3")]
    program = [
        _step(_LOAD, _OFFSET_ARCH),
        _step(_EQUAL, table["arch"], 1, 0),
        _step(*denied),
        _step(_LOAD, _OFFSET_NUMBER),
        _step(_AT_LEAST, _X32_BIT, 0, 1),
        _step(*denied),
        # The C library falls back to clone, whose flags a filter can see, where clone3 does not exist.
        _step(_EQUAL, table["clone3"], 0, 1),
        _step(_RETURN, _ERRNO | errno.ENOSYS),
    ]
    for number in numbers:
        program += [_step(_EQUAL, number, 0, 1), _step(*denied)]
    program += [
        _step(_EQUAL, table["clone"], 1, 0),
        _step(_RETURN, _ALLOW),
        _step(_LOAD, _OFFSET_ARGUMENT_0),
        _step(_ANY_BIT, _CLONE_THREAD, 0, 1),
        _step(_RETURN, _ALLOW),
        _step(*denied),
    ]
    return program


def _step(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, operand)
