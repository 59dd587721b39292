from dspy import *

Predicted = Predict  # ok
made = Program()  # !! dspy.Program


def inside(Suggest):
    return Suggest, Program  # !! dspy.Program


def shadowed():
    Program = 3  # ok
    return Program  # ok
