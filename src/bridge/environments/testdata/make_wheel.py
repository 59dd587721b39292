"""Writes a wheel of a package `dspy` that holds two small modules: `make_wheel.py FOLDER VERSION HOLD_FILE`.

While HOLD_FILE exists, importing the package waits, after having written HOLD_FILE + ".reached".
"""

import base64
import hashlib
import pathlib
import sys
import zipfile

folder, version, hold = sys.argv[1:]
info = f"dspy-{version}.dist-info"
init = f"""
import os, time
if os.path.exists({hold!r}):
    open({hold + ".reached"!r}, "w").close()
    while os.path.exists({hold!r}):
        time.sleep(0.01)
"""
files = {
    "dspy/__init__.py": init,
    "dspy/predict.py": "ANSWER = 42\n",
    f"{info}/METADATA": f"Metadata-Version: 2.1\nName: dspy\nVersion: {version}\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
}
record = "".join(
    f"{name},sha256={base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()},"
    f"{len(text.encode())}\n"
    for name, text in files.items()
)
files[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n"
wheel = pathlib.Path(folder, f"dspy-{version}-py3-none-any.whl")
with zipfile.ZipFile(wheel, "w") as archive:
    for name, text in files.items():
        archive.writestr(name, text)
print(hashlib.sha256(wheel.read_bytes()).hexdigest())
