"""What other files import from here. Names are told where DSPy's own stand, which is here."""
import functools

import dspy
from dspy import Program as OldProgram  # !! dspy.Program
from dspy.evaluate import Evaluate

from .tools import timed, trace

Old = dspy.Program  # !! dspy.Program
library = dspy
shared = dspy.LM("x")
mixed = dspy.LM("x")
mixed = object()
_hidden = dspy.LM("x")


class Judge(Evaluate):  # ok
    pass


class Logging(dspy.LM):  # ok
    def update_global_history(self, entry):
        self.entries = entry


def small_model():  # ok
    return dspy.LM("openai/small")


@timed
def timed_model():  # ok
    return dspy.LM("openai/small")


@trace("models")
@functools.lru_cache(maxsize=1)
def traced_model():  # ok
    return dspy.LM("openai/small")


async def late_model() -> dspy.LM:  # ok
    return dspy.LM("openai/small")


def unrelated():
    return object()
