"""What waited for its time (the end of quiet hours, room for another message) is told while a window is open, too."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from smartspec.gui.core.context import AppContext

_EVERY_MS = 60_000


class TellingWatch(QObject):
    """Where no runner lives that would see to it, one is started for it."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """What cannot be read now is told of by others, and read again in a minute."""
        see_to_it = partial(_see_to_it, self._context.database)
        self._context.run(self, see_to_it, None, lambda _error: None, worker="slow")


# On a thread of the commands


def _see_to_it(database: Path) -> None:
    from smartspec.runner import background

    background.ensure_told(database)
