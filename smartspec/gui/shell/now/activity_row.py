"""A row of the panel: an execution, what it does or waits for, its time, and what can be done about it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from smartspec.domain import times
from smartspec.domain.activity import Activity, Control, State
from smartspec.gui.shell.now import controls, row_painting, words
from smartspec.gui.shell.now.row_painting import LINE, RowShape
from smartspec.gui.style import painting, theme
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.spoken_role import speak_as
from smartspec.messages import tr

HEIGHT, MORE = 48, 34
_MARGIN, _GAP = 12, 4


class ActivityRow(QWidget):
    """`asked` carries a Control and the activity; `opened` the id of an execution; `setting` a key; `moved` where the
    arrow keys lead.
    """

    asked = Signal(object, object)
    opened = Signal(str)
    setting_opened = Signal(str)
    moved = Signal(int)

    def __init__(self, activity: Activity, workspace: str) -> None:
        """`workspace` is the one that is shown: that of another is named."""
        super().__init__()
        self._workspace = workspace
        self.activity = activity
        self.buttons: list[QAbstractButton] = []
        self._folded: QAbstractButton | None = None
        self._shape = RowShape()
        self._is_compact = False
        self._told_at = times.now()  # what is painted is of one moment, whatever part of it is painted again
        speak_as(self, QAccessible.Role.ListItem)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.link = button("", "link", then=self._on_link)
        self.link.setParent(self)
        self.link.setProperty("size", "small")
        self.link.installEventFilter(self)
        self.show_activity(activity)

    @property
    def key(self) -> tuple[State, str, str]:
        return key_of(self.activity)

    def show_activity(self, activity: Activity) -> None:
        is_new = not self.buttons or activity.controls != self.activity.controls
        self.activity = activity
        if is_new:
            self._make_buttons()
        holder = activity.holder
        self.link.setText(holder.label if holder else tr("Change") if activity.setting else "")
        self.link.setVisible(bool(self.link.text()))
        self.link.setAccessibleName(
            tr("Open {execution}", execution=holder.label) if holder else tr("Change how many run at once")
        )
        self._lay_out()
        self._update_texts()

    def show_compact(self, is_compact: bool) -> None:
        """Its icons are in a menu, and what is answered with stands below."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self._make_buttons()
            self._lay_out()
            self.updateGeometry()

    def tick(self) -> None:
        """Time has passed."""
        if times.to_ms(times.now()) // 1000 != times.to_ms(self._told_at) // 1000:
            self._update_texts()
        elif words.ICONS[self.activity.cause][0] == "play-circle":
            self.update(QRect(14, 8, 22, 22))
        elif self.activity.delay_ms is not None and self._shape.times is not None:
            self.update(self._shape.times.toAlignedRect())

    @property
    def _elsewhere(self) -> str:
        return "" if self.activity.workspace == self._workspace else self.activity.workspace

    def _update_texts(self) -> None:
        """All of it, as it is at this moment."""
        self._told_at = times.now()
        told = words.spoken(self.activity, self._told_at, self._elsewhere)
        self.setAccessibleName(told.replace("\n", ", "))
        self.setToolTip(plain_tip(told))
        self.update()

    # Its buttons

    def _make_buttons(self) -> None:
        for each in self.buttons:
            each.hide()
            each.deleteLater()
        made = [self._button(control) for control in self.activity.controls if self._stands_alone(control)]
        if self._is_compact:
            made.append(icon_button("dots-three", tr("More"), self._show_menu))
        else:
            made.append(icon_button("arrow-square-out", tr("Open"), self.open))
        for each in made:
            each.setParent(self)
            each.installEventFilter(self)
            each.show()
        self.buttons = made

    def _stands_alone(self, control: Control) -> bool:
        return not self._is_compact or control in (Control.CONFIRM, Control.DECLINE)

    def _button(self, control: Control) -> QAbstractButton:
        word = controls.word_of(control)
        then = partial(self._ask, control)
        if control in controls.ICONS:
            made: QAbstractButton = icon_button(controls.ICONS[control], word, then)
        else:
            made = button(word, "primary" if control is Control.CONFIRM else "", then=then)
        made.setAccessibleDescription(self.activity.label)
        return made

    def _show_menu(self) -> None:
        menu: QMenu = popup_menu(self)
        for control in self.activity.controls:
            if not self._stands_alone(control):
                menu.addAction(controls.word_of(control), partial(self._ask, control))
        menu.addAction(tr("Open"), self.open)
        show_below(menu, self.buttons[-1])

    def _ask(self, control: Control) -> None:
        self.asked.emit(control, self.activity)

    def open(self) -> None:
        self.opened.emit(self.activity.execution)

    def _on_link(self) -> None:
        if self.activity.holder is not None:
            self.opened.emit(self.activity.holder.id)
        elif self.activity.setting:
            self.setting_opened.emit(self.activity.setting)

    # Places

    @property
    def _answers_below(self) -> bool:
        return self._is_compact and len(self.buttons) > 1

    def _lay_out(self) -> None:
        right = self.width() - _MARGIN
        line_of = self.buttons[-1:] if self._is_compact else list(reversed(self.buttons))
        for each in line_of:
            size = each.sizeHint()
            each.setGeometry(right - size.width(), (HEIGHT - size.height()) // 2, size.width(), size.height())
            right -= size.width() + _GAP
        left = row_painting.TEXT_LEFT
        for each in self.buttons[:-1] if self._is_compact else ():
            size = each.sizeHint()
            each.setGeometry(left, HEIGHT - 6, size.width(), size.height())
            left += size.width() + _GAP * 2
        controls_room = 0 if self._is_compact else row_painting.CONTROLS
        edge = min(right, self.width() - controls_room) - 8
        self._shape = row_painting.shape_of(self.activity, QRectF(0, 0, edge, HEIGHT), self.link.sizeHint())
        self.link.setVisible(self._shape.link is not None)
        if self._shape.link is not None:
            self.link.setGeometry(self._shape.link.toAlignedRect())

    @property
    def has_keyboard(self) -> bool:
        return self.hasFocus() or any(each.hasFocus() for each in self._reachable())

    def _reachable(self) -> list[QAbstractButton]:
        return [*([self.link] if self.link.isVisible() else []), *self.buttons]

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(420, self._wanted_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, self._wanted_height)

    @property
    def _wanted_height(self) -> int:
        return max(HEIGHT, LINE * 2 + 12) + (MORE if self._answers_below else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.moved.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Right:
            self._reachable()[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif key == Qt.Key.Key_Space:
            self.buttons[0].click()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys go along the buttons of a row, and out of them to other rows."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            reachable = self._reachable()
            at = next((n for n, each in enumerate(reachable) if each is watched), -1)
            by = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
            if at >= 0 and by:
                target: QWidget = self if at + by < 0 else reachable[min(at + by, len(reachable) - 1)]
                target.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.moved.emit(1 if event.key() == Qt.Key.Key_Down else -1)
                return True
        return super().eventFilter(watched, event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.open()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(QRectF(0, 0, self.width(), 1), theme.colour("line"))
        painting.selection(
            painter, QRectF(self.rect()), selected=self.has_keyboard, hovered=self.underMouse(), bar=True,
            focused=self.hasFocus(),
        )  # fmt: skip
        row_painting.paint(painter, self._shape, self.activity, self._told_at, self._elsewhere)
        painter.end()


def key_of(activity: Activity) -> tuple[State, str, str]:
    """The same as long as it is the same row to a person."""
    return activity.state, activity.execution, activity.task if activity.state is not State.RUNNING else ""
