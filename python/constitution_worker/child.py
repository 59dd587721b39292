"""A forked child: accepts one connection at a time and serves its requests, one after the other."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from types import FrameType
from typing import Any

from . import frames
from .errors import (
    RPC_FAILED,
    RPC_INVALID_PARAMS,
    RPC_RETIRED,
    Retired,
    RunCancelled,
    WorkerError,
    one_line,
)
from .leftovers import Baseline
from .methods import Methods

LINGER_SECONDS = 10.0

READY, BUSY, IDLE = b"r", b"b", b"i"
"""What a child tells the fork server over its control socket."""


class Child:
    """Serves until its control socket closes, its runs are used up, or it is no longer clean."""

    def __init__(self, listener: socket.socket, control: socket.socket, max_runs: int) -> None:
        self._listener = listener
        self._control = control
        self._runs_left = max_runs
        self._methods = Methods()
        self._baseline = Baseline()
        self._channel: frames.FrameChannel | None = None
        self._running: Any = None
        self._retiring: str | None = None
        signal.signal(signal.SIGIO, self._on_input_while_running)

    def serve(self) -> None:
        """Returns when the child should end."""
        self._control.sendall(READY)
        poll = select.poll()
        poll.register(self._listener, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        while self._retiring is None:
            ready = {fd for fd, _event in poll.poll()}
            if self._control.fileno() in ready:
                return
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                continue  # another child was faster
            with connection:
                self._control.sendall(BUSY)
                connection.setblocking(True)
                fcntl.fcntl(connection, fcntl.F_SETOWN, os.getpid())
                self._serve_connection(connection)
            if self._retiring is None:
                self._control.sendall(IDLE)

    def _serve_connection(self, connection: socket.socket) -> None:
        channel = self._channel = frames.FrameChannel(connection)
        try:
            while self._retiring is None:
                request = channel.read()
                if request is None:
                    return
                if "id" in request and "method" in request:
                    self._answer(connection, channel, request)
        except frames.ProtocolError as error:
            print(f"protocol: {error}", file=sys.stderr)
            self._retiring = "an error in the protocol"
        except OSError:
            self._retiring = "a broken connection"

    def _answer(self, connection: socket.socket, channel: frames.FrameChannel, request: frames.Message) -> None:
        answer = {"jsonrpc": "2.0", "id": request["id"], **self._outcome(connection, request)}
        reason = self._retiring or self._baseline.leftovers()
        if reason is None and self._runs_left <= 0:
            reason = "its runs are used up"
        if reason is not None:
            self._retiring = reason
            channel.write({"jsonrpc": "2.0", "method": "$/retire", "params": {"reason": reason}})
        channel.write(answer)
        if reason is not None:
            _linger(connection)

    def _outcome(self, connection: socket.socket, request: frames.Message) -> frames.Message:
        """`result` or `error` of one request. Whatever the user's code does, this returns."""
        try:
            try:
                self._listen_for_cancel(connection, request["id"])
                return {"result": self._call(request)}
            finally:
                self._running = None
                self._stop_listening(connection)
                sys.stdout.flush()
        except RunCancelled:
            self._retiring = "a cancelled run"
            return _failure(RPC_FAILED, "The run was cancelled.", {"code": "CX-RUN-CANCELLED", "type": None})
        except Retired as retired:
            self._retiring = str(retired)
            return _failure(RPC_RETIRED, str(retired), None)
        except WorkerError as error:
            if isinstance(error.__cause__, (RecursionError, MemoryError)):
                self._retiring = "exhausted resources"
            return _failure(RPC_FAILED, str(error), error.data)
        except (KeyError, TypeError) as error:
            return _failure(RPC_INVALID_PARAMS, one_line(error), {"code": "CX-WORKER-PROTOCOL", "type": None})
        except BaseException as error:
            self._retiring = "an unexpected error"
            return _failure(
                RPC_FAILED,
                f"The pipeline raised {one_line(error)}",
                {
                    "code": "CX-PIPELINE-RAISED",
                    "type": type(error).__name__,
                    "traceback": traceback.format_exc()[-2000:],
                },
            )

    def _call(self, request: frames.Message) -> Any:
        method = self._methods.by_name.get(request["method"])
        if method is None:
            raise WorkerError("CX-WORKER-PROTOCOL", f'There is no method "{request["method"]}".')
        if request["method"] in ("run", "score"):
            self._runs_left -= 1
        if request["method"] == "optimize":
            self._runs_left = 0  # a judge and an optimizer that worked for minutes leave what no look at the process finds
        return method(request.get("params") or {})

    def _listen_for_cancel(self, connection: socket.socket, request_id: Any) -> None:
        """The kernel signals input on the connection, so no reader thread is needed beside the pipeline."""
        self._running = request_id
        flags = fcntl.fcntl(connection, fcntl.F_GETFL)
        fcntl.fcntl(connection, fcntl.F_SETFL, flags | os.O_ASYNC)

    @staticmethod
    def _stop_listening(connection: socket.socket) -> None:
        flags = fcntl.fcntl(connection, fcntl.F_GETFL)
        fcntl.fcntl(connection, fcntl.F_SETFL, flags & ~os.O_ASYNC)

    def _on_input_while_running(self, _signal: int, _frame: FrameType | None) -> None:
        """Ends the run where its caller cancels it or is gone."""
        if self._running is None or self._channel is None:
            return
        arrived = self._channel.peek_arrived()
        cancelled = arrived is None or any(
            message.get("method") == "$/cancelRequest" and message.get("params", {}).get("id") == self._running
            for message in arrived
        )
        if cancelled:
            self._running = None
            raise RunCancelled


def _linger(connection: socket.socket) -> None:
    """Waits for the client to close first: on its side the end of the stream must not overtake the last answer."""
    connection.settimeout(LINGER_SECONDS)
    with suppress(OSError):
        while connection.recv(65536):
            pass


def _failure(code: int, message: str, data: dict[str, Any] | None) -> frames.Message:
    return {"error": {"code": code, "message": message, "data": data}}
