"""Runs one of the functions below, by name, in a process that keeps a template, and prints what it returns as JSON."""

import ctypes
import json
import os
import signal
import sys
import threading
import time

sys.path.insert(0, sys.argv[1])

from constitution_worker import linux, process_start
from constitution_worker.sandbox import evaluate_calls, evaluate_programs, run_python

HANGS = "while True: pass"
SURROUNDINGS = """
import gc, os, resource, sys
frames, frame = 0, sys._getframe()
while frame: frames, frame = frames + 1, frame.f_back
descriptors = []
for number in range(64):
    try: os.fstat(number)
    except OSError: continue
    descriptors.append(min(number, 3))
seen = [frames, descriptors, sys.argv, sys.path, sys.flags]
seen += [os.getcwd(), os.listdir(), os.getpid(), os.getppid()]
seen += ["solution" in sys.modules, os.getuid(), os.getgroups(), os.umask(0), gc.isenabled(), gc.get_threshold()]
seen += [sys.stdout.seekable(), sys.stdout.encoding, sys.stdout.errors, sys.stdout.line_buffering]
seen += [sys.stderr.seekable(), sys.stdin.seekable(), sys.__stdin__.seekable()]
seen += [resource.getrlimit(kind) for kind in range(10)]
"""


def surroundings():
    """What a script and a module see of the process, in a fresh interpreter and warm."""
    results = []
    for is_warm in (False, True):
        if is_warm:
            process_start.keep_warm()
        script = run_python(SURROUNDINGS + "print(seen)").stdout
        call = evaluate_calls(SURROUNDINGS, ["repr(seen)"])[0].value
        results.append([script, call])
    return {"fresh": results[0], "warm": results[1], "template": warm() is not None}


def hidden_state():
    """What one program leaves, and what the next one finds."""
    leaves = """
import builtins, os, sys, types
builtins.len = lambda _: 42
sys.modules["json"] = sys.modules["left"] = types.ModuleType("left")
sys.path.append("/left"); os.umask(0); os.environ["LEFT"] = "1"
os.mkdir("/tmp/left"); os.chdir("/tmp/left")
sys.stdout.write("unflushed"); sys.setrecursionlimit(50)
"""
    finds = """
import json, os, sys
found = [len([1]), json.dumps(1), "left" in sys.modules, "/left" in sys.path]
found += [dict(os.environ), os.getcwd(), os.listdir(), sys.getrecursionlimit(), os.umask(0)]
"""
    process_start.keep_warm()
    before = evaluate_calls(finds, ["found"])[0].value
    template = warm()
    left = evaluate_calls(leaves, ["len('')"])[0].value
    after = evaluate_calls(finds, ["found"])[0].value
    return {"before": before, "left": left, "after": after, "same": template == warm()}


def killed_between():
    """Numbers of the template before and after it was killed, and what programs returned."""
    process_start.keep_warm()
    values, templates = [], []
    for number in range(3):
        values.append(evaluate_calls("", [str(number)])[0].value)
        templates.append(warm())
        os.kill(warm(), signal.SIGKILL)
        while warm() is not None:
            time.sleep(0.01)
    return {"values": values, "different": len(set(templates)), "none": None in templates}


def killed_during():
    """The template is killed while a program runs: its processes, and the result all the same."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template, seen = warm(), []

    def kill():
        while len(seen) < 2:
            seen[:] = descendants(template)
        os.kill(template, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    value = evaluate_calls("import time", ["time.sleep(2) or 7"], timeout_s=60)[0].value
    thread.join()
    after = evaluate_calls("", ["8"])[0].value
    return {"value": value, "left": until_gone(seen), "next": after, "warm": warm() is not None}


def killed_programs():
    """Programs that end badly or late: the template outlives them, with no child."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template = warm()
    ends = [run_python("import ctypes; ctypes.string_at(0)").status, run_python(HANGS, timeout_s=0.2).status]
    ends.append(run_python("import os, signal; os.kill(0, signal.SIGKILL)").status)
    ends.append(run_python("while True: print('x' * 999)", output_limit=99).status)
    return {"ends": ends, "same": template == warm(), "left": descendants(template)}


