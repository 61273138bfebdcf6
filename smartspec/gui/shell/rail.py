"""The rail at the left: the pages, and below the one that is about the program itself."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from smartspec.gui.contract import PageSpec
from smartspec.gui.core.actions import Actions, plain_text
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.labels import plain_tip
from smartspec.messages import tr

WIDE, NARROW = 72, 52


class Rail(QWidget):
    def __init__(self, actions: Actions, pages: Iterable[PageSpec], parent: QWidget | None = None) -> None:
        """A button for each page that has a title."""
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        pages = [each for each in pages if each.title and each.is_in_rail]
        self._buttons = {page.name: _RailButton(actions[page.action]) for page in pages}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(6)
        for page in sorted(pages, key=lambda page: page.is_at_foot):
            if page.is_at_foot:
                layout.addStretch(1)
            layout.addWidget(self._buttons[page.name])
        if not any(page.is_at_foot for page in pages):
            layout.addStretch(1)
        self.show_narrow(False)

    def show_narrow(self, narrow: bool) -> None:
        self.setFixedWidth(NARROW if narrow else WIDE)
        for each in self._buttons.values():
            each.set_narrow(narrow)

    def show_page(self, page: str) -> None:
        """Where it is none of them, none is lit."""
        for name, each in self._buttons.items():
            each.setAutoExclusive(page in self._buttons)
            each.setChecked(name == page)

    def show_attention(self, page: str, needed: bool) -> None:
        """A red dot: something there needs a person."""
        if page in self._buttons:
            self._buttons[page].set_attention(needed)


class _RailButton(QAbstractButton):
    """One of several: a screen reader tells which of them is chosen."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self._word = plain_text(action)
        self._icon = str(action.property("icon_name"))
        self._narrow = False
        self._attention = False
        self._why = ""  # it cannot be gone to
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(self._word)
        self._named = f"{self._word}  {action.shortcut().toString()}".strip()
        self.setToolTip(plain_tip(self._named))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)
        action.changed.connect(lambda: self._mirror_action(action))

    def _mirror_action(self, action: QAction) -> None:
        """What cannot be gone to is grey, and says why."""
        if self.isEnabled() != action.isEnabled():
            self.setEnabled(action.isEnabled())
        self._why = "" if action.isEnabled() else str(action.property("why") or "")
        self.setToolTip(plain_tip("\n".join(filter(None, (self._named, self._why)))))
        self._describe()

    def _describe(self) -> None:
        self.setAccessibleDescription(self._why or (tr("needs attention") if self._attention else ""))

    def set_narrow(self, narrow: bool) -> None:
        self._narrow = narrow
        self.updateGeometry()

    def set_attention(self, needed: bool) -> None:
        self._attention = needed
        self._describe()
        self.update()

    # Qt

    def sizeHint(self) -> QSize:
        if self._narrow:
            return QSize(NARROW, 42)
        return QSize(WIDE, 34 + QFontMetrics(theme.font("caption")).height())

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        active = self.isChecked() and self.isEnabled()
        box = QRectF(self.rect()).adjusted(6, 0, -6, 0)
        painter.setPen(QPen(theme.colour("focus"), 2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_soft" if active else "hover" if self.underMouse() else "chrome"))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        painter.setOpacity(1 if self.isEnabled() else 0.6)
        if active:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent"))
            painter.drawRoundedRect(QRectF(-2, 12, 5, self.height() - 24), 2, 2)
        colour = "text3" if not self.isEnabled() else "accent_text" if active else "text2"
        top = (self.height() - 20) / 2 if self._narrow else 8
        middle = self.width() / 2
        icons.paint(painter, QRectF(middle - 10, top, 20, 20), self._icon, colour)
        if not self._narrow:
            font = theme.font("caption", 600 if active else 500)
            words = QRectF(0, 28, self.width(), QFontMetrics(font).height())
            painting.text(painter, words, self._word, colour, font, Qt.AlignmentFlag.AlignHCenter)
        if self._attention:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("failed"))
            painter.drawEllipse(QRectF(middle + 7, top - 2, 8, 8))
        painter.end()
