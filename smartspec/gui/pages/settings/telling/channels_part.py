"""The channels by which a person is told: each with a name, what became of the last message, and what can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from smartspec.changes import Topic
from smartspec.commands import channels, deliveries
from smartspec.domain import times
from smartspec.domain.jsontext import JsonObject
from smartspec.domain.notification.channel import Channel
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.settings.part import SettingsPart
from smartspec.gui.pages.settings.telling import kinds
from smartspec.gui.pages.settings.telling.channel_dialog import ChannelDialog
from smartspec.gui.pages.settings.telling.sending import try_channel
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.dialogs import confirm
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, restyle, row
from smartspec.messages import tr, translate

Found = tuple[tuple[Channel, JsonObject | None], ...]


class ChannelsPart(SettingsPart):
    topics = frozenset({Topic.SETTINGS})
    name, group = "channels", "notifications"

    def __init__(self, context: AppContext) -> None:
        self.add = button(tr("Add a channel…"), "", "plus", self._add)
        super().__init__(
            context, tr("Channels"), tr("By each of them you are told; without one nothing is sent anywhere."),
            tr("desktop, command, webhook, web address, mail, SMTP, notify"), self.add,
        )  # fmt: skip
        self.lines: dict[str, ChannelLine] = {}
        self._found: Found = ()

    def reload(self) -> None:
        self.context.run(self, _read, self._on_read, lambda _error: None)

    def show_ages(self) -> None:
        self._on_read(self._found)

    def take_keyboard(self) -> None:
        self.add.setFocus()

    def _on_read(self, found: Found) -> None:
        """Those that are as they were stay: one may have the keyboard, or tell of a trial."""
        self._found = found
        kept = {name: line for name, line in self.lines.items() if line.channel in [each for each, _last in found]}
        if [*kept] != [each.name for each, _last in found] or not found:
            clear_layout(self.rows)
            self.lines = {each.name: self._made(each) for each, _last in found}
            if not found:
                self.rows.addWidget(label(tr("There is none: nobody is told of anything."), "secondary"))
        for each, last in found:
            self.lines[each.name].show_last(last)

    def _made(self, channel: Channel) -> ChannelLine:
        made = ChannelLine(channel)
        made.test.clicked.connect(partial(self._test, made))
        made.edit.clicked.connect(partial(self._edit, channel))
        made.remove.clicked.connect(partial(self._remove, channel))
        self.rows.addWidget(made)
        return made

    def _test(self, line: ChannelLine) -> None:
        line.show_trial(tr("Sending…"))
        self.context.run(
            line, partial(try_channel, line.channel), lambda _: line.show_trial(tr("Sent just now")),
            line.show_failure, worker="jobs",
        )  # fmt: skip

    def _add(self) -> None:
        ChannelDialog(self.context, None, self.window()).open()

    def _edit(self, channel: Channel) -> None:
        ChannelDialog(self.context, channel, self.window()).open()

    def _remove(self, channel: Channel) -> None:
        """What the keyring has of it goes with it: that cannot be undone."""
        meaning = (
            tr("What the keyring has of it is forgotten.") if channel.secret else tr("You are told by it no more.")
        )
        if confirm(self.window(), tr("Remove “{name}”?", name=channel.name), meaning, tr("Remove")):
            self.context.run(self, partial(channels.remove_channel, channel.name))


class ChannelLine(QWidget):
    def __init__(self, channel: Channel) -> None:
        super().__init__()
        self.channel = channel
        name, kind = Elided("name", takes_its_width=True), translate(kinds.WORDS[channel.kind])
        name.setText(channel.name)
        where = Elided("secondary")
        where.setText(" · ".join(filter(None, (kind, kinds.target(channel)))))
        self.went = Elided("small")
        self.test = button(tr("Send a test"), "link")
        self.test.setAccessibleName(tr("Send a test by {name}", name=channel.name))
        self.edit = icon_button("pencil-simple", tr("Edit {name}", name=channel.name))
        self.remove = icon_button("trash", tr("Remove {name}", name=channel.name))
        head = row(name, where, spacing=8)
        head.setStretchFactor(where, 1)
        words = column(head, self.went, spacing=1)
        layout = row(Icon(kinds.ICONS[channel.kind], "text2"), words, self.test, self.edit, self.remove, spacing=8,
                     margins=(0, 5, 0, 5))  # fmt: skip
        layout.setStretchFactor(words, 1)
        self.setLayout(layout)
        self._is_tried = False

    def show_last(self, last: JsonObject | None) -> None:
        """What became of the last message; a trial that was told of stays."""
        if self._is_tried:
            return
        if last is None:
            self._show(tr("Nothing was sent by it yet"), is_error=False)
            return
        age, error = ago(times.from_ms(int(str(last["at"]))), times.now()), last["error"]
        self._show(f"{age}: {error}" if error else tr("arrived {age}", age=age), is_error=bool(error))

    def show_trial(self, text: str) -> None:
        self._is_tried = True
        self._show(text, is_error=False)

    def show_failure(self, error: SmartSpecError) -> None:
        self._is_tried = True
        self._show(translate(error.sentence), is_error=True)

    def _show(self, text: str, *, is_error: bool) -> None:
        self.went.setText(text)
        restyle(self.went, role="error" if is_error else "small")


def _read() -> Found:
    last = deliveries.last_deliveries()
    return tuple((each, last.get(each.name)) for each in channels.list_channels())