def interrupted():
    """A signal handler raises while a program runs, as a cancelled run does."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template, seen = warm(), []

    def interrupt():
        while len(seen) < 2:
            seen[:] = descendants(template)
        os.kill(os.getpid(), signal.SIGALRM)

    def cancel(*_):
        raise KeyError("cancelled")

    signal.signal(signal.SIGALRM, cancel)
    threading.Thread(target=interrupt).start()
    try:
        evaluate_calls(HANGS, ["1"], timeout_s=600)
    except KeyError as error:
        return {"raised": str(error), "ran": len(seen), "left": until_gone(seen), "same": template == warm()}


def bare():
    """What the template holds of its owner."""
    os.environ["SECRET"] = "hunter2"
    kept = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(kept, True)
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    proc = f"/proc/{warm()}"
    while state(warm()) != "S":
        time.sleep(0.01)  # until it has let go of the program
    links = [os.readlink(f"{proc}/fd/{number}") for number in sorted(os.listdir(f"{proc}/fd"), key=int)]
    with open(f"{proc}/environ") as environ:
        kinds = [link.partition(":")[0] + (":[pidfd]" if "pidfd" in link else "") for link in links]
        seen = {"kinds": kinds, "environ": environ.read(), "cwd": os.readlink(f"{proc}/cwd")}
    return {**seen, "threads": len(os.listdir(f"{proc}/task")), "leads": os.getsid(warm()) == warm()}


def threads():
    """Started by a thread that has ended, used by four at once: one of them is stopped."""
    process_start.keep_warm()
    starter = threading.Thread(target=evaluate_calls, args=("", ["1"]))
    starter.start()
    starter.join()
    template, results = warm(), {}

    def run(number):
        source = "import time; time.sleep(0.3)" if number else HANGS
        results[number] = evaluate_calls(source, [str(number)], timeout_s=60 if number else 0.5)[0].value

    each = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()
    return {"results": [results[number] for number in range(4)], "same": template == warm()}


def forked():
    """A fork of the owner, which ends before it."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template = warm()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        before, value = warm(), evaluate_calls("", ["2"])[0].value
        os.write(writer, json.dumps([before, value, warm()]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    before, value, its = json.loads(os.read(reader, 1000))
    seen = {"before": before, "value": value, "own": its not in (None, template), "left": until_gone([its])}
    return {**seen, "mine": warm() == template, "next": evaluate_calls("", ["3"])[0].value}


def closed():
    """The template ends with its control socket, though its owner lives."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template = warm()
    process_start._state._template.control.close()
    return {"left": until_gone([template])}


def ignored():
    """The owner ignores the end of its children, which every process that it starts inherits."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    process_start.keep_warm()
    values = [evaluate_calls("", [str(number)])[0].value for number in range(2)]
    return {"values": values, "warm": warm() is not None}


def unusable():
    """A template that cannot start: programs get interpreters of their own."""
    process_start.keep_warm()
    process_start._Template.__init__.__globals__["subprocess"] = Broken()
    values, starts = [], []
    for number in range(3):
        values.append(evaluate_calls("", [str(number)])[0].value)
        starts.append(Broken.starts)
    # Whether it has ended before it is asked, and so is started twice, is chance.
    return {"values": values, "tried": starts[0] > 0, "again": starts[-1] - starts[0], "warm": process_start.is_warm()}


def refused():
    """A kernel that refuses what the template asks for; a fresh interpreter asks in another way."""
    process_start.keep_warm()
    tells = ["/bin/sh", "-c", 'echo "E clone: not permitted" >&$0']
    process_start.warm = lambda _command, pipes: process_start.fresh(tells, pipes)
    return {"value": evaluate_calls("", ["1"])[0].value, "warm": process_start.is_warm()}


class Broken:
    """`subprocess`, but for a template, which ends at once."""

    import subprocess

    PIPE, STDOUT, starts = subprocess.PIPE, subprocess.STDOUT, 0

    def Popen(self, command, **options):
        if "template" in " ".join(command):
            Broken.starts += 1
            command = ["/bin/false"]
        return self.subprocess.Popen(command, **options)


def hashes():
    """Hashes of a text in programs of their own: fresh ones, then warm ones."""
    each = [evaluate_calls("", ["str(hash('text'))"])[0].value for _ in range(2)]
    process_start.keep_warm()
    return {"fresh": each, "warm": [evaluate_calls("", ["str(hash('text'))"])[0].value for _ in range(2)]}


def large():
    """More than pipes and sockets hold, in and out."""
    process_start.keep_warm()
    text = "x" * 500_000
    results = evaluate_programs([(f"text = {text!r}", ["len(text)", "text"])] * 3, output_limit=10**6)
    return {"lengths": [[each[0].value, len(each[1].value)] for each in results]}


def cpu():
    """CPU seconds of a program that computes for 0.3."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    before = process_start.cpu_seconds()
    evaluate_calls("import time\nwhile time.process_time() < 0.3: pass", ["1"], timeout_s=20)
    return process_start.cpu_seconds() - before


def owner():
    """Tells its template and a program's processes, then waits to be killed. A fork that knows nothing of templates
    keeps a copy of every descriptor."""
    process_start.keep_warm()
    evaluate_calls("", ["1"])
    template = warm()
    source, limit = "import time\ntime.sleep(600)", {"timeout_s": 600}
    threading.Thread(target=evaluate_calls, args=(source, ["1"]), kwargs=limit).start()
    while len(seen := descendants(template)) < 2:
        time.sleep(0.01)
    copy = ctypes.CDLL(None).fork()
    if copy == 0:
        time.sleep(600)
    print(json.dumps({"template": template, "programs": seen, "copy": copy}), flush=True)
    time.sleep(600)


def warm():
    return process_start.living_template()


def descendants(pid):
    found = linux.children_of(pid)
    return found + [each for child in found for each in descendants(child)]


def until_gone(pids):
    """Those that still live after a while; a zombie lives no more."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        living = [pid for pid in pids if state(pid) not in (None, "Z")]
        if not living:
            return []
        time.sleep(0.01)
    return living


def state(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return None


print(json.dumps(globals()[sys.argv[2]]()))
