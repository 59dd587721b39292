"""The process that programs are forked from, where that is cheaper than a fresh interpreter for each.

It is a fresh interpreter itself, with nothing imported but these modules, an empty environment, and one descriptor of
its owner: the control socket. It never reads what it is to run. Each message on the socket brings six descriptors: the
ones a launcher has (input with the specification, stdout, stderr, status, result), and the leash, a socket that the
owner shuts down or loses to have the program killed, and on which it is told the CPU seconds when all has ended.
Programs are children of a child of this process, in namespaces of their own: they can neither see nor signal it.

It ends when its owner does or closes the socket, and all programs with it. All programs of one template have the same
seed of string hashes and the same addresses; both tell of the template only, never of another program.
"""

from __future__ import annotations

import _signal
import _socket
import gc
import os
import resource
import select
import sys

from . import launcher, libc, namespaces, privileges, seccomp
from .calls import evaluate

STATUS, RESULT, LIFE = 3, 4, 5
"""Descriptors of process 1, beside its input and output; the last one tells whether the template still lives."""

SENT = 6
_DESCRIPTOR_BYTES = 4


def main() -> None:
    """Serves its owner, whose process id is the argument. Returns in a program's own process only."""
    owner = int(sys.argv[1])
    sys.argv = ["main.py"]
    template = _Template(owner)
    layout = namespaces.layout()
    filter_code = seccomp.filter_code()
    _rehearse()
    gc.collect()
    gc.freeze()  # a collection in a child would copy the pages that it shares
    in_user_namespace = template.serve()
    specification = launcher.read_specification()
    try:
        launcher.confine(specification["disk_bytes"], layout, in_user_namespace)
        if select.select([LIFE], [], [], 0)[0]:
            os._exit(1)  # the template ended before this process was bound to end with it
        os.close(LIFE)
        launcher.supervise(STATUS)
    except (libc.Refused, OSError) as error:
        launcher.refuse(STATUS, error)
        os._exit(1)
    launcher.become_program(specification, STATUS, RESULT, filter_code)


def _rehearse() -> None:
    """The first use of the compiler and of the C library's functions costs most; what is done here all have."""
    libc.look_up()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    evaluate([("def f(n):\n    return n", ["f(1)"])], "", nowhere)
    os.close(nowhere)
    del sys.modules["solution"]


class _Execution:
    """A program that runs: process 1 of its namespaces, a descriptor of that process, and the leash."""

    def __init__(self, first: int, leash: int) -> None:
        self.first = first
        self.watch = os.pidfd_open(first)
        self.leash = _socket.socket(fileno=leash)


class _Template:
    def __init__(self, owner: int) -> None:
        self._process = os.getpid()
        self._control = _socket.socket(fileno=0)
        self._life = os.pidfd_open(self._process)
        self._owner = os.pidfd_open(owner)
        if os.getppid() != owner:
            os._exit(1)  # it ended before the line above
        self._poll = select.poll()
        self._poll.register(0, select.POLLIN)
        self._poll.register(self._owner, select.POLLIN)
        self._by_descriptor: dict[int, _Execution] = {}
        self._cpu_told = 0.0
        _signal.signal(_signal.SIGCHLD, _signal.SIG_DFL)  # an owner that ignores it has that inherited
        os.chdir("/")

    def serve(self) -> bool:
        """Returns in process 1 of a new program: whether it has a user namespace. Ends with the owner."""
        while True:
            # One at a time: what it does may close another descriptor, and give its number to a new one.
            descriptor, _events = self._poll.poll()[0]
            if descriptor == self._owner:
                os._exit(0)
            if descriptor != 0:
                self._note(self._by_descriptor[descriptor], descriptor)
            elif (in_user_namespace := self._begin()) is not None:
                return in_user_namespace

    def _begin(self) -> bool | None:
        """Starts the program that the owner asks for. None in the template."""
        received = self._receive()
        if len(received) == SENT:
            try:
                child, in_user_namespace = namespaces.clone()
            except libc.Refused as error:
                launcher.refuse(received[STATUS], error)
                if os.getpid() != self._process:
                    os._exit(1)
                self._tell(_socket.socket(fileno=received.pop()))
            else:
                if child == 0:
                    self._take_descriptors(received)
                    return in_user_namespace
                self._watch(_Execution(child, received.pop()))
        for descriptor in received:
            os.close(descriptor)
        return None

    def _receive(self) -> list[int]:
        try:
            data, ancillary, _flags, _address = self._control.recvmsg(1, _socket.CMSG_SPACE(SENT * _DESCRIPTOR_BYTES))
        except OSError:
            data, ancillary = b"", []
        if not data:
            os._exit(0)
        numbers = b"".join(item for _level, _kind, item in ancillary)
        places = range(0, len(numbers), _DESCRIPTOR_BYTES)
        return [int.from_bytes(numbers[place : place + _DESCRIPTOR_BYTES], sys.byteorder) for place in places]

    def _take_descriptors(self, received: list[int]) -> None:
        """In process 1: its own ones get their numbers; the control socket and all of other programs is closed."""
        os.setsid()
        # Received numbers are above all targets, for the template holds 0 to 4 and `spare` the next.
        spare = os.dup(self._life)
        for target, descriptor in enumerate([*received[:LIFE], spare]):
            os.dup2(descriptor, target)
        self._control.detach()
        for execution in self._by_descriptor.values():
            execution.leash.detach()
        os.closerange(LIFE + 1, 1 + max(map(int, os.listdir("/proc/self/fd"))))

    def _watch(self, execution: _Execution) -> None:
        for descriptor in (execution.watch, execution.leash.fileno()):
            self._by_descriptor[descriptor] = execution
            self._poll.register(descriptor, select.POLLIN)

    def _note(self, execution: _Execution, descriptor: int) -> None:
        """Process 1 has ended, or the owner lets go of it."""
        self._forget(descriptor)
        if descriptor != execution.watch:
            os.kill(execution.first, privileges.SIGKILL)
            return
        os.waitpid(execution.first, 0)
        self._forget(execution.leash.fileno())
        os.close(execution.watch)
        self._tell(execution.leash)

    def _tell(self, leash: _socket.socket) -> None:
        """That all has ended. The owner may not want to know any more."""
        try:
            leash.send(str(self._cpu_seconds()).encode())
        except OSError:
            pass
        finally:
            leash.close()

    def _forget(self, descriptor: int) -> None:
        if self._by_descriptor.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def _cpu_seconds(self) -> float:
        """CPU time of this process and of all that has ended in it, since the last time."""
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        total = sum(usage.ru_utime + usage.ru_stime for usage in usages)
        since, self._cpu_told = total - self._cpu_told, total
        return since
