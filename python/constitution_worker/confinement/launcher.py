"""The process that `sandbox` starts: confines itself, runs the program in a child, and reports how that ended.

Three processes: the launcher (dies with its parent), process 1 of the sandbox (holds the status pipe; when it ends, the
kernel kills whatever is left in there), and the program itself (holds nothing but its own input and output). Where
there is a `template`, it is in the launcher's place, and process 1 dies with it.
"""

from __future__ import annotations

import marshal
import os
import select
import sys

from . import libc, namespaces, privileges, seccomp
from .calls import evaluate

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Specification = dict[str, Any]

STARTED, ENDED, REFUSED = b"S", b"X", b"E"
"""First byte of a message on the status pipe; the rest of the line is the wait status, or what the kernel refused."""


def main() -> None:
    """Reads the specification from stdin. Never returns normally but in the program's own process."""
    status, result = int(sys.argv[1]), int(sys.argv[2])
    specification = read_specification()
    sys.argv = ["main.py"]
    try:
        _enter(specification, status, result)
        supervise(status)
    except (libc.Refused, OSError) as error:
        refuse(status, error)
        os._exit(1)
    become_program(specification, status, result, seccomp.filter_code())


def read_specification() -> Specification:
    """What to run, from stdin."""
    with os.fdopen(0, "rb", closefd=False) as pipe:
        specification: Specification = marshal.loads(pipe.read())
    return specification


def refuse(status: int, error: Exception) -> None:
    """Tells on the status pipe that the kernel does not confine."""
    os.write(status, REFUSED + str(error).encode("utf-8", "replace") + b"\n")


def _enter(specification: Specification, status: int, result: int) -> None:
    """Returns in a process that is confined (and is process 1 of its namespace, but in mode `off`)."""
    mode = specification["mode"]
    if mode == "bubblewrap":  # it has made the namespaces and the files, and this process number 1
        privileges.die_with_parent()
        os.chdir("/tmp")
        privileges.drop_capabilities()
        privileges.hide_memory()
        return
    if sys.platform == "linux":
        privileges.die_with_parent()
    if os.getppid() != specification["parent"]:
        os._exit(1)  # the parent ended before the line above
    if mode == "off":
        os.chdir(specification["folder"])
        return
    in_user_namespace = namespaces.unshare()
    reader, writer = os.pipe()
    if (child := os.fork()) != 0:
        os.close(status)
        os.close(result)
        os.waitpid(child, 0)
        os._exit(0)
    os.close(writer)
    confine(specification["disk_bytes"], namespaces.layout(), in_user_namespace)
    if select.select([reader], [], [], 0)[0]:
        os._exit(1)  # the launcher ended before this process was bound to end with it
    os.close(reader)


def confine(disk_bytes: int, layout: namespaces.Layout, in_user_namespace: bool) -> None:
    """Gives up everything that process 1 of new namespaces still has. It dies with its parent from here on."""
    namespaces.build_root(disk_bytes, layout)
    if not in_user_namespace:
        namespaces.drop_root()
    privileges.drop_capabilities()
    privileges.hide_memory()
    privileges.die_with_parent()


def supervise(status: int) -> None:
    """Forks the program and returns in it; the caller's process stays to wait and to report."""
    os.write(status, STARTED + b"\n")
    program = os.fork()
    if program == 0:
        return
    while True:
        pid, ending = os.wait()
        if pid == program:
            os.write(status, ENDED + str(os.waitstatus_to_exitcode(ending)).encode() + b"\n")
            os._exit(0)


def become_program(specification: Specification, status: int, result: int, filter_code: bytes) -> None:
    """Sets the last limits and runs the program. Ends this process but for a script, which ends it by itself."""
    if specification["programs"] is None:
        os.close(result)
    os.close(status)
    os.environ.clear()
    for path, text in specification["files"].items():
        os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    _set_stdin(specification["stdin"])
    privileges.limit_resources(specification["cpu_seconds"], specification["memory_bytes"], specification["disk_bytes"])
    if specification["mode"] != "off":
        seccomp.install(filter_code)
    if specification["programs"] is None:
        _run_script(specification["source"])
    else:
        evaluate(specification["programs"], specification["marker"], result)
        sys.stdout.flush()
        os._exit(0)


def _set_stdin(text: str) -> None:
    """A file, not a pipe: whoever writes to a pipe must wait for its reader. It is deleted at once."""
    descriptor = os.open("stdin", os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink("stdin")
    with os.fdopen(os.dup(descriptor), "wb") as file:
        file.write(text.encode())
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.dup2(descriptor, 0)
    os.close(descriptor)
    sys.stdin = open(0, encoding="utf-8", closefd=False)


def _run_script(source: str) -> None:
    """As `python main.py` does: the same tracebacks (with source lines, hence the file), the same exit codes."""
    with open("main.py", "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(source)
    main_module = type(sys)("__main__")
    sys.modules["__main__"] = main_module
    try:
        exec(compile(source, "main.py", "exec"), main_module.__dict__)
    except Exception as error:
        ours = error.__traceback__
        error = error.with_traceback(ours.tb_next if ours else None)
        sys.excepthook(type(error), error, error.__traceback__)
        sys.exit(1)
    sys.exit(0)
