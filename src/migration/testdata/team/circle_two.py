import dspy
from circle_one import *
from circle_one import lost, model as given_back

given = dspy.LM("x")
given_back.update_global_history({})  # !! dspy.BaseLM#update_global_history
model.update_global_history({})  # !! dspy.BaseLM#update_global_history
lost.update_global_history({})  # ok
