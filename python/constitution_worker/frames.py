"""JSON-RPC 2.0 messages with `Content-Length` headers, as vscode-jsonrpc and language servers speak them."""

from __future__ import annotations

import json
import socket
from collections import deque
from typing import Any

MAX_MESSAGE_BYTES = 64 * 1024 * 1024
"""A longer message is refused: it is garbage, or would take the memory of the machine."""

MAX_HEADER_BYTES = 4096

Message = dict[str, Any]


class ProtocolError(Exception):
    """The other end sent something that is not a message."""


def encode(message: Message) -> bytes:
    """One message as bytes. Raises ValueError or TypeError where it is not JSON."""
    body = json.dumps(message, allow_nan=False, separators=(",", ":")).encode()
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


class FrameDecoder:
    """Turns a stream of bytes into messages, whatever pieces it arrives in."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Message]:
        """The messages that `data` completes. Raises ProtocolError."""
        self._buffer += data
        messages = []
        while (message := self._take()) is not None:
            messages.append(message)
        return messages

    def _take(self) -> Message | None:
        end = self._buffer.find(b"\r\n\r\n", 0, MAX_HEADER_BYTES)
        if end < 0:
            if len(self._buffer) >= MAX_HEADER_BYTES:
                raise ProtocolError("no header within the first bytes of a message")
            return None
        length = self._length(bytes(self._buffer[:end]))
        start = end + 4
        if len(self._buffer) < start + length:
            return None
        body = bytes(self._buffer[start : start + length])
        del self._buffer[: start + length]
        try:
            message = json.loads(body)
        except ValueError as error:
            raise ProtocolError(f"a message is not JSON: {error}") from error
        if not isinstance(message, dict):
            raise ProtocolError("a message is not a JSON object")
        return message

    @staticmethod
    def _length(header: bytes) -> int:
        for line in header.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if name.strip().lower() == b"content-length":
                text = value.strip()
                if not text.isdigit() or int(text) > MAX_MESSAGE_BYTES:
                    raise ProtocolError(f"Content-Length is {text!r}")
                return int(text)
        raise ProtocolError("a message has no Content-Length")


class FrameChannel:
    """Messages over one connected socket."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._decoder = FrameDecoder()
        self._waiting: deque[Message] = deque()

    def read(self) -> Message | None:
        """The next message; None where the other end has closed. Raises ProtocolError, OSError."""
        while not self._waiting:
            data = self._connection.recv(65536)
            if not data:
                return None
            self._waiting.extend(self._decoder.feed(data))
        return self._waiting.popleft()

    def peek_arrived(self) -> list[Message] | None:
        """What has arrived and is not read yet, without waiting; None where the other end has closed."""
        try:
            while data := self._connection.recv(65536, socket.MSG_DONTWAIT):
                self._waiting.extend(self._decoder.feed(data))
        except BlockingIOError:
            return list(self._waiting)
        return None

    def write(self, message: Message) -> None:
        """Raises OSError where the other end is gone."""
        self._connection.sendall(encode(message))
