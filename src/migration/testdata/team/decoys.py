"""dspy.Assert and dspy.Program in a text."""  # ok
import unittest

import dspy  # ok
import pandas as d


class Assert:  # ok
    pass


class Checks(unittest.TestCase):
    def test_it(self):
        self.Assert(1)  # ok
        self.assertTrue(dspy.Module)  # ok
        unittest.Assert  # ok


class Own:
    Program = 1  # ok
    retrieve = 2  # ok

    def Suggest(self):  # ok
        return self.Program  # ok

    def use(self, dspy):
        return dspy.Assert, dspy.Program  # ok

    def other(self):
        self.Suggest()  # ok
        return self.update_global_history()  # ok


# dspy.Assert(True)  # ok
Assert()  # ok
d.Program()  # ok
d.retrieve.x  # ok
words = ["dspy.Program", 'from dspy import Assert', f"dspy.{'Assert'}"]  # ok
table = {"bypass_assert": True}  # ok


def local():
    dspy = object()  # ok
    return dspy.Program  # ok


def parameter(dspy=None, *, Program=None):  # ok
    return dspy.Suggest, Program  # ok


def loops():
    for dspy in range(3):  # ok
        print(dspy.Assert)  # ok
    return [dspy.Program for dspy in ()]  # ok


def opened(path):
    with open(path) as dspy:  # ok
        return dspy.Program  # ok


def caught():
    try:
        pass
    except ValueError as dspy:  # ok
        return dspy.Program  # ok


def rebound():
    import dspy

    dspy = dspy.Module  # ok
    return dspy.Program  # ok


def matched(value):
    match value:
        case {"dspy": dspy}:  # ok
            return dspy.Program  # ok
        case [*dspy]:  # ok
            return dspy.Suggest  # ok


def lambdas():
    return (lambda dspy: dspy.Program)  # ok


def evaluated(Evaluate):
    return Evaluate(return_outputs=True)  # ok


def configured(settings):
    settings.configure(bypass_assert=True)  # ok
    return settings.bypass_assert  # ok


def history(lm):
    lm.update_global_history({})  # ok
    return lm  # ok


def of_two(flag):
    lm = dspy.LM("x")
    if flag:
        lm = object()
    lm.update_global_history({})  # ok
    other = dspy.Predict("a -> b")
    other.update_global_history()  # ok


new = [dspy.Module, dspy.Refine, dspy.BestOfN, dspy.Example, dspy.Prediction]  # ok
made = dspy.ChainOfThought("a -> b")  # ok
refined = dspy.Refine(module=made, N=3, reward_fn=None, threshold=1.0)  # ok
name = "Assert"
asked = getattr(dspy, name)  # ok
given = getattr(object(), "Program", None)  # ok
deep = object().dspy.Program  # ok
typed: "dspy.Program" = None  # ok
dspy.Module.Program = None  # ok
