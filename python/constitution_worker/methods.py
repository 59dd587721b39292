"""What a child can do for the test run: the methods of `src/bridge/protocol.ts`."""

from __future__ import annotations

import importlib
import math
import os
import platform
import random
import resource
import sys
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError
from typing import Any

from . import PROTOCOL_VERSION, dspy_host, process_start
from .errors import BudgetSpent, OptimizerStalled, OptimizerUnsaved, WorkerError, bounded, one_line
from .output import NotJson, to_json
from .stages import StageRecorder, recording
from .workspace import Workspace, Workspaces

Params = dict[str, Any]

UNWINDING = (BudgetSpent, OptimizerStalled, OptimizerUnsaved)
"""What ends a program that would take an exception for a bad try."""


class Methods:
    """The methods by name, and the user's code they have loaded."""

    def __init__(self) -> None:
        self._workspaces = Workspaces()
        self.by_name: dict[str, Callable[[Params], Any]] = {
            "initialize": self._initialize,
            "ping": lambda _params: {},
            "run": self._run,
            "score": self._score,
            "schema": self._schema,
            "optimize": self._optimize,
        }

    def _initialize(self, params: Params) -> Params:
        if params.get("protocol") != PROTOCOL_VERSION:
            raise WorkerError(
                "CX-WORKER-PROTOCOL",
                f"The worker speaks protocol {PROTOCOL_VERSION}, the caller {params.get('protocol')}.",
            )
        return {
            "protocol": PROTOCOL_VERSION,
            "pid": os.getpid(),
            "python": platform.python_version(),
            "dspy": dspy_host.VERSION,
        }

    def _run(self, params: Params) -> Params:
        workspace = self._workspaces.activate(params["root"])
        factory = workspace.load(params["entry"])
        _seed(params["runId"])
        recorder = StageRecorder()
        cpu, wall = _cpu_ms(), time.perf_counter()
        with recording(recorder):
            program = _build(factory, params, workspace)
            result = _guarded(
                "The pipeline",
                workspace,
                lambda: dspy_host.call_program(program, params["inputs"], params["lm"], recorder),
            )
        answer = {
            "stages": recorder.stages(),
            "cpuMs": round(_cpu_ms() - cpu, 3),
            "wallMs": round((time.perf_counter() - wall) * 1000, 3),
        }
        return {"output": _json(result), **answer}

    def _schema(self, params: Params) -> Params:
        workspace = self._workspaces.activate(params["root"])
        program = _build(workspace.load(params["entry"]), params, workspace)
        return {"signatures": dspy_host.signatures(program)}

    def _optimize(self, params: Params) -> Params:
        workspace = self._workspaces.activate(params["root"])
        factory, judge = workspace.load(params["entry"]), workspace.load(params["judge"])
        try:
            optimizer = importlib.import_module("constitution_optimizer.setup")
            importlib.import_module(f"constitution_optimizer.optimizers.{params['optimizer']}")
        except (ImportError, PackageNotFoundError) as error:
            what = f"DSPy {dspy_host.VERSION} cannot run this optimizer:"
            raise WorkerError("CX-OPTIMIZE-SETUP", f"{what} {one_line(error)}", cause=error) from error
        _build(factory, params, workspace)  # says what is wrong with it, before anything is paid for
        _seed(params["runId"])
        _guarded(
            "The optimizer",
            workspace,
            lambda: optimizer.optimize(lambda: factory(**params["params"]), judge, params),
        )
        return {}

    def _score(self, params: Params) -> Params:
        workspace = self._workspaces.activate(params["root"])
        scorer = workspace.load(params["entry"])
        result = _guarded("The scorer", workspace, lambda: scorer(params["case"], params["output"]))
        return _score_answer(_json(result))


def _build(factory: Callable[..., Any], params: Params, workspace: Workspace) -> Callable[..., Any]:
    try:
        program: Callable[..., Any] = factory(**params["params"])
    except (Exception, SystemExit) as error:
        raise _raised("CX-PIPELINE-LOAD", "Building the pipeline failed", error, workspace) from error
    finally:
        workspace.note_imports()
    if not callable(program):
        raise WorkerError(
            "CX-PIPELINE-LOAD", f"{params['entry']} built a {type(program).__name__}, which cannot be called."
        )
    return program


def _guarded(who: str, workspace: Workspace, call: Callable[[], Any]) -> Any:
    try:
        return call()
    except (Exception, *UNWINDING, SystemExit, KeyboardInterrupt, GeneratorExit) as error:
        raise _raised("CX-PIPELINE-RAISED", f"{who} raised", error, workspace) from error
    finally:
        workspace.note_imports()


def _raised(code: str, what: str, error: BaseException, workspace: Workspace) -> WorkerError:
    """An exception that brings a code of its own (the sandbox does) keeps it."""
    own = getattr(error, "code", None)
    if isinstance(own, str) and own.startswith("CX-"):
        code = own
    return WorkerError(code, f"{what} {one_line(error)}", cause=error, root=workspace.root)


def _json(value: Any) -> Any:
    try:
        return to_json(value)
    except NotJson as error:
        raise WorkerError("CX-PIPELINE-OUTPUT", str(error)) from error


def _score_answer(result: Any) -> Params:
    """A scorer returns a number, a truth value, or `{outcome, violations, detail}`."""
    fields = result if isinstance(result, dict) else {"outcome": result}
    outcome = fields.get("outcome")
    if not isinstance(outcome, (bool, int, float)) or not 0 <= outcome <= 1 or math.isnan(outcome):
        raise WorkerError("CX-PIPELINE-OUTPUT", f"The scorer's outcome is {outcome!r}; it must be a number in 0..1.")
    violations = fields.get("violations", {})
    counts = isinstance(violations, dict) and all(type(count) is int and count >= 0 for count in violations.values())
    if not counts:
        raise WorkerError("CX-PIPELINE-OUTPUT", f"The scorer's violations are {violations!r}; they must be counts.")
    return {"outcome": float(outcome), "violations": violations, "detail": bounded(str(fields.get("detail", "")))}


def _seed(run_id: str) -> None:
    """The same run draws the same random numbers every time, so that it asks the LM the same and can be replayed."""
    random.seed(run_id)
    numpy: Any | None = sys.modules.get("numpy")
    if numpy is not None and hasattr(numpy, "random"):
        numpy.random.seed(random.getrandbits(32))


def _cpu_ms() -> float:
    """CPU time so far of this process, of the children it has waited for, and of the sandbox, in milliseconds."""
    usages = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    own = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return (own + process_start.cpu_seconds()) * 1000
