"""Ctrl-C in `packaging`: what runs in the foreground, or beside it, comes to its end first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.clock import until
from tests.conftest import ROOT

# As a pytest that tidies up: it takes as long as it needs.
TIDY = """
import sys, time
from pathlib import Path
folder, name = Path(sys.argv[1]), sys.argv[2]
try:
    (folder / f"{name} begun").touch()
    while True:
        time.sleep(0.01)
finally:
    (folder / f"{name} interrupted").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    (folder / f"{name} tidied").touch()
    print(name, "has tidied up", flush=True)
"""
# The terminal tells all of them. `subprocess` kills what does not end at once, as it would after a quarter of a second.
FOREGROUND = """
import importlib.util, signal, subprocess, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("packaging_main", Path({root!r}, "packaging", "__main__.py"))
main = importlib.util.module_from_spec(spec)
spec.loader.exec_module(main)
main.PYTHON = sys.executable
subprocess.Popen._sigint_wait_secs = property(lambda self: 0, lambda self, seconds: None)
def told(number, frame):
    Path({folder!r}, "told").touch()
    raise KeyboardInterrupt
signal.signal(signal.SIGINT, told)
with main.python_beside("-c", {tidy!r}, {folder!r}, "beside"):
    main.python("-c", {tidy!r}, {folder!r}, "before")
    Path({folder!r}, "went on").touch()
"""


def both_are(folder: Path, what: str) -> bool:
    return all((folder / f"{name} {what}").exists() for name in ("before", "beside"))


@pytest.mark.skipif(os.name == "nt", reason="a terminal tells a group of processes")
def test_after_ctrl_c_all_that_runs_tidies_up_and_nothing_more_begins(tmp_path: Path) -> None:
    program = FOREGROUND.format(root=str(ROOT), tidy=TIDY, folder=str(tmp_path))
    process = subprocess.Popen(
        [sys.executable, "-c", program], start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        until(lambda: both_are(tmp_path, "begun"))
        os.killpg(process.pid, signal.SIGINT)
        until(lambda: both_are(tmp_path, "interrupted") and (tmp_path / "told").exists())
        (tmp_path / "go").touch()
        printed, _ = process.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert {each.name for each in tmp_path.iterdir()} >= {"before tidied", "beside tidied"}
    assert printed.decode().split("\n")[:2] == ["before has tidied up", "beside has tidied up"]
    assert process.returncode == -signal.SIGINT and not (tmp_path / "went on").exists()
