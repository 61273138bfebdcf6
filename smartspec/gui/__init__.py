"""The window: Qt over the commands, and nothing below it knows Qt."""

import sys
from typing import Any

import PySide6.QtCore  # noqa: F401 - brings what is looked up here

# PySide reads and keeps the source of each module that is imported after it, to learn whether its names may be switched
# (`from __feature__ import snake_case`), which nobody does here: a sixth of the CPU of a start, and 7 MiB.
_features: Any = sys.modules.get("shibokensupport.feature")
if _features is not None:
    _features._mod_uses_pyside = lambda module: False
