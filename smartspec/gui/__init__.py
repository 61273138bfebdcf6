"""The window: Qt over the commands, and nothing below it knows Qt."""

import builtins

import PySide6.QtCore  # noqa: F401 - brings what is undone here

# PySide looks at each import from then on, and reads the source of each module, to learn whether its names may be
# switched (`from __feature__ import snake_case`), which nobody does here: 3 ms of a start, and 7 MiB.
# It keeps the import that was there before beside it.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
