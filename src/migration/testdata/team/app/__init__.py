"""A package of the team: what its files take from each other. It hands on what lies in its modules."""
from .models import small_model as default_model  # ok
from .models import Judge  # ok

nothing = 3  # ok
