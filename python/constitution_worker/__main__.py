"""Starts a fork server: `python constitution_worker/__main__.py --socket PATH [options]`.

When the children accept, one JSON line is written to stdout; after that stdout carries nothing.
"""

from __future__ import annotations

import os
import sys

# Run as a script, Python puts this folder first on the path, where `errors` or `linux` would shadow other modules.
sys.path[0] = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main() -> None:
    """Parses the options, imports DSPy, serves."""
    import argparse
    import gc
    import json
    import platform
    import time

    parser = argparse.ArgumentParser(prog="constitution_worker")
    parser.add_argument("--socket", required=True, help="path of the Unix socket that runs connect to")
    parser.add_argument("--pool", type=int, required=True, help="children kept idle")
    parser.add_argument("--limit", type=int, required=True, help="children at most")
    parser.add_argument("--max-runs", type=int, required=True, help="runs after which a child is replaced")
    parser.add_argument("--warm-sandboxes", action="store_true", help="fork sandboxed programs from a template")
    options = parser.parse_args()

    ready = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    started = time.perf_counter()
    # What an import makes stays: looking for circles in it meanwhile is a quarter of the time. Children collect again.
    gc.disable()
    from constitution_worker import PROTOCOL_VERSION, dspy_host, process_start
    from constitution_worker.forkserver import ForkServer

    imported = time.perf_counter()
    dspy_host.prepare_for_fork()
    if options.warm_sandboxes:
        process_start.keep_warm()
    prepared = time.perf_counter()
    server = ForkServer(options.socket, options.pool, options.limit, options.max_runs)

    def announce() -> None:
        identity = {
            "protocol": PROTOCOL_VERSION,
            "pid": os.getpid(),
            "python": platform.python_version(),
            "dspy": dspy_host.VERSION,
            "importMs": round((imported - started) * 1000, 1),
            "prepareMs": round((prepared - imported) * 1000, 1),
        }
        ready.write(json.dumps(identity) + "\n")
        ready.close()

    server.run(announce)


main()
