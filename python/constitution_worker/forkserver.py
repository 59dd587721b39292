"""The fork server: imports DSPy once, forks children that serve runs, supervises them, and ends with its starter.

Three descriptors matter: stdin (closes when the process that started the server ends, however it ends), the socket
that the children accept on, and the control socket `<socket>.ctl`, on which any client may ask how a child ended or
have one killed. What the children print goes through one pipe each, of which the last 8 KB are kept.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from . import frames, linux
from .child import BUSY, IDLE, READY
from .pool import Member, Pool

KILL_ANSWER_SECONDS = 5.0


class ForkServer:
    """Runs until stdin closes or SIGTERM arrives."""

    def __init__(self, socket_path: str, pool_size: int, pool_limit: int, max_runs: int) -> None:
        self._paths = (socket_path, f"{socket_path}.ctl")
        self._listener = _listen(self._paths[0])
        self._control = _listen(self._paths[1])
        self._pool = Pool(self._listener, pool_size, pool_limit, max_runs)
        self._selector = selectors.DefaultSelector()
        self._waiting: list[tuple[socket.socket, Any, int, float]] = []
        self._clients: dict[socket.socket, frames.FrameDecoder] = {}
        self._stopping = False

    def run(self, on_ready: Callable[[], None]) -> None:
        """Forks the pool, calls `on_ready` once every child accepts, and serves."""
        linux.adopt_orphans()
        wake_reader, wake_writer = socket.socketpair()
        for end in (wake_reader, wake_writer):
            end.setblocking(False)
        signal.set_wakeup_fd(wake_writer.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        self._wakeup = (wake_reader, wake_writer)
        self._watch(wake_reader, self._on_wakeup)
        self._watch(self._control, self._on_client)
        self._watch(0, self._on_stdin)
        # Objects that live as long as the process stay out of the collector's way: in pages shared with children.
        gc.disable()
        gc.collect()
        gc.freeze()
        try:
            self._loop(on_ready)
        finally:
            self._end()

    def _loop(self, on_ready: Callable[[], None]) -> None:
        announced = False
        while not self._stopping:
            for _ in range(self._pool.missing()):
                self._adopt(self._pool.fork(self._close_in_child))
            if not announced and all(member.ready_ms is not None for member in self._pool.members.values()):
                announced = True
                on_ready()
            for key, _events in self._selector.select(1.0 if self._waiting else None):
                if self._selector.get_map().get(key.fd) is key:  # not closed by an earlier handler of this round
                    key.data(key.fileobj)
            self._answer_waiting()

    def _watch(self, source: Any, handler: Callable[[Any], None]) -> None:
        self._selector.register(source, selectors.EVENT_READ, handler)

    def _unwatch(self, source: Any) -> None:
        with suppress(KeyError, ValueError):
            self._selector.unregister(source)

    def _adopt(self, member: Member) -> None:
        self._watch(member.control, lambda _source: self._on_state(member))
        self._watch(member.stderr, lambda _source: self._on_output(member))

    def _close_in_child(self) -> None:
        self._selector.close()
        self._control.close()
        for end in self._wakeup:
            end.close()
        for client in self._clients:
            client.close()
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def _on_state(self, member: Member) -> None:
        try:
            told = member.control.recv(64)
        except BlockingIOError:
            return
        except OSError:
            told = b""
        if not told:
            self._unwatch(member.control)
            return
        if READY in told:
            member.ready_ms = (time.perf_counter() - member.forked_at) * 1000
        state = {BUSY: "busy", IDLE: "idle", READY: "idle"}.get(told[-1:])
        if state is None:  # a pipeline wrote to descriptors that are not its own
            self._pool.kill(member.pid)
            return
        member.state = state
        for idle in self._pool.surplus():
            self._unwatch(idle.control)
            self._pool.retire(idle)

    def _on_output(self, member: Member) -> None:
        data = os.read(member.stderr, 65536)
        if data:
            member.keep(data)
        else:
            self._unwatch(member.stderr)

    def _on_wakeup(self, source: socket.socket) -> None:
        with suppress(BlockingIOError):
            source.recv(4096)
        for member in self._pool.reap():
            self._unwatch(member.control)
            self._unwatch(member.stderr)
            member.close()
            if member.state == "starting":
                # Its successor would end the same way, and so for ever.
                sys.stderr.write(f"A child ended before it was ready.\n{self._pool.ends[member.pid]['stderrTail']}\n")
                self._stopping = True

    def _on_client(self, source: socket.socket) -> None:
        client, _ = source.accept()
        client.setblocking(True)
        self._clients[client] = frames.FrameDecoder()
        self._watch(client, self._on_request)

    def _on_request(self, client: socket.socket) -> None:
        try:
            data = client.recv(65536)
            requests = self._clients[client].feed(data) if data else None
        except (OSError, frames.ProtocolError):
            requests = None
        if requests is None:
            self._drop(client)
            return
        for request in requests:
            self._serve(client, request)

    def _serve(self, client: socket.socket, request: frames.Message) -> None:
        method, number = request.get("method"), request.get("id")
        params = request.get("params") or {}
        if method == "stats":
            self._send(client, number, {"children": self._stats()})
        elif method in ("kill", "ending"):
            if method == "kill":
                self._pool.kill(params["pid"])
            wait = KILL_ANSWER_SECONDS if method == "kill" else params.get("waitMs", 0) / 1000
            self._waiting.append((client, number, params["pid"], time.monotonic() + wait))
        elif number is not None:
            self._send(client, number, None)

    def _stats(self) -> list[dict[str, Any]]:
        members = self._pool.members.values()
        return [{"pid": each.pid, "state": each.state, "readyMs": each.ready_ms} for each in members]

    def _answer_waiting(self) -> None:
        """Answers who waits for the end of a child: as soon as it is known, or with null when their time is over."""
        still = []
        for client, number, pid, until in self._waiting:
            known = self._pool.ends.get(pid)
            if known is None and pid in self._pool.members and time.monotonic() < until:
                still.append((client, number, pid, until))
            else:
                self._send(client, number, known)
        self._waiting = still

    def _send(self, client: socket.socket, number: Any, result: Any) -> None:
        try:
            client.sendall(frames.encode({"jsonrpc": "2.0", "id": number, "result": result}))
        except OSError:
            self._drop(client)

    def _drop(self, client: socket.socket) -> None:
        self._unwatch(client)
        self._clients.pop(client, None)
        client.close()

    def _on_stdin(self, _source: int) -> None:
        if not os.read(0, 65536):
            self._stopping = True

    def _stop(self, *_signal: Any) -> None:
        self._stopping = True

    def _end(self) -> None:
        self._pool.kill_all()
        for path in self._paths:
            with suppress(OSError):
                os.unlink(path)
        with suppress(OSError):
            os.rmdir(os.path.dirname(self._paths[0]))
        sys.stderr.flush()


def _listen(path: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(path)
    listener.listen(128)
    listener.setblocking(False)
    return listener
