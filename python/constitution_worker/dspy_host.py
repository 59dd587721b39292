"""The only module that imports DSPy: what differs between its versions is settled here."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import dspy
import litellm
from dspy.utils.callback import BaseCallback

from . import rehearsal
from .errors import BudgetSpent
from .stages import StageRecorder

VERSION: str = importlib.import_module("importlib.metadata").version("dspy")

LIBRARY_KEY = "constitution"
"""Sent as the API key of every LM. litellm builds an HTTP client per key and keeps it, connection included; with one
key a child has one client. The run's own token travels in a header of each request instead."""


def prepare_for_fork() -> None:
    """Switches every cache off and closes what must not be shared with a forked child."""
    _disable_caches()
    litellm.suppress_debug_info = True
    logging.getLogger("LiteLLM").setLevel(logging.ERROR)
    inspect.stack()  # DSPy 3 asks for the stack in every call; the first time reads all modules' files (80 ms)
    for name in rehearsal.modules_of_a_first_call(_first_call):
        try:
            importlib.import_module(name)
        except Exception:
            logging.getLogger(__name__).debug("%s was not imported ahead", name)


def _disable_caches() -> None:
    """DSPy's cache key ignores the API key and base: a run would be answered from what another one asked. Its 16 SQLite
    shards are open after the import, and SQLite connections do not survive a fork."""
    cache = getattr(dspy, "cache", None)
    disk = getattr(cache, "disk_cache", None)
    if disk is not None and hasattr(disk, "close"):
        disk.close()
    if hasattr(dspy, "configure_cache"):
        dspy.configure_cache(enable_disk_cache=False, enable_memory_cache=False)
    litellm.cache = None


def _first_call(base_url: str) -> None:
    with use_lm({"baseUrl": base_url, "token": "rehearsal", "model": "rehearsal", "parameters": {}}):
        dspy.Predict("question -> answer")(question="?")


@contextmanager
def use_lm(target: dict[str, Any] | None, *callbacks: BaseCallback) -> Iterator[None]:
    """Makes the run's LM (or none) the one that modules use, for this run only. Its trace is its own too: DSPy would
    append to a global list that outlives the run."""
    overrides: dict[str, Any] = {"callbacks": [*dspy.settings.get("callbacks", []), *callbacks], "trace": []}
    if target is not None:
        overrides["lm"] = make_lm(target)
    with dspy.context(**overrides):
        yield


REFUSED_FOR_A_BUDGET = 402
_BUDGET_CODE = re.compile(r"\b(CX-BUDGET-[A-Z]+): ([^\n]*)")


ROLLOUT_HEADER = "X-Constitution-Rollout"
_rollout: ContextVar[str | None] = ContextVar("rollout", default=None)


@contextmanager
def calls_of_rollout(name: str) -> Iterator[None]:
    """Tells the gateway which LM calls belong together: all calls of an optimizer carry one token."""
    before = _rollout.set(name)
    try:
        yield
    finally:
        _rollout.reset(before)


