"""The versions of a workflow as rows: the text that is none yet on top, then the newest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from smartspec.commands.actor import user
from smartspec.domain import times
from smartspec.domain.version import Version
from smartspec.gui.style.formatting import ago, exact, number
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr
from smartspec.value import frozen

Index = QModelIndex | QPersistentModelIndex


@frozen
class VersionRow:
    """`version` is None for the draft, which is shown under the `label` it would get.

    `completed` and `ended` count its executions.
    """

    label: str
    source: str
    version: Version | None = None
    is_current: bool = False
    completed: int = 0
    ended: int = 0

    @property
    def words(self) -> str:
        """What was said of it."""
        if self.version is None:
            return tr("Not saved as a version yet")
        unsaid = tr("Means the same as before") if self.version.text_only else tr("No words about it")
        return self.version.change_log or unsaid

    @property
    def by(self) -> str:
        """Who made it, and when."""
        if self.version is None:
            return ""
        name = self.version.created_by
        who = tr("you") if name == user() else name
        return " · ".join(filter(None, (who, ago(self.version.created_at, times.now()))))

    @property
    def result(self) -> str:
        """How its executions ended; empty for a draft."""
        if self.version is None:
            return ""
        if not self.ended:
            return tr("not run")
        return tr("{ok} of {all} ok", ok=number(self.completed), all=number(self.ended))

    @property
    def went_badly(self) -> bool:
        return bool(self.ended) and self.completed / self.ended <= 0.8

    @property
    def tag(self) -> str:
        if self.version is None:
            return tr("draft")
        return tr("Active") if self.is_current else ""


class VersionModel(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[VersionRow, ...] = ()
        self.old, self.new = -1, -1

    def show_rows(self, rows: Sequence[VersionRow]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def update_rows(self, rows: Sequence[VersionRow]) -> None:
        """The same versions, with other results."""
        if self.rows != tuple(rows):
            self.rows = tuple(rows)
            self.show_sides(self.old, self.new)

    def show_sides(self, old: int, new: int) -> None:
        self.old, self.new = old, new
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 0))

    def side(self, row: int) -> str:
        """Which of the two that are compared it is; empty for any other."""
        return tr("new") if row == self.new else tr("old") if row == self.old else ""

    # Qt

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        each, side = self.rows[index.row()], self.side(index.row())
        told = [f"v{each.label}", each.tag, side, each.words]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (*told, each.by, each.result)))
        if role == Qt.ItemDataRole.ToolTipRole:
            moment = exact(each.version.created_at) if each.version else ""
            return plain_tip("\n".join(filter(None, (*told, each.by, moment, each.result))))
        return None
