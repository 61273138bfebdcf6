"""Texts that have less room than they need, where nothing tells them whole."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolTip,
    QWidget,
)

from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import Elided
from tests.gui.shown import VERBATIM, Text, paint, where, widgets_of

_HERE = QPoint(2, 2)


def clipped(root: QWidget) -> Iterator[Text]:
    """Texts that have less room than they need, where no tooltip shows them whole."""
    for each in widgets_of(root):
        if not isinstance(each, Elided) and (text := cut_text(each)) and not tells(each, text):
            yield where(each), text
        if isinstance(each, QLabel | QAbstractButton | QLineEdit | QComboBox) and (side := beyond(each)):
            yield where(each), f"{each.accessibleName() or getattr(each, 'text', str)()} stands {side}"
        if isinstance(each, QAbstractItemView) and not isinstance(each, QHeaderView):
            yield from ((where(each), text) for text in cut_cells(each))
    seen: set[tuple[int, str]] = set()
    for widget, room, text, whole in paint(root):
        if not whole and (id(widget), text) not in seen and not tip_at(widget, room, text):
            seen.add((id(widget), text))
            yield where(widget), f"painted: {text}"


def cut_text(widget: QWidget) -> str:
    """The text of a widget that it has no room for."""
    if isinstance(widget, QLabel) and widget.text() and not widget.property(VERBATIM):
        if widget.wordWrap():
            return widget.text() if widget.heightForWidth(widget.width()) > widget.height() + 2 else ""
        return widget.text() if widget.sizeHint().width() > widget.width() + 1 else ""
    if isinstance(widget, QPushButton | QCheckBox | Chip) and widget.text():
        return widget.text() if widget.sizeHint().width() > widget.width() + 1 else ""
    if isinstance(widget, QComboBox) and widget.currentText():
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, widget).width()
        return widget.currentText() if widget.fontMetrics().horizontalAdvance(widget.currentText()) > room else ""
    if isinstance(widget, QLineEdit) and widget.placeholderText() and not widget.text():
        needed = widget.fontMetrics().horizontalAdvance(widget.placeholderText()) + 12
        return widget.placeholderText() if needed > widget.width() else ""
    if isinstance(widget, QTabBar):
        over = [n for n in range(widget.count()) if widget.tabRect(n).right() > widget.width() + 1]
        return ", ".join(map(widget.tabText, over))
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal and widget.model():
        return ", ".join(cut_heads(widget))
    return ""


def cut_heads(header: QHeaderView) -> Iterator[str]:
    if type(header) is not QHeaderView:
        return  # it paints its own texts, and tells of them
    for number in range(header.count()):
        text = str(header.model().headerData(number, header.orientation()) or "")
        if not header.isSectionHidden(number) and header.sectionSize(number) < header.fontMetrics().horizontalAdvance(
            text
        ):
            yield text


def cut_cells(view: QAbstractItemView) -> Iterator[str]:
    """Of those that Qt paints itself."""
    delegate = type(view.itemDelegate()).__name__
    if delegate not in ("QStyledItemDelegate", "QItemDelegate") or view.model() is None or view.property(VERBATIM):
        return
    for row in range(min(20, view.model().rowCount())):
        for column in range(1 if isinstance(view.model(), QAbstractListModel) else view.model().columnCount()):
            index = view.model().index(row, column)
            box, text = view.visualRect(index), index.data()
            tip = plain(str(index.data(Qt.ItemDataRole.ToolTipRole) or ""))
            if text and box.isValid() and view.sizeHintForIndex(index).width() > box.width() + 1 and text not in tip:
                yield str(text)


def tells(widget: QWidget, text: str) -> bool:
    """Whether the tooltip says it whole."""
    return text.replace("&", "") in plain(widget.toolTip()).replace("&", "")


def plain(tip: str) -> str:
    for mark, sign in (("<br>", "\n"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        tip = tip.replace(mark, sign)
    return tip


def tip_at(widget: QWidget, room: QRect, text: str) -> bool:
    """Whether the tooltip at the place where it is painted says it whole."""
    QToolTip.hideText()
    at = room.center() if widget.rect().contains(room.center()) else room.topLeft() + _HERE
    QCoreApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    told = plain(QToolTip.text())
    QToolTip.hideText()
    return " ".join(text.split()) in " ".join(told.split())


def beyond(widget: QWidget) -> str:
    """Whether a part of it stands outside of what it is in, where nobody can scroll to it."""
    box, each = QRect(QPoint(), widget.size()), widget
    while not each.isWindow():
        parent = each.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
            return ""
        box.translate(each.pos())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(box) and box.width() > 0 and box.height() > 0:
            return f"beyond {type(parent).__name__}: {box.getRect()} in {parent.rect().getRect()}"
        each = parent
    return ""
