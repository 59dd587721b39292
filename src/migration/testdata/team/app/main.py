"""Uses what other files define, by every way to import it."""
import asyncio

import app.models
import app.models as models
from app import Judge as Strict
from app import default_model, nothing
from app.models import Judge, Logging, Old, late_model, library, mixed, shared, small_model, timed_model, traced_model
from app.tools import timed
from app.unknown import small_model as unknown
from elsewhere.models import small_model as foreign

Judge(devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
Strict(devset=[], return_outputs=True)  # !! dspy.Evaluate(return_outputs)
models.Judge(devset=[], return_all_scores=True)  # !! dspy.Evaluate(return_all_scores)
app.models.Judge(devset=[])(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)
shared.update_global_history({})  # !! dspy.BaseLM#update_global_history
models.shared.update_global_history({})  # !! dspy.BaseLM#update_global_history
small_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
default_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
app.models.small_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
timed_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
traced_model().update_global_history({})  # !! dspy.BaseLM#update_global_history
asyncio.run(late_model()).update_global_history({})  # !! dspy.BaseLM#update_global_history
library.Assert(True)  # !! dspy.Assert
models.library.configure(bypass_assert=True)  # !! dspy.settings[bypass_assert]
Old(), models.Old(), models.OldProgram()  # ok
Logging("x").update_global_history({})  # ok
mixed.update_global_history({})  # ok
unknown().update_global_history({})  # ok
foreign().update_global_history({})  # ok
nothing.update_global_history({})  # ok
models.unrelated().update_global_history({})  # ok
models.small_model.update_global_history({})  # ok
late_model().update_global_history({})  # ok
print(models.Program, app.models.missing, app.nowhere.Program)  # ok


class Inner(Judge):
    def report(self):
        self.update_global_history({})  # ok
        super().__init__(return_outputs=True)  # !! dspy.Evaluate(return_outputs)


class Own(Old):  # ok
    pass


class Held:
    def __init__(self):
        self.lm = small_model()
        self.other = foreign()

    async def forward(self):
        self.lm.update_global_history({})  # !! dspy.BaseLM#update_global_history
        self.other.update_global_history({})  # ok
        (await late_model()).update_global_history({})  # !! dspy.BaseLM#update_global_history


@timed
def asks(lm: Logging, judge: "models.Judge"):
    lm.update_global_history({})  # ok
    judge(None, return_outputs=True)  # !! dspy.Evaluate#__call__ dspy.Evaluate#__call__(return_outputs)


def shadowed(models, small_model):
    models.shared.update_global_history({})  # ok
    small_model().update_global_history({})  # ok
