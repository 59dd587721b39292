"""Calls a function of `constitution_worker.sandbox` with keyword arguments read as JSON, and prints its result."""

import dataclasses
import json
import sys

sys.path.insert(0, sys.argv[1])

from constitution_worker import sandbox



def plain(value):
    return [plain(each) for each in value] if isinstance(value, list) else dataclasses.asdict(value)


request = json.load(sys.stdin)
try:
    result = getattr(sandbox, request["function"])(**request["arguments"])
    answer = plain(result)
except Exception as error:
    answer = {"raised": type(error).__name__, "code": getattr(error, "code", None), "message": str(error)}
print(json.dumps(answer))
