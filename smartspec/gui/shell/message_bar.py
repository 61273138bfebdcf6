"""The bar above the page: one message at a time, the worst first, until it is closed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from smartspec.gui.core.actions import Actions, plain_text
from smartspec.gui.core.notifications import Message, Notifications
from smartspec.gui.shell.level_icons import LEVEL_ICONS
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label, plain_tip
from smartspec.gui.widgets.layout import restyle
from smartspec.messages import tr

_RANKS = {"error": 0, "warning": 1, "info": 2}


class MessageBar(QWidget):
    def __init__(self, notifications: Notifications, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._waiting: list[Message] = []
        self._actions = actions
        self._icon = Icon(size=16)
        self._headline = label(role="heading")
        self._meaning = Elided("secondary")
        self._action = button("", then=self._run_action)
        self._details = button(tr("Details"), "ghost", then=self._show_details)
        self._close = icon_button("x", tr("Close this message"), self.dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 3, 12, 3)
        layout.setSpacing(8)
        layout.addWidget(self._icon)
        layout.addWidget(self._headline)
        layout.addWidget(self._meaning, 1)
        for each in (self._action, self._details, self._close):
            layout.addWidget(each)
        self.setMinimumHeight(38)
        self.hide()
        notifications.notified.connect(self._on_notified)

    @property
    def message(self) -> Message | None:
        return self._waiting[0] if self._waiting else None

    def dismiss(self) -> None:
        del self._waiting[:1]
        self._show_message()

    def _on_notified(self, message: Message) -> None:
        same = [each for each in self._waiting if each.headline == message.headline]
        if not same:
            self._waiting = sorted([message, *self._waiting], key=lambda each: _RANKS[each.level])
        self._show_message()

    def _show_message(self) -> None:
        message = self.message
        self.setVisible(message is not None)
        if message is None:
            return
        name, colour = LEVEL_ICONS[message.level]
        self._icon.show_icon(name, colour)
        room = max(200, self.width() * 6 // 10) if self.width() > 300 else 640
        self._headline.setText(
            self._headline.fontMetrics().elidedText(message.headline, Qt.TextElideMode.ElideRight, room)
        )
        self._headline.setToolTip(plain_tip(message.headline))
        self._meaning.setText(message.meaning)
        self._action.setVisible(bool(message.action))
        if message.action:
            self._action.setText(plain_text(self._actions[message.action]))
        self._details.setVisible(bool(message.details))
        restyle(self, level=message.level)
        self.setAccessibleName(f"{message.headline} {message.meaning}".strip())

    def _run_action(self) -> None:
        message = self.message
        self.dismiss()
        if message is not None:
            self._actions.do(message.action)

    def _show_details(self) -> None:
        from smartspec.gui.shell.messages_dialog import DetailsDialog

        if self.message is not None:
            DetailsDialog(self.message, self).show()
