"""The groups of settings at the left, with how many are changed, or were found, in each."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from smartspec.domain.settings import GROUPS
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import number
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

PITCH = 34
ICONS = {"general": "gear", "appearance": "sun", "running": "play", "notifications": "bell", "alerts": "warning"}
_STATE = Qt.ItemDataRole.UserRole


@frozen
class GroupState:
    """`found` is None while nothing is searched for."""

    name: str
    changed: int = 0
    found: int | None = None

    @property
    def text(self) -> str:
        """As a screen reader says it."""
        name = translate(GROUPS[self.name][0])
        if self.found is not None:
            return tr("{group}, {count}", group=name, count=trn("{n} found", "{n} found", self.found))
        changed = trn("{n} changed", "{n} changed", self.changed)
        return tr("{group}, {count}", group=name, count=changed) if self.changed else name


class GroupList(QListWidget):
    """`picked` carries the group that a person went to."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName("settingGroups")
        self.setAccessibleName(tr("Groups of settings"))
        self.setItemDelegate(_GroupDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for name in GROUPS:
            item = QListWidgetItem(self)
            item.setData(_STATE, GroupState(name))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, GroupState(name).text)
        self._is_following = False
        self.currentRowChanged.connect(self._on_row)
        self.itemClicked.connect(lambda _item: self._on_row(self.currentRow()))

    @property
    def current(self) -> str:
        return [*GROUPS][max(0, self.currentRow())]

    def follow(self, group: str) -> None:
        """That group is being looked at: nobody picked it."""
        self._is_following = True
        self.setCurrentRow([*GROUPS].index(group))
        self._is_following = False

    def show_states(self, changed: Mapping[str, int], found: Mapping[str, int] | None) -> None:
        for row, name in enumerate(GROUPS):
            state = GroupState(name, changed.get(name, 0), None if found is None else found.get(name, 0))
            item = self.item(row)
            item.setData(_STATE, state)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, state.text)

    def _on_row(self, row: int) -> None:
        if row >= 0 and not self._is_following:
            self.picked.emit([*GROUPS][row])

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(208, PITCH * self.count())


class _GroupDelegate(QStyledItemDelegate):
    # Qt

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(160, max(PITCH, QFontMetrics(theme.font()).height() + 14))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        state: GroupState = index.data(_STATE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect).adjusted(0, 1, 0, -1)
        flags = option.state
        chosen = bool(flags & QStyle.StateFlag.State_Selected) and state.found is None
        if chosen or flags & QStyle.StateFlag.State_MouseOver:
            painting.plate(painter, rect, "accent_soft" if chosen else "hover")
        if flags & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("focus"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        _paint_row(painter, rect, state, chosen=chosen)
        painter.restore()


def _paint_row(painter: QPainter, rect: QRectF, state: GroupState, *, chosen: bool) -> None:
    is_left_out = state.found == 0
    colour = "text3" if is_left_out else "accent_text" if chosen else "text2"
    icons.paint(painter, QRectF(rect.left() + 12, rect.center().y() - 8, 16, 16), ICONS[state.name], colour)
    weight = 600 if chosen else 500 if state.found else 400
    words = rect.adjusted(38, 0, -44, 0)
    name = translate(GROUPS[state.name][0])
    painting.text(painter, words, name, "text3" if is_left_out else "text", theme.font("body", weight))
    count = state.changed if state.found is None else state.found
    if not count:
        return
    told, right = number(count), rect.adjusted(0, 0, -8, 0)
    painting.text(painter, right, told, "text2", theme.font("small"), Qt.AlignmentFlag.AlignRight)
    if state.found is None:
        left = right.right() - QFontMetrics(theme.font("small")).horizontalAdvance(told) - 12
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(QRectF(left, rect.center().y() - 3, 6, 6))
