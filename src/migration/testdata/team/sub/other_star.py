import dspy
from dspy import Module
from other import *

made = [Program(), Suggest, Module]  # ok
print(dspy.Program)  # !! dspy.Program
