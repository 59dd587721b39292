import json
from no_such_package import anything


def pipeline():
    return json.dumps(anything)
