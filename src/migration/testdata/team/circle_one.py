import dspy
from circle_two import given, given_back, lost as lost_here

lost = lost_here
model = dspy.LM("x")
given.update_global_history({})  # !! dspy.BaseLM#update_global_history
given_back.update_global_history({})  # !! dspy.BaseLM#update_global_history
lost.update_global_history({})  # ok
