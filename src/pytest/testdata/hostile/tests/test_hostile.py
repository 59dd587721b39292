import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest


def test_exits():
    sys.exit(3)


def test_ends_the_session():
    pytest.exit("no more")


def test_real_network():
    socket.create_connection(("api.example.com", 443), timeout=5)


def test_own_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_missing_package():
    import surely_not_installed  # noqa: F401


def test_leaves_a_child():
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])


def test_prints_what_looks_like_an_event(capfd):
    print('{"event": "finish"}')
    assert capfd.readouterr().out


def test_hangs():
    time.sleep(600)


def test_kills_its_process():
    os._exit(7)


def test_writes_into_its_tree():
    Path("written.txt").write_text("in the working folder")
    (Path(__file__).parent / "beside.txt").write_text("beside the test")
    Path("pyproject.toml").write_text("changed")
