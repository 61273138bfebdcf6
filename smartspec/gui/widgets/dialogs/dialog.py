"""The sheet that every dialog is: over its dimmed window, never larger than it."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QHideEvent,
    QKeySequence,
    QMoveEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from smartspec.errors import Invalid, SmartSpecError
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs.compositor import is_composited
from smartspec.gui.widgets.dialogs.keyboard import hand_keyboard_to
from smartspec.gui.widgets.dialogs.parts import INSET, Head, ProblemLine
from smartspec.gui.widgets.dialogs.scrim import RADIUS, Scrim
from smartspec.gui.widgets.tab_order import focus_chain
from smartspec.messages import translate

_ROOM = 16  # to the edges of the window that it stands before


class Dialog(QDialog):
    """A window-modal sheet; Esc closes it, Enter and Ctrl+Enter press its primary button.

    What is put into `body` scrolls where the window is too small; what is in `strip`, below the head, never does.
    Without a `height` it is as high as that needs. It is deleted when it closes.
    """

    def __init__(
        self, parent: QWidget | None, title: str, caption: str = "", *, width: int = 480, height: int = 0
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setProperty("role", "sheet")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setAccessibleDescription(caption)
        self._is_composited = is_composited()
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground, self._is_composited)
        self._wanted = QSize(width, height)
        self._scrim: Scrim | None = None
        self._primary: QPushButton | None = None
        self._is_busy = self._is_blocked = False
        self._lay_out(title, caption)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self, self.press_primary)

    def _lay_out(self, title: str, caption: str) -> None:
        self._head, self._problem = Head(title, caption), ProblemLine()
        self._head.close_button.clicked.connect(self.reject)
        self.strip, self.body = QVBoxLayout(), QVBoxLayout()
        self.strip.setContentsMargins(0, 0, 0, 0)
        self.body.setContentsMargins(INSET, 16, INSET, 16)
        self.body.setSpacing(8)
        self._content = _Content()
        self._content.setLayout(self.body)
        self._content.installEventFilter(self)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(self._content)
        self._foot = QWidget()
        self._left, self._right = QHBoxLayout(), QHBoxLayout()
        self._lay_out_foot()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._head)
        outer.addLayout(self.strip)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(self._problem)
        outer.addWidget(self._foot)

    def _lay_out_foot(self) -> None:
        layout = QHBoxLayout(self._foot)
        layout.setContentsMargins(INSET, 12, INSET, 12)
        layout.setSpacing(8)
        for each in (self._left, self._right):
            each.setSpacing(8)
        layout.addLayout(self._left)
        layout.addStretch(1)
        layout.addLayout(self._right)
        self._foot.hide()

    # Its parts

    def add_button(self, text: str, kind: str = "", then: Callable[[], object] | None = None) -> QPushButton:
        """At the right of the footer, the primary one last; `kind` is as for `button`. `then` does not close it."""
        made = button(text, kind, then=then)
        self._right.addWidget(made)
        self._foot.show()
        if kind == "primary":
            self._primary = made
            made.setDefault(True)
        QWidget.setTabOrder(made, self._head.close_button)
        return made

    def add_left(self, widget: QWidget) -> None:
        """At the left of the footer."""
        self._left.addWidget(widget)
        self._foot.show()

    def set_title(self, title: str, caption: str = "") -> None:
        self.setWindowTitle(title)
        self.setAccessibleDescription(caption)
        self._head.show_text(title, caption)

    @property
    def problem(self) -> str:
        """The sentence that `show_problem` shows."""
        return self._problem.text

    def show_problem(self, text: str, *, blocks: bool = True) -> None:
        """A red sentence above the footer, "" for none; while one `blocks` the primary button cannot be pressed."""
        self._is_blocked = bool(text) and blocks
        self._problem.show_text(text)
        self._enable_primary()
        self._fit_to_host()

    def set_busy(self, busy: bool) -> None:
        """Whether a command of its runs: meanwhile the primary button cannot be pressed."""
        self._is_busy = busy
        if busy and not self._is_blocked:
            self.show_problem("")  # of the time before
        self._enable_primary()

    def refuse(self, error: SmartSpecError) -> None:
        """What a command refused is said, and it stays open; what is not wrong itself may be tried again as it is."""
        self.set_busy(False)
        self.show_problem(translate(error.sentence), blocks=isinstance(error, Invalid))

    def can_do_primary(self) -> bool:
        return not self._is_busy and not self._is_blocked

    def _enable_primary(self) -> None:
        if self._primary is not None:
            self._primary.setEnabled(self.can_do_primary())

    def press_primary(self) -> None:
        if self._primary is not None and self._primary.isEnabled():
            self._primary.click()

    # Its place

    def _host(self) -> QWidget | None:
        parent = self.parentWidget()
        return parent.window() if parent is not None else None

    def _fit_to_host(self) -> None:
        """As wide and as high as wanted, but never more than the window has room for; in its middle."""
        host = self._host()
        screen = self.screen().availableGeometry()
        around = host.geometry() if host is not None and host.isVisible() else screen
        most = around.size() - QSize(2 * _ROOM, 2 * _ROOM)
        width = min(self._wanted.width(), most.width())
        height = min(self._wanted.height() or self._height_for(width), most.height())
        if self.size() != QSize(width, height):
            self.resize(width, height)

    def _place(self) -> None:
        """In the middle, until a person drags it elsewhere."""
        host = self._host()
        if host is not None and host.isVisible() and not self._head.was_dragged:
            inner = self.rect()
            inner.moveCenter(host.geometry().center())
            self.move(inner.topLeft())

    def _height_for(self, width: int) -> int:
        parts = [each for each in (self._head, self._problem, self._foot) if not each.isHidden()]
        heights = [max(each.minimumHeight(), _height_of(cast(QLayout, each.layout()), width)) for each in parts]
        return sum(heights) + _height_of(self.strip, width) + _height_of(self.body, width)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        host = self._host()
        if host is not None and self._scrim is None and self.isModal():
            self._scrim = Scrim(host, self)
            host.installEventFilter(self)
        self._fit_to_host()
        self._place()
        self._focus_first()

    def _focus_first(self) -> None:
        """What one writes into or chooses in first; without such the default button."""
        focused = self.focusWidget()
        if focused is not None and focused is not self._head.close_button:
            return
        for each in focus_chain(self):
            if self._content.isAncestorOf(each) and _takes_focus(each):
                each.setFocus(Qt.FocusReason.TabFocusReason)
                return
        buttons = [each for each in self._foot.findChildren(QPushButton) if each.isEnabled()]
        default = next((each for each in buttons if each.isDefault()), buttons[-1] if buttons else None)
        (default or self._head.close_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def done(self, result: int) -> None:
        host = self._host()
        if host is not None and self.isActiveWindow():
            hand_keyboard_to(host)
        super().done(result)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._scrim is not None:
            self._scrim.hide()
            self._scrim.deleteLater()
            self._scrim = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._content and event.type() is QEvent.Type.LayoutRequest and self.isVisible():
            self._fit_to_host()
        elif watched is self._host() and self._scrim is not None and event.type() in _MOVES:
            self._follow_host()
        return super().eventFilter(watched, event)

    def _follow_host(self) -> None:
        host = self._host()
        assert host is not None and self._scrim is not None
        self._scrim.setGeometry(host.rect())
        self._fit_to_host()
        self._place()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._scrim is not None:
            self._scrim.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._is_composited:
            self.setMask(QRegion(_rounded(QRectF(self.rect())).toFillPolygon().toPolygon()))
        if self.isVisible():
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.fillPath(_rounded(box), theme.colour("surface"))
        painter.setClipPath(_rounded(box))
        painter.setPen(QPen(theme.colour("line"), 1))
        y = self._head.geometry().bottom() + 0.5
        painter.drawLine(QPointF(0, y), QPointF(self.width(), y))
        if not self._foot.isHidden():
            foot = QRectF(self._foot.geometry())
            painter.fillRect(foot, theme.colour("pane"))
            painter.drawLine(foot.topLeft(), foot.topRight())
        painter.setClipping(False)
        painter.setPen(QPen(theme.colour("line_strong"), 1))
        painter.drawPath(_rounded(box))
        painter.end()


class _Content(QWidget):
    """As high as its lines need at its width: a label that wraps says what it would need at its narrowest."""

    # Qt

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        layout = self.layout()
        return QSize(least.width(), _height_of(layout, self.width()) if layout is not None else least.height())


def _height_of(layout: QLayout, width: int) -> int:
    layout.activate()
    return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()


def _takes_focus(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isVisible() and widget.isEnabled()


_MOVES = (QEvent.Type.Resize, QEvent.Type.Move)


def _rounded(box: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(box, RADIUS, RADIUS)
    return path
