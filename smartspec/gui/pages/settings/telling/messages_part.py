"""What was sent, and what could not be delivered, the newest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from smartspec.changes import Topic
from smartspec.commands import deliveries
from smartspec.commands.deliveries import SentMessage
from smartspec.domain import times
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.settings.part import SettingsPart
from smartspec.gui.style.formatting import ago, exact
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label, plain_tip
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.messages import tr

_MOST = 10


class MessagesPart(SettingsPart):
    topics = frozenset({Topic.SETTINGS})
    name, group = "messages", "notifications"

    def __init__(self, context: AppContext) -> None:
        self.more = button(tr("Show more"), "link", then=self._show_more)
        super().__init__(
            context, tr("What was sent"), tr("And what could not be delivered, with the reason; the newest first."),
            tr("record, log, history, delivered, failed, messages"), self.more,
        )  # fmt: skip
        self._limit = _MOST
        self._found: tuple[SentMessage, ...] = ()
        self.more.hide()

    def reload(self) -> None:
        read = partial(deliveries.list_messages, self._limit + 1)
        self.context.run(self, read, self._on_read, lambda _error: None, worker="slow")

    def show_ages(self) -> None:
        self._show()

    def take_keyboard(self) -> None:
        self.more.setFocus()

    def _show_more(self) -> None:
        self._limit = min(self._limit * 5, 999)
        self.reload()

    def _on_read(self, found: tuple[SentMessage, ...]) -> None:
        if found != self._found or not self.rows.count():
            self._found = found
            self._show()

    def _show(self) -> None:
        self.more.setVisible(len(self._found) > self._limit)
        clear_layout(self.rows)
        for each in self._found[: self._limit]:
            self.rows.addWidget(MessageLine(each, self._open))
        if not self._found:
            self.rows.addWidget(label(tr("Nothing has been sent yet."), "secondary"))

    def _open(self, execution: str) -> None:
        self.context.navigator.go(Location("execution", execution))


class MessageLine(QWidget):
    def __init__(self, message: SentMessage, go: Callable[[str], object]) -> None:
        super().__init__()
        title, how = Elided(), Elided("error" if message.error else "small")
        title.setText(message.title or tr("A message"))
        age = ago(message.at, times.now())
        by = tr("by {channel}", channel=message.channel) if message.channel else ""
        how.setText(" · ".join(filter(None, (by, message.error or tr("arrived")))))
        when = label(age, "caption")
        when.setToolTip(plain_tip(exact(message.at)))
        icon = ("warning-circle", "failed") if message.error else ("check", "completed")
        words = column(title, how, spacing=1)
        layout = row(Icon(*icon), words, when, spacing=8, margins=(0, 4, 0, 4))
        layout.setStretchFactor(words, 1)
        self.open = button(tr("Open"), "link")
        self.open.setAccessibleName(tr("Open what “{title}” is about", title=message.title))
        self.open.setVisible(bool(message.execution))
        layout.addWidget(self.open)
        self.setLayout(layout)
        self.open.clicked.connect(lambda: go(message.execution))
