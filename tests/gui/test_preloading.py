"""What the window imports once it is filled, so that nobody waits for it later."""

from __future__ import annotations

import subprocess
import sys

from tests.conftest import ROOT

_PRELOADED = """
import sys, threading
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
"""


def test_every_page_and_dialog_is_imported_and_nothing_of_qt_is_made_off_its_thread() -> None:
    done = subprocess.run([sys.executable, "-c", _PRELOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0", "True", "True"], done.stdout + done.stderr
