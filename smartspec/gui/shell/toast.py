"""The toast: what was just done and Undo, or how a run that was started here goes and ended."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsDropShadowEffect,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from smartspec.gui.core.navigation import Location
from smartspec.gui.core.notifications import Notifications, Toast
from smartspec.gui.shell.toast_parts import Icon, Ring, Words
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.announcer import alert
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.labels import key_cap
from smartspec.messages import tr

_LIFE_MS = 8_000
_TICK_MS = 100
_REST_MS = 8_000  # of a mouse that was left lying on it
WIDTH, HEIGHT = 424, 44
_WIDTH_OF_TWO, _HEIGHT_OF_TWO = 480, 60
_MOST_WIDTH = 640
ABOVE = 16  # the lowest bar


def _is_writing() -> bool:
    focused = QApplication.focusWidget()
    return isinstance(focused, QLineEdit | QPlainTextEdit) and not focused.isReadOnly()


class ToastBar(QWidget):
    """At most one; a new one takes the place of the old. It waits while the mouse or the keyboard is on it.

    `top_of_bars` answers with the height in the window at which its lowest bars begin, between two columns. While one
    offers Undo, the news of a run waits until that has gone. `offered` carries what does the action
    `undo` while there is something to take back.
    """

    offered = Signal(object)

    def __init__(self, notifications: Notifications, parent: QWidget, top_of_bars: Callable[[int, int], int]) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._top_of_bars = top_of_bars
        self._toast: Toast | None = None
        self._next: Toast | None = None
        self._left = self._held = 0
        self._mouse_at = QPoint()
        self._icon, self._words, self._ring = Icon(), Words(), Ring()
        self._undo = button(tr("Undo"), "toast", then=self.undo)
        self._keys = key_cap("Ctrl+Z")
        self._keys.setProperty("role", "toastkey")
        self._keys.setFixedHeight(22)
        self._actions: list[QPushButton] = []
        self._lay_out()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        notifications.toasted.connect(self._on_toasted)
        theme.on_change(self._follow_theme)
        self.hide()

    def _lay_out(self) -> None:
        self._close = icon_button("x", tr("Close"), self._show_next)
        self._close.setIcon(icons.icon("x", "on_toast"))
        self._close.setProperty("kind", "toasticon")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 4, 8, 4)
        self._row.setSpacing(8)
        self._row.addWidget(self._icon)
        self._row.addWidget(self._words, 1)
        for each in (self._undo, self._keys, self._ring, self._close):
            self._row.addWidget(each)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        self.setGraphicsEffect(shadow)

    @property
    def can_undo(self) -> bool:
        return self.isVisible() and self._toast is not None and self._toast.undo is not None

    @property
    def text(self) -> str:
        return self._toast.text if self._toast and self.isVisible() else ""

    @property
    def toast(self) -> Toast | None:
        """The one that is to be seen."""
        return self._toast if self.isVisible() else None

    def undo(self) -> None:
        """Take back what the toast tells of."""
        toast = self._toast
        self._show_next()
        if toast is not None and toast.undo is not None:
            toast.undo()

    def reposition(self) -> None:
        """Bottom centre, above the lowest bar."""
        outer = self.parentWidget()
        assert outer is not None
        is_high = self._toast is not None and bool(self._toast.meaning)
        needed = self._row.sizeHint().width() + self._words.wanted_width
        width = max(_WIDTH_OF_TWO if is_high else WIDTH, min(needed, _MOST_WIDTH))
        width = min(width, outer.width() - 40)
        height = _HEIGHT_OF_TWO if is_high else HEIGHT
        left = (outer.width() - width) // 2
        self.setGeometry(left, self._top_of_bars(left, left + width) - ABOVE - height, width, height)

    def on_went(self, location: Location) -> None:
        """What is told of an execution has been seen when that is opened."""
        if self._toast is not None and self._toast.about and self._toast.about == location.key:
            self._show_next()

    def _on_toasted(self, toast: Toast) -> None:
        if toast.about and self.can_undo and self._left > 0:
            self._next = toast
            return
        self._show(toast)

    def _show(self, toast: Toast) -> None:
        self._toast, self._next = toast, None
        self._left, self._held, self._mouse_at = _LIFE_MS, 0, QCursor.pos()
        self._icon.show_icon(toast.icon, toast.colour)
        self._words.show_words(toast.text, toast.subject, toast.note, toast.meaning)
        self._undo.setVisible(toast.undo is not None)
        self._show_keys()
        self._show_actions(toast)
        self._ring.setVisible(not toast.stays and not toast.waits)
        self._ring.show_part(1.0)
        self.reposition()
        self.show()
        self.raise_()
        self._timer.start()
        self.offered.emit({"undo": self.undo} if self.can_undo else {})
        self._announce(toast)

    def _show_keys(self) -> None:
        """In a text they undo what was written there last."""
        self._keys.setVisible(self._toast is not None and self._toast.undo is not None and not _is_writing())

    def _show_actions(self, toast: Toast) -> None:
        for old in self._actions:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._actions = [button(word, "toast", then=partial(self._run_action, do)) for word, do in toast.actions]
        for place, each in enumerate(self._actions):
            self._row.insertWidget(2 + place, each)
            QWidget.setTabOrder(each, self._close)

    def _run_action(self, action: Callable[[], object]) -> None:
        self._show_next()
        action()

    def _announce(self, toast: Toast) -> None:
        """To a screen reader, at once, whatever has the keyboard."""
        self.setAccessibleName(" ".join(filter(None, (toast.text, toast.note, toast.meaning))))
        alert(self)

    def _on_tick(self) -> None:
        self.reposition()
        self._show_keys()
        if self._icon.turns:
            self._icon.update()
        if self._toast is None or self._toast.stays or self._is_held():
            return
        self._left -= _TICK_MS
        self._ring.show_part(max(0.0, self._left / _LIFE_MS))
        if self._left <= 0:
            self._show_next()

    def _is_held(self) -> bool:
        """With the keyboard on it; under the mouse, once that has moved on it, and until it has rested for a while."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            return True
        at = QCursor.pos()
        moved, self._mouse_at = at != self._mouse_at, at
        self._held = _REST_MS if moved else max(0, self._held - _TICK_MS)
        return self._held > 0 and self.rect().contains(self.mapFromGlobal(at)) and self.window().isActiveWindow()

    def _show_next(self) -> None:
        """It has been seen; what waited comes."""
        self._toast = None
        self.hide()
        if self._next is not None:
            self._show(self._next)

    def _follow_theme(self) -> None:
        self._icon.update()
        self._words.update()

    # Qt

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()
        self.offered.emit({})
