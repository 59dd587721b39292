"""Says nothing of the package itself."""
import layout
import logging
import star
from guarded import Base, hinted
from layout import model
from src.layout import model as same

model.update_global_history({})  # !! dspy.BaseLM#update_global_history
layout.model.update_global_history({})  # !! dspy.BaseLM#update_global_history
same.update_global_history({})  # !! dspy.BaseLM#update_global_history
logging.model.update_global_history({})  # ok
print(Base, hinted, star.made, star.Program)  # ok
