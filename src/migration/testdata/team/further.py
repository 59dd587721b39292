"""Names that come by another way than an import, and what only looks like it."""
from __future__ import annotations

from typing import Optional, Union

try:
    import dspy  # ok
except ImportError:
    dspy = None

library = dspy  # ok
Old = dspy.Program  # !! dspy.Program
first = second = dspy.evaluate  # ok
judge = second.Evaluate([], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
Judge = dspy.Evaluate  # ok
judge = Judge(devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
settings = dspy.settings  # ok
print(settings.bypass_assert)  # !! dspy.settings[bypass_assert]


def optional():
    return library.Assert(True)  # !! dspy.Assert


class Again(Old):  # ok
    pass


def walrus():
    if (found := dspy) and found.Suggest(True):  # !! dspy.Suggest
        return [inner.Assert for _ in () if (inner := dspy)]  # !! dspy.Assert


def defaults(dspy=dspy.Program, *, other: dspy.Program = None):  # !! dspy.Program dspy.Program
    return dspy.Assert  # ok


def keyword_default(*, dspy=dspy.Suggest):  # !! dspy.Suggest
    return dspy.Assert  # ok


def from_comprehension():
    print([0 for _ in () if (inner := dspy)])
    return inner.Assert  # !! dspy.Assert


def typed(lm: dspy.BaseLM, other: Optional[dspy.LM], third: "dspy.LM | None" = None):  # ok
    lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
    other.update_global_history({})  # !! dspy.BaseLM#update_global_history
    third.update_global_history({})  # !! dspy.BaseLM#update_global_history


def typed_otherwise(lm: Union[dspy.LM, str], many: list[dspy.LM], cls: type[dspy.LM], dspy: object):  # ok
    """Which of two it is, or what is of it, is not said."""
    lm.update_global_history({})  # ok
    many.update_global_history({})  # ok
    cls.update_global_history({})  # ok
    return dspy.Program  # ok


def typed_as_one_of_two(lm: dspy.LM | str):  # ok
    lm.update_global_history({})  # ok


class Own(dspy.BaseLM):  # ok
    fallback = None

    def __init__(self):
        self.lm: Optional[dspy.LM] = None
        self.later = None
        self.mixed = dspy.LM("x")

    def set(self, mixed):
        self.later = dspy.LM("x")
        self.mixed = mixed

    def forward(self):
        self.update_global_history({})  # !! dspy.BaseLM#update_global_history
        super().update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.later.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.mixed.update_global_history({})  # ok
        self.lm.lm.update_global_history({})  # ok


class Overriding(dspy.BaseLM):  # ok
    def update_global_history(self, entry):  # ok
        pass

    def forward(self):
        self.update_global_history({})  # ok


class Elsewhere(object):
    def forward(self):
        self.update_global_history({})  # ok
        super().update_global_history({})  # ok


def nearest():
    tool = object()

    def inner():
        nonlocal tool
        tool = dspy

    inner()
    return tool.Program  # ok


def rebound_inside():
    tool = dspy

    def inner():
        nonlocal tool
        tool = object()

    inner()
    return tool.Program  # ok


shared = dspy


def around():
    shared = object()

    def inner():
        global shared
        return shared.Program  # !! dspy.Program

    return inner, shared


def everywhere():
    global settable
    settable = dspy.LM("x")


settable = object()
settable.update_global_history({})  # ok
hidden = shown = dspy.Module  # ok
circular = circular  # ok
print(circular.Program)  # ok
by_name = __import__("dspy.retrieve")  # !! dspy.retrieve
print(hasattr(dspy, "Program"))  # !! dspy.Program
print(hasattr(object(), "Program"), __import__("other.retrieve"))  # ok
candidate = dspy.teleprompt.utils.eval_candidate_program  # ok
candidate(1, [], None, None, None, True)  # !! dspy.teleprompt.utils.eval_candidate_program(return_all_scores)
candidate(*judge, 1, 2, 3, 4, 5, 6)  # ok
dspy.streaming.StreamResponse("answer", "field", "text")  # !! dspy.streaming.StreamResponse(is_last_chunk)
dspy.streaming.StreamResponse("answer", "field", "text", True)  # ok
dspy.streaming.StreamResponse("answer", "field", "text", is_last_chunk=True)  # ok
dspy.streaming.StreamResponse(*judge), dspy.streaming.StreamResponse("answer", **judge)  # ok