class BudgetedLM(dspy.LM):  # type: ignore[misc]
    """An LM whose calls end the program, and not only themselves, once the gateway refuses them for a budget."""

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """As `dspy.LM.forward`. Raises BudgetSpent."""
        with _budget_unwinds():
            return super().forward(*args, **self._of_rollout(kwargs))

    async def aforward(self, *args: Any, **kwargs: Any) -> Any:
        """As `dspy.LM.aforward`. Raises BudgetSpent."""
        with _budget_unwinds():
            return await super().aforward(*args, **self._of_rollout(kwargs))

    def _of_rollout(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        name = _rollout.get()
        if name is None:
            return kwargs
        headers = {**self.kwargs.get("extra_headers", {}), **kwargs.get("extra_headers", {}), ROLLOUT_HEADER: name}
        return {**kwargs, "extra_headers": headers}


@contextmanager
def _budget_unwinds() -> Iterator[None]:
    try:
        yield
    except Exception as error:
        told = _BUDGET_CODE.search(str(error)) if _status_of(error) == REFUSED_FOR_A_BUDGET else None
        if told is None:
            raise
        raise BudgetSpent(told[1], told[2]) from error


def _status_of(error: BaseException | None) -> Any:
    """Status of the answer behind an error: it is a `status_code` of the error or of a cause."""
    while error is not None:
        status = getattr(error, "status_code", None)
        if status == REFUSED_FOR_A_BUDGET:
            return status
        error = error.__cause__ or error.__context__
    return None


def make_lm(target: dict[str, Any]) -> Any:
    """The LM of a run. No retries unless the parameters ask for them: litellm retries 4xx answers too, with exponential
    back-off, so that one missing recording would take 8 to 12 requests and 6 to 9 seconds."""
    parameters = {"num_retries": 0, "max_retries": 0, **target["parameters"]}
    headers = {**parameters.pop("extra_headers", {}), "Authorization": f"Bearer {target['token']}"}
    return BudgetedLM(
        f"openai/{target['model']}",
        api_base=target["baseUrl"],
        api_key=LIBRARY_KEY,
        extra_headers=headers,
        cache=False,
        **parameters,
    )


class StageCallback(BaseCallback):
    """Records each module call as a stage."""

    def __init__(self, recorder: StageRecorder) -> None:
        self._recorder = recorder
        self._open: dict[str, Any] = {}

    def on_module_start(self, call_id: str, instance: Any, inputs: dict[str, Any]) -> None:
        self._open[call_id] = self._recorder.start(type(instance).__name__)

    def on_module_end(self, call_id: str, outputs: Any, exception: BaseException | None = None) -> None:
        self._recorder.end(self._open.pop(call_id, None))


def call_program(
    program: Callable[..., Any], inputs: dict[str, Any], target: dict[str, Any] | None, recorder: StageRecorder
) -> Any:
    """Calls the program with the run's LM in place; a prediction is returned as its fields."""
    with use_lm(target, StageCallback(recorder)):
        result = program(**inputs)
        if inspect.isawaitable(result):
            result = asyncio.run(_finish(result))
    return result.toDict() if isinstance(result, dspy.Prediction) else result


async def _finish(result: Any) -> Any:
    return await result


def signatures(program: Any) -> list[dict[str, Any]]:
    """The signatures of a program's predictors, in the form of `SchemaAnswer`. Empty where it is no DSPy module."""
    if not isinstance(program, dspy.Module):
        return []
    return [
        {
            "predictor": name,
            "instructions": inspect.cleandoc(predictor.signature.instructions),
            "fields": [
                *_fields(predictor.signature.input_fields, "input"),
                *_fields(predictor.signature.output_fields, "output"),
            ],
        }
        for name, predictor in program.named_predictors()
    ]


def _fields(fields: dict[str, Any], direction: str) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "direction": direction,
            "type": _type_name(field.annotation),
            "description": str((field.json_schema_extra or {}).get("desc", "")),
        }
        for name, field in fields.items()
    ]


def _type_name(annotation: Any) -> str:
    """`str`, `list[str]`, `Literal['a', 'b']`: the same text in every version of DSPy and Python."""
    if annotation is None or annotation is type(None):
        return "None"
    if isinstance(annotation, type) and not hasattr(annotation, "__args__"):
        return annotation.__name__
    return repr(annotation).replace("typing.", "")


def settings_fingerprint() -> str:
    """Differs after a pipeline has changed DSPy's global settings, which would leak into the next run. Objects are
    compared by identity: settings hold some that do not compare."""
    config = dict(dspy.settings.config)
    return json.dumps({str(key): _identity(value) for key, value in config.items()}, sort_keys=True)


def _identity(value: Any) -> str:
    plain = value is None or isinstance(value, (bool, int, float, str))
    return (
        repr(value) if plain else f"{type(value).__name__}@{id(value)}:{len(value) if isinstance(value, list) else ''}"
    )


def library_threads() -> set[threading.Thread]:
    """Threads that litellm keeps for its own logging: no state left over by a pipeline."""
    executor = getattr(sys.modules.get("litellm.litellm_core_utils.thread_pool_executor"), "executor", None)
    return set(getattr(executor, "_threads", ()))


def cache_folder() -> str | None:
    """Where this environment's DSPy would keep a disk cache; for `doctor`-like checks of isolation."""
    return os.environ.get("DSPY_CACHEDIR")
