"""Calls a function of `constitution_worker.sandbox` with keyword arguments read as JSON, and prints its result."""

import dataclasses
import json
import sys

sys.path.insert(0, sys.argv[1])

from constitution_worker import sandbox

request = json.load(sys.stdin)
try:
    result = getattr(sandbox, request["function"])(**request["arguments"])
    many = isinstance(result, list)
    answer = [dataclasses.asdict(each) for each in result] if many else dataclasses.asdict(result)
except Exception as error:
    answer = {"raised": type(error).__name__, "code": getattr(error, "code", None), "message": str(error)}
print(json.dumps(answer))
