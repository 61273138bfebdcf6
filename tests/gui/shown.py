"""What the window shows: every text of its widgets, models, menus and paintings; and which of them are cut off.

Texts that a person wrote or another program said carry the property `verbatim`, or stand in the ledger.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPoint,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QAction, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolTip,
    QWidget,
)

from smartspec.gui.style import painting
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import Elided
from smartspec.store import database
from tests.conftest import ROOT
from tests.pseudo import untranslated

Text = tuple[str, str]  # where it stands, and the text
VERBATIM = "verbatim"
_ROWS = 60
_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
_NOTATION = re.compile(
    r"\bv\d+(?:\.\d+)*\b|https?://\S+|\b(?:Alt|Ctrl|Shift)\+\w+|\b[0-9a-f]{8}(?:-[0-9a-f]{4,12})+\b|`smartspec [^`]*`"
    r"|SMARTSPEC_[A-Z_]+|smartspec-\d{8}T\d+Z\.db|\bext\d\b|\btasks\.[\w-]+\.outputs\S*"
)  # versions, keys, ids, files, file systems, what is typed into a terminal: the same in every language
_HERE = QPoint(2, 2)
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


# What is cut off


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


# Who wrote it

_OF_THE_PROGRAM = frozenset({
    "status", "status_reason", "type", "kind", "trigger", "level", "requested", "actor", "task_type", "source_format",
    "value_type", "mode",
})  # fmt: skip


class Ledger:
    """What people and other programs wrote: the texts of a database, their lines, keys and values; paths and names."""

    def __init__(self, file: Path, also: Iterable[str] = ()) -> None:
        found = {*also, *_of_the_machine(file)}
        for (table,) in database.rows("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%fts%'"):
            found |= set(_of_table(table))
        self.texts = frozenset(text for text in found if re.search("[A-Za-z]", text))
        self._judged: dict[str, list[str]] = {}
        self._all = "\n".join(" ".join(text.split()) for text in self.texts)

    def foreign(self, text: str) -> list[str]:
        """The words that are neither theirs nor in the language that is spoken."""
        text = text.replace("\u200b", "")  # where a line may break
        if text not in self._judged:
            self._judged[text] = self._judge(text)
        return self._judged[text]

    def _judge(self, text: str) -> list[str]:
        if not untranslated(text):
            return []
        text = re.sub(r"(\S+)…(\S*)", lambda cut: " " if cut[1] in self._all and cut[2] in self._all else cut[0], text)
        text = re.sub(r"([^\n“”·]{6,}?)…", lambda cut: " " if cut[1].strip() in self._all else cut[0], text)
        words = untranslated(text, [each for each in self.texts if each in text])
        return untranslated(_NOTATION.sub(" ", text), [each for each in self.texts if each in text]) if words else []


def _of_table(table: str) -> Iterator[str]:
    names = [name for (name,) in database.rows(f"SELECT name FROM pragma_table_info('{table}')")]
    for row in database.rows(f'SELECT * FROM "{table}"'):
        for name, value in zip(names, row, strict=True):
            if name in _OF_THE_PROGRAM:
                continue
            if isinstance(value, bytes):
                value = value.decode("utf-8", "replace")
            if isinstance(value, str):
                yield from _parts(value)


def _parts(text: str) -> Iterator[str]:
    yield text
    yield " ".join(text.split())
    yield from (line.strip() for line in text.splitlines())
    try:
        yield from _leaves(json.loads(text))
    except ValueError:
        yield from re.findall(r"[\w./-]+(?=:)", text)  # the keys of YAML


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _leaves(each)
    elif isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    else:
        yield str(value)
        yield json.dumps(value, ensure_ascii=False)


def _of_the_machine(file: Path) -> Iterator[str]:
    home = str(file.parent)
    yield from (home, home.replace(str(Path.home()), "~"), file.name, str(ROOT))
    yield from (platform.system(), platform.release(), platform.python_version(), "offscreen", "wal")
    yield from ("smartspec", "smartspec://")
    with suppress(OSError):  # names of filesystems
        yield from (line.split()[2] for line in Path("/proc/mounts").read_text(encoding="utf-8").splitlines())
