"""What lives as long as one ledger is shown: its threads, what is heard of it, what the window remembers beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Signal

from smartspec.errors import SmartSpecError
from smartspec.gui.core.background import OTHER_WORKERS, Background
from smartspec.gui.core.changes import ChangeListener
from smartspec.gui.core.notifications import Notifications
from smartspec.gui.core.ui_state import UiState
from smartspec.gui.lifecycle import How, close_database, forget_database, leave_database, open_database

REMEMBERED = "window.json"  # beside the database


class Session(QObject):
    """`ended`: it was left, all its threads are through, and the database is let go.

    `how` it is opened: `work`; `look`, where nothing is written to it, nor beside it; or `new`, an empty one in the
    place of one that is gone.
    """

    ended = Signal()

    def __init__(self, file: Path, parent: QObject, *, remembers: bool = True, how: How = "work") -> None:
        super().__init__(parent)
        self.file, self.how = file, how
        self.ui_state = UiState(file.parent / REMEMBERED if remembers and how != "look" else None, self)
        self.background = Background(self)
        self.change_listener = ChangeListener(self)
        self.notifications = Notifications(self)
        self.is_shown, self._is_open = Event(), Event()
        self._leaving: threading.Thread | None = None

    def open(
        self, then: Callable[[tuple[str, ...]], object], failed: Callable[[SmartSpecError], object], *,
        with_samples: bool = False,
    ) -> None:  # fmt: skip
        """Off the GUI thread; whatever else is asked for comes after. The answer is what a person should know of it."""
        opening = partial(open_database, self.file, self.how, with_samples, self.is_shown, self._is_open)
        self.background.run(self, opening, then, failed)
        for worker in OTHER_WORKERS:
            self.background.run(self, self._is_open.wait, worker=worker)

    def leave(self) -> None:
        """Go from it without waiting: `ended` tells when its threads are through."""
        self.ui_state.save()
        self._leaving = threading.Thread(target=self._end, name="leaving")
        self._leaving.start()

    def _end(self) -> None:
        self.change_listener.close()
        self.background.finish(leave_database, forget_database)
        self.ended.emit()

    def close(self) -> None:
        """At the end of the program: it returns when everything that was begun is finished."""
        if self._leaving is not None:  # for another ledger, or to restore this one
            self._leaving.join()
            return
        self.change_listener.close()
        self.background.finish(leave_database, close_database)
        self.ui_state.save()
