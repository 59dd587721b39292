"""Finds out which modules the first LM call of a process imports, so that they are imported once, before forking.

A library that imports lazily (litellm loads some 500 modules in its first call, about a second) would make every child
pay again. A throw-away child makes one real call to a server of its own and reports what was imported; the threads and
connections of that call end with it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable

_COMPLETION = json.dumps(
    {
        "id": "rehearsal",
        "object": "chat.completion",
        "created": 0,
        "model": "rehearsal",
        "choices": [
            {
                "index": 0,
                "finish_reason": "stop",
                "message": {"role": "assistant", "content": "[[ ## answer ## ]]\nyes\n\n[[ ## completed ## ]]"},
            }
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
).encode()


def modules_of_a_first_call(call: Callable[[str], None]) -> list[str]:
    """Runs `call(base_url)` in a child. Empty where it fails: rehearsing saves time, nothing depends on it."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        try:
            before = set(sys.modules)
            _rehearse(call)
            new = sorted(name for name in sys.modules.keys() - before)
            with os.fdopen(writer, "wb") as pipe:
                pipe.write(json.dumps(new).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    return list(json.loads(text)) if text else []


def _rehearse(call: Callable[[str], None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_answer_all, args=(server,), daemon=True).start()
        call(f"http://127.0.0.1:{server.getsockname()[1]}/v1")


def _answer_all(server: socket.socket) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
    while True:
        connection, _ = server.accept()
        with connection:
            _read_request(connection)
            connection.sendall(head % len(_COMPLETION) + _COMPLETION)


def _read_request(connection: socket.socket) -> None:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += connection.recv(65536)
