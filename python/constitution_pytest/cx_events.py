"""The channel on which a session tells what happens, one JSON line an event."""

from __future__ import annotations

import json
import os
from typing import Any


class Events:
    """Writes to a descriptor that neither programs started by tests nor forks of the process can write to."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._process = os.getpid()
        os.set_inheritable(descriptor, False)

    def tell(self, event: str, **facts: Any) -> None:
        """Writes one event; in a fork of the process, nothing."""
        if os.getpid() != self._process:
            return
        data = (json.dumps({"event": event, **facts}) + "\n").encode("ascii")
        while data:
            data = data[os.write(self._descriptor, data) :]
