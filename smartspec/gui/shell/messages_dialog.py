"""What was told since the start, and one message whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.notifications import Message
from smartspec.gui.shell.level_icons import LEVEL_ICONS
from smartspec.gui.style.formatting import ago, exact
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, text_to_read, wrapped
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import column, line, row
from smartspec.messages import tr


class DetailsDialog(Dialog):
    """A message whole, to read and copy."""

    def __init__(self, message: Message, parent: QWidget) -> None:
        super().__init__(parent, message.headline, message.meaning, width=680, height=420)
        text = "\n\n".join(part for part in (message.headline, message.meaning, message.details) if part)
        self.body.addWidget(text_to_read(message.details or text, tr("Details")))
        copy = button(tr("Copy"), "ghost", "copy", lambda: QGuiApplication.clipboard().setText(text))
        self.add_left(copy)
        self.add_button(tr("Close"), then=self.reject)


class MessagesDialog(Dialog):
    """Everything that was told since the start, the newest first; `go` leads to what a message is about."""

    def __init__(self, messages: Sequence[Message], go: Callable[[Location], object], parent: QWidget) -> None:
        super().__init__(parent, tr("Messages"), tr("Since the program was started, the newest first"), width=680,
                         height=520 if messages else 0)  # fmt: skip
        self._go = go
        self.body.setSpacing(0)
        self.body.setContentsMargins(0, 0, 0, 0)
        for each in reversed(messages):
            self.body.addLayout(self._row(each))
            self.body.addWidget(line())
        if not messages:
            self.body.addLayout(column(label(tr("Nothing has been told since the start."), "secondary"),
                                       margins=(24, 20, 24, 20)))  # fmt: skip
        self.body.addStretch(1)
        self.add_button(tr("Close"), then=self.reject)

    def _row(self, message: Message) -> QVBoxLayout:
        when = label(ago(message.at, times.now()), "caption")
        when.setToolTip(plain_tip(exact(message.at)))
        icon = Icon(*LEVEL_ICONS[message.level], 16)
        head = row(icon, wrapped(message.headline, "heading"), when, spacing=10)
        head.setAlignment(icon, Qt.AlignmentFlag.AlignTop)
        head.setStretch(1, 1)
        made = column(head, spacing=3, margins=(24, 10, 24, 10))
        for text in filter(None, (message.meaning, _first_line(message.details))):
            made.addLayout(row(26, wrapped(text, "small"), spacing=0))
        if links := self._links(message):
            made.addLayout(row(26, *links, None, spacing=16))
        return made

    def _links(self, message: Message) -> list[QWidget]:
        made: list[QWidget] = []
        if message.location is not None:
            made.append(button(tr("Open"), "link", then=partial(self._open, message.location)))
        if "\n" in message.details:
            made.append(button(tr("Details"), "link", then=lambda: DetailsDialog(message, self).open()))
        return made

    def _open(self, location: Location) -> None:
        self.accept()
        self._go(location)


def _first_line(text: str) -> str:
    return text.partition("\n")[0]
