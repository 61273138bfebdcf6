"""Which pages of the rail have something that needs a person, whatever page is shown."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from smartspec.changes import ChangeSet, Topic
from smartspec.gui.contract import PageSpec
from smartspec.gui.core.context import AppContext

_TOPICS = frozenset({Topic.EXECUTIONS, Topic.WORKFLOWS, Topic.SCHEDULES, Topic.ALERTS})
_EVERY_MS = 500


class AttentionWatch(QObject):
    """`told` carries the name of a page and whether something needs attention there: at the start and after changes."""

    told = Signal(str, bool)

    def __init__(self, context: AppContext, specs: Iterable[PageSpec], parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._asked = {spec.name: spec.needs_attention for spec in specs if spec.needs_attention is not None}
        self._timer = QTimer(self, singleShot=True, interval=_EVERY_MS)
        self._timer.timeout.connect(self._poll)
        context.change_listener.changed.connect(self._on_changed)
        self._timer.start()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if _TOPICS & change_set.topics and not self._timer.isActive():
            self._timer.start()

    def _poll(self) -> None:
        for name, asked in self._asked.items():
            read = partial(asked, self._context.workspace)
            self._context.run(self, read, partial(self.told.emit, name), lambda _: None, worker="slow")
