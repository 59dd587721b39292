"""A package in a folder `src`, which Python is told to look in."""
from dspy import LM

model = LM("x")
