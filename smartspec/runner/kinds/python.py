"""`python:` code for the user's own interpreter; the keys of `input` are its variables."""

import json

from smartspec.commands.environment import interpreter
from smartspec.runner.kinds.start import Start

# Code and input come over standard input, which is at its end when the code begins: nothing touches the disk,
# and nothing shows in the list of processes.
_BOOTSTRAP = """\
import json, linecache, sys, traceback
given = json.loads(sys.stdin.buffer.read())
source = given["code"]
linecache.cache[given["name"]] = (len(source), None, source.splitlines(True), given["name"])
names = {"__name__": "__main__", **given["input"]}
try:
    exec(compile(source, given["name"], "exec"), names)
except Exception as error:
    traceback.print_exception(type(error), error, error.__traceback__.tb_next)
    sys.exit(1)
"""


def prepare(start: Start) -> tuple[list[str], bytes | None]:
    """The argv (unbuffered: the log is live), and the code with its input as JSON for standard input."""
    found = interpreter(start.python, start.env)
    given = {"code": start.body["python"], "input": start.body.get("input") or {}, "name": f"<{start.name}>"}
    return [found, "-u", "-c", _BOOTSTRAP], json.dumps(given).encode()
