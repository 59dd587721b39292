"""Calls a function of `constitution_worker.sandbox` with keyword arguments read as JSON, and prints its result.

Warm, another program has run before, so that what is seen is what a template gives to its second one.
"""

import dataclasses
import json
import sys

sys.path.insert(0, sys.argv[1])

from constitution_worker import process_start, sandbox


def plain(value):
    return [plain(each) for each in value] if isinstance(value, list) else dataclasses.asdict(value)


request = json.load(sys.stdin)
if request["warm"]:
    process_start.keep_warm()
    sandbox.run_python("open('first', 'w').write('first')")
try:
    result = getattr(sandbox, request["function"])(**request["arguments"])
    answer = plain(result)
    if request["warm"] and process_start.living_template() is None:
        answer = "the template is gone"
except Exception as error:
    answer = {"raised": type(error).__name__, "code": getattr(error, "code", None), "message": str(error)}
print(json.dumps(answer))
