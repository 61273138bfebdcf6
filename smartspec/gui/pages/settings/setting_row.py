"""A setting on the page: what it is and does, its control, and the way back to its default."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from smartspec.domain.jsontext import Json
from smartspec.errors import SmartSpecError
from smartspec.gui.pages.settings.control import Control
from smartspec.gui.pages.settings.item import FOLDER
from smartspec.gui.pages.settings.marked import Marked
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, restyle, row
from smartspec.messages import tr, translate

HEIGHT = 58
_TEXT_WIDTH = 468
INSET = 14  # room for the dot of what differs from its default
_DOT = 6.0


class SettingRow(QWidget):
    """`chosen` carries its key and the value to be saved, None for the default."""

    chosen = Signal(str, object)

    def __init__(self, control: Control) -> None:
        super().__init__()
        self.control, self.item = control, control.item
        self.value: Json = self.item.default
        self._narrow, self._is_known = False, True
        self.title = Marked(translate(self.item.title), "name")
        self.explanation = Marked(translate(self.item.explanation), "small")
        self.title.setBuddy(control.field)
        self.wrong = _Sentence()
        self.default = label("", "small")
        self.reset = icon_button("arrow-counter-clockwise", "", lambda: self.chosen.emit(self.item.key, None))
        self._words = QWidget()
        self._words.setLayout(column(self.title, self.explanation, spacing=2))
        self._choice = QWidget()
        self._choice.setLayout(column(control, self.wrong, spacing=4))
        self._back = QWidget()
        self._back.setLayout(row(self.default, self.reset, spacing=4))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(INSET, 9, 0, 9)
        self._grid.setHorizontalSpacing(16)
        self._lay_out()
        control.chosen.connect(lambda value: self.chosen.emit(self.item.key, value))
        control.refused.connect(self.show_refusal)
        control.left.connect(self._on_left)
        self.setMinimumHeight(HEIGHT)
        self.show_value(self.value)

    @property
    def is_changed(self) -> bool:
        return self.item.key != FOLDER and self.value != self.item.default

    @property
    def is_overridden(self) -> bool:
        return self.item.spec is not None and bool(self.item.spec.overridden_by)

    def show_value(self, value: Json) -> None:
        """What holds now; what somebody types at this moment stays."""
        is_same, self.value = value == self.value, value
        if not self.control.is_edited or not (is_same or self.control.field.hasFocus()):
            self.show_saved(value)
        default = self.item.written(self.item.default)
        self.default.setText(tr("default: {value}", value=default))
        name = tr("Reset “{setting}” to {value}", setting=translate(self.item.title), value=default)
        self.reset.setToolTip(name)
        self.reset.setAccessibleName(name)
        self._back.setVisible(self.is_changed)
        self._show_override()
        self.update()

    def _on_left(self) -> None:
        if not self.is_overridden:
            self.control.mark_wrong(False)
            self.wrong.show_text("")

    def show_saved(self, value: Json) -> None:
        """What was chosen holds: nothing is wrong any more."""
        self.value = value
        self.control.show_value(value)
        self.control.mark_wrong(False)
        self.wrong.show_text("")

    def show_refusal(self, error: SmartSpecError) -> None:
        """What was typed stays, a switch goes back; what holds is named."""
        if not self.control.is_edited:
            self.control.show_value(self.value)
        held = tr("Still in force: {value}.", value=self.item.written(self.value))
        self.control.mark_wrong(True)
        self.wrong.show_text(f"{translate(error.sentence)} {held}")

    def show_state(self, text: str | None, *, is_wrong: bool) -> None:
        """What is so about it at this moment, below the control; None: nobody knows yet, and it cannot be chosen."""
        self.control.setEnabled(text is not None)
        self.wrong.show_text(text or "", is_error=is_wrong)

    def mark(self, words: Iterable[str]) -> None:
        words = tuple(words)
        self.title.mark(words)
        self.explanation.mark(words)

    def show_narrow(self, narrow: bool) -> None:
        """The control goes below the text."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._lay_out()

    def show_known(self, known: bool) -> None:
        """Where it is not known what holds, nothing is shown as if it did."""
        self.control.setVisible(known)
        if not known:
            self.wrong.show_text(tr("Not known: it is kept in the ledger, which is not open."), is_error=False)
        elif not self._is_known:
            self.wrong.show_text("")
        self._is_known = known

    def _show_override(self) -> None:
        self.control.setEnabled(not self.is_overridden)
        self.reset.setEnabled(not self.is_overridden)
        if self.is_overridden and self.item.spec is not None:
            self.wrong.show_text(
                tr("{variable} holds instead while it is set.", variable=self.item.spec.overridden_by), is_error=False
            )

    def _lay_out(self) -> None:
        for each in (self._words, self._choice, self._back):
            self._grid.removeWidget(each)
        top, middle = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter
        if self._narrow:
            self._grid.addWidget(self._words, 0, 0, 1, 2)
            self._grid.addWidget(self._choice, 1, 0)
            self._grid.addWidget(self._back, 1, 1, top)
        else:
            self._grid.addWidget(self._words, 0, 0, middle)
            self._grid.addWidget(self._choice, 0, 1, middle)
            self._grid.addWidget(self._back, 0, 2, middle)
        self._grid.setColumnStretch(0, 1 if self._narrow else 0)
        self._grid.setColumnStretch(1, 0 if self._narrow else 1)
        self._fit_text()

    def _fit_text(self) -> None:
        if self._narrow:
            self._words.setMinimumWidth(0)
            self._words.setMaximumWidth(16_777_215)
        else:
            self._words.setFixedWidth(min(_TEXT_WIDTH - 16, self.width() // 2))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_text()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(INSET, 0, self.width() - INSET, 1), theme.colour("line"))
        if self.is_changed:
            middle = self.title.mapTo(self, self.title.rect().center()).y()
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawEllipse(QRectF(0, middle - _DOT / 2, _DOT, _DOT))
        painter.end()


class _Sentence(QWidget):
    """What is wrong, with an icon, below a control."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Icon()
        self.text = label("", "error")
        self.text.setWordWrap(True)
        layout = row(self._icon, self.text, spacing=4)
        layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        layout.setStretchFactor(self.text, 1)
        self.setLayout(layout)
        self.hide()

    def show_text(self, text: str, *, is_error: bool = True) -> None:
        self.setVisible(bool(text))
        self.text.setText(text)
        if not text:
            return
        icon, colour = ("warning-circle", "failed") if is_error else ("info", "text2")
        self._icon.show_icon(icon, colour)
        restyle(self.text, role="error" if is_error else "small")
