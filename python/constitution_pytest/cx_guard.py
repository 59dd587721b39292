"""Keeps a process from hosts other than its own machine."""

from __future__ import annotations

import ipaddress
import sys
from typing import Any


class NetworkRefused(OSError):
    """A test asked for a host that is not this machine."""


class NetworkGuard:
    """Refuses connections and look-ups of names, whichever library asks, and notes what was asked for.

    An audit hook cannot be taken away again, and sees the sockets of C code as well. Processes that tests start are not
    watched.
    """

    def __init__(self) -> None:
        self._asked: list[str] = []
        sys.addaudithook(self._audit)

    def take(self) -> list[str]:
        """What was asked for since the last call, as ``host:port``, without repeats."""
        if not self._asked:
            return []
        asked = list(dict.fromkeys(self._asked))
        self._asked.clear()
        return asked

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        # Called for every import and every file that is opened: nothing may come before this.
        if event[:7] != "socket.":
            return
        if event in ("socket.connect", "socket.sendto"):
            address = arguments[1]
            if isinstance(address, tuple) and len(address) >= 2 and not is_own_machine(address[0]):
                self._refuse(f"{_text(address[0])}:{address[1]}")
        elif event == "socket.getaddrinfo":
            host, port = arguments[0], arguments[1]
            if host is not None and not is_own_machine(host):
                self._refuse(_text(host) if port in (None, 0, "") else f"{_text(host)}:{_text(port)}")
        elif event == "socket.gethostbyname" and not is_own_machine(arguments[0]):
            self._refuse(_text(arguments[0]))

    def _refuse(self, place: str) -> None:
        self._asked.append(place)
        raise NetworkRefused(f"{place} is not on this machine, and a suite under test has no network")


def is_own_machine(host: Any) -> bool:
    """Whether a host is loopback, by its address or its name."""
    name = _text(host).lower().rstrip(".").partition("%")[0]
    if name in ("", "localhost") or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _text(value: Any) -> str:
    return value.decode("ascii", "replace") if isinstance(value, (bytes, bytearray)) else str(value)
