"""What the window shows: every text of its widgets, models, menus and paintings.

Texts that a person wrote or another program said carry the property `verbatim`, or stand in the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QAction, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QTabBar,
    QWidget,
)

from smartspec.gui.style import painting
from smartspec.gui.widgets.labels import Elided

Text = tuple[str, str]  # where it stands, and the text
VERBATIM = "verbatim"
_ROWS = 60
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_BREAK = "\u200b"  # where a long word may be broken


def where(widget: QWidget) -> str:
    """Its class and those that it stands in."""
    names: list[str] = []
    each: Any = widget
    while each is not None and len(names) < 4:
        names.append(each.objectName() or type(each).__name__)
        each = each.parentWidget()
    return " < ".join(names)


def windows() -> list[QWidget]:
    return [
        each
        for each in QApplication.topLevelWidgets()
        if each.isVisible() and each.windowType() not in (Qt.WindowType.ToolTip, Qt.WindowType.Popup)
    ]


def menus() -> list[QMenu]:
    return [each for each in QApplication.topLevelWidgets() if isinstance(each, QMenu) and each.isVisible()]


def texts_of_menu(menu: QMenu) -> Iterator[Text]:
    yield from (("menu", text) for text in texts_of_actions(menu.actions()) if text)


def widgets_of(root: QWidget) -> Iterator[QWidget]:
    yield root
    yield from (each for each in root.findChildren(QWidget) if each.isVisible() and each.window() is root)


def texts_of_window(root: QWidget) -> Iterator[Text]:
    """Of every widget that is to be seen in it."""
    for each in widgets_of(root):
        yield from ((where(each), text.replace(_BREAK, "")) for text in texts_of(each) if text)


def texts_of(widget: QWidget) -> Iterator[str]:
    if is_of_qt(widget):
        return
    if widget.isWindow():
        yield widget.windowTitle()
    yield from (widget.toolTip(), widget.statusTip(), widget.whatsThis())
    yield from (widget.accessibleName(), widget.accessibleDescription())
    yield from texts_of_actions(widget.actions())
    if widget.property(VERBATIM):
        return
    if isinstance(widget, Elided):
        yield widget.full_text
    elif isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    elif isinstance(widget, QGroupBox):
        yield widget.title()
    elif isinstance(widget, QProgressBar) and widget.isTextVisible():
        yield widget.text()
    elif isinstance(widget, QLineEdit):
        yield widget.placeholderText()
        yield widget.text() if widget.isReadOnly() else ""
    elif isinstance(widget, QPlainTextEdit):
        yield widget.placeholderText()
        yield widget.toPlainText() if widget.isReadOnly() else ""
    elif isinstance(widget, QComboBox):
        yield from (widget.itemText(number) for number in range(widget.count()))
    elif isinstance(widget, QTabBar):
        for number in range(widget.count()):
            yield from (widget.tabText(number), widget.tabToolTip(number))
    elif isinstance(widget, QHeaderView):
        yield from texts_of_header(widget)
    elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
        yield from texts_of_model(widget.model())


def is_of_qt(widget: QWidget) -> bool:
    """A button whose words are Qt's own, which Qt translates."""
    box = widget.parentWidget()
    if isinstance(box, QTabBar):
        return True  # those that scroll
    if not isinstance(box, QDialogButtonBox) or not isinstance(widget, QAbstractButton):
        return False
    return box.standardButton(widget) is not QDialogButtonBox.StandardButton.NoButton


def texts_of_actions(actions: Iterable[QAction]) -> Iterator[str]:
    """Of a menu, and of the menus in it."""
    for each in actions:
        yield from (each.text(), each.toolTip())
        inner: QMenu | None = each.menu()  # type: ignore[assignment]
        if inner is not None:
            yield from texts_of_actions(inner.actions())


def texts_of_header(header: QHeaderView) -> Iterator[str]:
    for number in range(header.count()):
        if not header.isSectionHidden(number):
            yield str(header.model().headerData(number, header.orientation()) or "")


def texts_of_model(model: QAbstractItemModel, parent: QModelIndex | None = None, depth: int = 0) -> Iterator[str]:
    above, is_list = parent or QModelIndex(), isinstance(model, QAbstractListModel)  # which has one column, and no more
    for row in range(min(_ROWS, model.rowCount(above))):
        for column in range(1 if is_list else model.columnCount(above)):
            index = model.index(row, column, above)
            yield from (text for role in _ROLES if isinstance(text := index.data(role), str))
        if depth < 4 and not is_list:
            yield from texts_of_model(model, model.index(row, 0, above), depth + 1)


# What was painted


class Painted:
    """The texts that are painted while it is on, with the widget, the place, and whether there was room for all."""

    def __init__(self) -> None:
        self.texts: list[tuple[QWidget, QRect, str, bool]] = []

    def __enter__(self) -> Painted:
        painting.report_texts(self._take)
        return self

    def __exit__(self, *_: object) -> None:
        painting.report_texts(None)

    def _take(self, painter: QPainter, room: QRectF, text: str, whole: bool) -> None:
        device = painter.device()
        if isinstance(device, QWidget):
            self.texts.append((device, painter.transform().mapRect(room).toAlignedRect(), text, whole))


def paint(root: QWidget) -> list[tuple[QWidget, QRect, str, bool]]:
    """Paint all that is to be seen of a window; the answer is what was written by hand."""
    with Painted() as painted:
        for each in widgets_of(root):
            each.update()
        root.repaint()
        QCoreApplication.processEvents()
    return painted.texts
