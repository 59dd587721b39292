import dspy

model = dspy.LM("of the team, under a name of Python's own library")
