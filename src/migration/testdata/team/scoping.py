"""Which name is meant where: rules of scope that are easy to get wrong."""
import importlib
import typing
from functools import partial
from unittest import mock

import dspy
import dspy.evaluate as evaluation
import dspy.primitives as primitives
from .dspy import evaluate as ours

evaluation.Evaluate(devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
ours.Evaluate(devset=[], return_outputs=True)  # ok
dspy.Program = dspy.Module  # ok
old = primitives.Program  # !! dspy.primitives.Program
getter = dspy.settings.get  # ok
patched = mock.patch("team.client")  # ok
patched("dspy.Program")  # ok
partial()  # ok
importlib.import_module(1), getattr(dspy, 2), getattr(dspy)  # ok
dspy.Evaluate(**{1: True})  # ok
dspy.streaming.StreamResponse("a", **dict(chunk="c", **patched))  # ok
print(experimental, retrieve)  # ok
lm = dspy.LM("x")
answer = lm("question")
answer.update_global_history({})  # ok


@dspy.backtrack_handler  # !! dspy.backtrack_handler
def decorated_outside(dspy):
    return dspy.Program  # ok


def optional(lm: typing.Optional[dspy.LM]):
    lm.update_global_history({})  # !! dspy.BaseLM#update_global_history


class Body(dspy.Program):  # !! dspy.Program
    dspy = object()
    inside = dspy.Suggest  # ok


class Importing:
    import dspy as local

    inside = local.Program  # !! dspy.Program

    def method(self):
        return local.Suggest  # ok


def unpacked():
    dspy, x = object(), 1
    return dspy.Program  # ok


def nested_unpacked():
    x, (y, dspy) = 1, (2, object())
    return dspy.Program  # ok


def starred():
    x, *dspy = 1, 2
    return dspy.Program  # ok


def of_a_number():
    tool = dspy
    tool = 3
    return tool.Program  # ok


def stated_as_a_number(tool: 1, other: "not a type", third: "1 +"):
    tool.update_global_history({})  # ok
    return other, third


def of_a_global():
    shadow = dspy

    def inner():
        global shadow
        shadow = object()

    inner()
    return shadow.Program  # !! dspy.Program


kept = dspy


def inside_only():
    return (kept := object())


print(kept.Program)  # !! dspy.Program


def free(self):
    self.update_global_history({})  # ok
    super().update_global_history({})  # ok


class Assigning(dspy.BaseLM):
    def __init__(self, other):
        self.update_global_history = print  # ok
        self.held = dspy.LM("x")
        other.foreign = dspy.LM("x")
        for self.looped in []:
            self.looped.update_global_history({})  # ok
        self.pair, self.of = dspy.LM("x"), dspy.LM("y")

    def forward(self, other):
        self.update_global_history({})  # ok
        other.held.update_global_history({})  # ok
        self.foreign.update_global_history({})  # ok
        self.pair.update_global_history({})  # ok
