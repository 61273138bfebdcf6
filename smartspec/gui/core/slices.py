"""What takes long and has to happen on the thread of the window: in slices, between which it goes on with the rest."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import islice

from PySide6.QtCore import QObject, QTimer, Signal

_SLICE_S = 0.008


class Slices(QObject):
    """Draws from an iterator for some milliseconds at a time; the first at once. `done`: there is no more."""

    done = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.is_open = False
        self._steps: Iterator[object] = iter(())
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._go_on)

    def run(self, steps: Iterator[object], at_once: int = 0) -> None:
        """Instead of what was being drawn from; the first steps do not wait, however long they take."""
        self._timer.stop()
        self._steps, self.is_open = steps, True
        for _step in islice(steps, at_once):
            pass
        self._go_on()

    def stop(self) -> None:
        self._timer.stop()
        self._steps, self.is_open = iter(()), False

    def finish(self) -> None:
        """The rest of it now: it is wanted."""
        if self.is_open:
            self._timer.stop()
            for _step in self._steps:
                pass
            self._end()

    def _go_on(self) -> None:
        end, steps = time.monotonic() + _SLICE_S, self._steps
        for _step in steps:
            if time.monotonic() > end:
                if steps is self._steps:
                    self._timer.start()
                return
        if steps is self._steps:
            self._end()

    def _end(self) -> None:
        self.is_open = False
        self.done.emit()
