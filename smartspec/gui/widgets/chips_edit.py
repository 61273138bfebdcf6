"""A line of short texts as chips: Enter adds one, Backspace removes the last, a pasted list becomes several."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFrame, QLineEdit, QSizePolicy, QToolButton

from smartspec.domain.jsontext import as_list, load
from smartspec.errors import Invalid
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.layout import restyle
from smartspec.messages import tr

_WIDEST = 220


class ChipsEdit(QFrame):
    """`edited` after each change; `texts` are those of the chips, and what stands in the line."""

    edited = Signal()

    def __init__(self, name: str, hint: str = "") -> None:
        super().__init__()
        self.setProperty("kind", "chips")
        self.setAccessibleName(name)
        self._name = name
        self._hint = hint or tr("Add one")  # while nothing is in it
        self.chips: list[_Chip] = []
        self.line = _Line(self)
        self.line.setAccessibleName(name)
        self.line.setAccessibleDescription(tr("Enter adds, Backspace removes the last"))
        self.line.setPlaceholderText(self._hint)
        self.setFocusProxy(self.line)
        self._flow = Flow(self, spacing=4)
        self._flow.setContentsMargins(4, 3, 4, 3)
        self._flow.addWidget(self.line)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.line.textChanged.connect(self.edited)

    @property
    def texts(self) -> list[str]:
        rest = self.line.text()
        return [*(each.text() for each in self.chips), *([rest] if rest.strip() else [])]

    def set_texts(self, texts: Sequence[str]) -> None:
        for each in [*self.chips]:
            self._drop(each)
        self.line.clear()
        self.add(texts)

    def add(self, texts: Sequence[str]) -> None:
        for text in texts:
            chip = _Chip(self, text)
            chip.clicked.connect(lambda *_, chip=chip: self.remove(chip))
            self.chips.append(chip)
            self._flow.insert_before_last(chip)
        self._on_chips()

    def take_line(self) -> bool:
        """What stands in the line becomes a chip; False where there is nothing."""
        text = self.line.text().strip()
        if not text:
            return False
        self.line.clear()
        self.add([text])
        return True

    def remove(self, chip: _Chip) -> None:
        at = self.chips.index(chip)
        self._drop(chip)
        self._on_chips()
        (self.chips[at] if at < len(self.chips) and chip.hasFocus() else self.line).setFocus()

    def remove_last(self) -> None:
        if self.chips:
            self.remove(self.chips[-1])

    def _drop(self, chip: _Chip) -> None:
        self.chips.remove(chip)
        self._flow.removeWidget(chip)
        chip.hide()
        chip.deleteLater()

    def _on_chips(self) -> None:
        self.line.setPlaceholderText(tr("Add one") if self.chips else self._hint)
        self.updateGeometry()
        self.edited.emit()

    def show_focus(self) -> None:
        """The edge of the whole shows where the keyboard is."""
        inside = self.line.hasFocus() or any(each.hasFocus() for each in self.chips)
        restyle(self, focused=inside)

    # Qt

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.line.setFocus()


class _Line(QLineEdit):
    def __init__(self, chips: ChipsEdit) -> None:
        super().__init__(chips)
        self._chips = chips
        self.setProperty("kind", "inner")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(90)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(max(90, QFontMetrics(self.font()).horizontalAdvance(self.placeholderText()) + 16), 22)

    def minimumSizeHint(self) -> QSize:
        return QSize(90, 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self._chips.take_line():
            return
        if event.key() == Qt.Key.Key_Backspace and not self.text():
            self._chips.remove_last()
            return
        if event.key() == Qt.Key.Key_Left and not self.cursorPosition() and self._chips.chips:
            self._chips.chips[-1].setFocus()
            return
        if event.matches(QKeySequence.StandardKey.Paste):
            self._paste(QGuiApplication.clipboard().text())
            return
        super().keyPressEvent(event)

    def _paste(self, text: str) -> None:
        several = split_list(text)
        if len(several) > 1:
            self._chips.take_line()
            self._chips.add(several)
        else:
            self.insert(text.strip("\r\n"))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._chips.show_focus()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._chips.show_focus()


class _Chip(QToolButton):
    """One text; pressed, or with Delete, it goes."""

    def __init__(self, chips: ChipsEdit, text: str) -> None:
        super().__init__(chips)
        self._chips = chips
        self.setText(text)
        self.setAccessibleName(tr("Remove {name}", name=text))
        self.setToolTip(plain_tip(text))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    # Qt

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font("small", mono=True))
        return QSize(min(_WIDEST, metrics.horizontalAdvance(self.text()) + 32), max(22, metrics.height() + 6))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at, chips = self._chips.chips.index(self), self._chips.chips
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._chips.remove(self)
        elif event.key() == Qt.Key.Key_Left and at:
            chips[at - 1].setFocus()
        elif event.key() == Qt.Key.Key_Right:
            (chips[at + 1] if at + 1 < len(chips) else self._chips.line).setFocus()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("hover" if self.underMouse() else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        room = QRectF(8, 0, self.width() - 30, self.height())
        painting.text(painter, room.adjusted(0, 0, 2, 0), self.text(), "text", theme.font("small", mono=True))
        icons.paint(painter, QRectF(self.width() - 19, self.height() / 2 - 5, 10, 10), "x", "text2")
        painter.end()


def split_list(text: str) -> list[str]:
    """The texts of a pasted list: JSON, a line each, or between commas."""
    if text.lstrip().startswith("["):
        try:
            found = as_list(load(text, ""))
        except Invalid:
            found = []
        if found and all(isinstance(each, str | int | float) for each in found):
            return [str(each) for each in found]
    lines = text.splitlines()
    if len(lines) == 1 and not set(text) & set("{}[]()\"'"):
        lines = text.split(",")
    return [each.strip() for each in lines if each.strip()]
