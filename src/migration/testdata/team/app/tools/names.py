from ..models import *
from .. import models as all_models
from ... import app
from ....outside import small_model as beyond

shared.update_global_history({})  # !! dspy.BaseLM#update_global_history
small_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
all_models.shared.update_global_history({})  # !! dspy.BaseLM#update_global_history
app.models.shared.update_global_history({})  # !! dspy.BaseLM#update_global_history
app.default_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
_hidden.update_global_history({})  # ok
mixed.update_global_history({})  # ok
beyond().update_global_history({})  # ok
all_models.missing.update_global_history({})  # ok
print(Old, OldProgram, all_models.Old, app.models.OldProgram)  # ok
print(library.Suggest, all_models.library.Program)  # !! dspy.Suggest dspy.Program
