"""What comes from functions and classes of the program itself, and what only looks like it."""
import asyncio
import functools
from typing import Optional

import dspy
from dspy import Evaluate


def small_model():  # ok
    return dspy.LM("openai/small")


def stated_model(name) -> dspy.LM:  # ok
    return MODELS[name]


def perhaps(name) -> "Optional[dspy.LM]":  # ok
    return MODELS.get(name)


def one_of_two(name):
    if name is None:
        return None
    if name == "cached":
        return small_model()
    return dspy.LM(name)


def either(name):
    return dspy.LM(name) if name else dspy.BaseLM("x")


def mixed(name):
    if name:
        return dspy.LM(name)
    return object()


def stated_otherwise(name) -> str:
    return dspy.LM(name)


def in_turn():
    yield dspy.LM("a")
    return dspy.LM("b")


@functools.wraps(small_model)
def decorated():
    return dspy.LM("a")


async def later():
    return dspy.LM("a")


def circular():
    return circular()


def outer():
    def inner():
        return dspy.LM("a")

    return inner


MODELS = {}
model = small_model()  # ok
model.update_global_history({})  # !! dspy.BaseLM#update_global_history
small_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
stated_model("a").update_global_history({})  # !! dspy.BaseLM#update_global_history
perhaps("a").update_global_history({})  # !! dspy.BaseLM#update_global_history
one_of_two("a").update_global_history({})  # !! dspy.BaseLM#update_global_history
either("a").update_global_history({})  # ok
mixed("a").update_global_history({})  # ok
stated_otherwise("a").update_global_history({})  # ok
in_turn().update_global_history({})  # ok
decorated().update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.run(later()).update_global_history({})  # !! dspy.BaseLM#update_global_history
later().update_global_history({})  # ok
circular().update_global_history({})  # ok
outer().update_global_history({})  # ok
small_model.update_global_history({})  # ok
print(small_model.Program, getattr(small_model, "Program"))  # ok


class Judge(Evaluate):  # ok
    """Asks for nothing of its own when it is made."""

    def report(self):
        return self.devset


class Strict(Judge):  # ok
    limit = 5


class OwnStart(dspy.Evaluate):  # ok
    def __init__(self, return_outputs):
        super().__init__(devset=[], return_outputs=return_outputs)  # !! dspy.Evaluate(return_outputs)


class OfOwnStart(OwnStart):
    def __call__(self, program, return_outputs):
        return program, return_outputs


class Made(dspy.Evaluate, metaclass=type):  # ok
    pass


@functools.total_ordering
class Wrapped(dspy.Evaluate):
    def __lt__(self, other):
        return id(self) < id(other)


class Anything(dspy.LM):
    def __getattr__(self, name):
        return name


class Logging(dspy.LM):  # ok
    def update_global_history(self, entry):
        self.entries = entry


class Recording(dspy.LM):  # ok
    def __init__(self):
        self.update_global_history = print


class Plain(dspy.LM):  # ok
    pass


class Old(dspy.Program):  # !! dspy.Program
    def forward(self):
        return None


judge = Judge(devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
strict = Strict(devset=[], return_all_scores=True)  # !! dspy.Evaluate(return_all_scores)
judge(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
strict(None, return_all_scores=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_all_scores)
later_judge = functools.partial(Judge, return_outputs=True)  # !! dspy.Evaluate(return_outputs)
Judge.__init__(judge, devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
OwnStart(return_outputs=True)  # ok
OwnStart(True)(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
OfOwnStart(return_outputs=True)(None, return_outputs=True)  # ok
functools.partial(OfOwnStart(True), return_outputs=True)  # ok
functools.partial(OwnStart, return_outputs=True)  # ok
Made(devset=[], return_outputs=True)  # ok
Wrapped(devset=[], return_outputs=True)  # ok
Anything("a").update_global_history({})  # ok
Logging("a").update_global_history({})  # ok
Recording().update_global_history({})  # ok
Plain("a").update_global_history({})  # !! dspy.BaseLM#update_global_history
Old()  # ok
print(Old.forward, getattr(Old, "forward"), Judge.limit)  # ok


def asks(judge: Judge, lm: Plain, log: Logging):  # ok
    judge(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
    lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
    log.update_global_history({})  # ok
