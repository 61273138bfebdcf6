"""What the window imports once it is filled, so that nobody waits for it later."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

_PRELOADED = """
import gc, sys, threading
from PySide6.QtCore import QObject, QThread
from smartspec.gui.application import application
from smartspec.gui.program import preload_commands, preload_window  # as the program is started: what it needs itself is there before

app = application()
thread = threading.Thread(target=preload_commands)
thread.start()
thread.join()
for _step in preload_window():
    pass
ours = [each for name, each in sys.modules.items() if name.startswith("smartspec.")]
made = [value for each in ours for value in vars(each).values() if isinstance(value, QObject)]
print(sum(value.thread() is not app.thread() for value in made))
print("smartspec.gui.pages.execution.compare" in sys.modules, "smartspec.gui.shell.restore.dialog" in sys.modules)
frozen = gc.get_freeze_count()
left = [[] for _ in range(10_000)]  # as a window that is left for another ledger
for _step in preload_window():
    pass
print(0 < gc.get_freeze_count() <= frozen)
"""
_HOOK = """
import builtins
from PySide6 import QtCore
looking = builtins.__import__
import smartspec.gui.program
from PySide6.QtWidgets import QApplication
print(looking.__name__, builtins.__import__ is looking)
"""


def test_every_page_and_dialog_is_imported_and_nothing_of_qt_is_made_off_its_thread() -> None:
    done = subprocess.run([sys.executable, "-c", _PRELOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "True", "True"], done.stdout + done.stderr


def test_qt_does_not_look_at_every_import() -> None:
    done = subprocess.run([sys.executable, "-c", _HOOK], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__feature_import__", "False"], done.stdout + done.stderr
