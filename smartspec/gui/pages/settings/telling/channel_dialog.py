"""A channel as a form: its name, its kind, and what that has need of."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from smartspec.commands import channels
from smartspec.domain.notification import channel as rules
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.settings.telling.kinds import WORDS
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.secret_edit import SecretEdit
from smartspec.gui.widgets.segments import Segments
from smartspec.messages import tr, translate

K = ChannelKind
_FIELDS = {
    K.DESKTOP: (), K.COMMAND: ("command",), K.WEBHOOK: ("address",),
    K.MAIL: ("to", "sender", "server", "security", "user", "password"),
}  # fmt: skip

_EXAMPLES = {"command": "paplay /usr/share/sounds/bell.oga", "server": "mail.example.org:587", "to": "me@example.org"}


class ChannelDialog(Dialog):
    """A new one where none is given; one that is there stays of its kind, and keeps its secret unless another is
    typed.
    """

    def __init__(self, context: AppContext, channel: Channel | None, parent: QWidget) -> None:
        title = tr("Edit channel") if channel else tr("Add a channel")
        super().__init__(parent, title, tr("From now on you are told by it too."), width=560)
        self._context, self._channel = context, channel
        self._is_written = channel is not None
        self.kind = Segments(tr("Kind"), [(translate(WORDS[each]), each) for each in K], outlined=True)
        self.kind.choose(channel.kind if channel else K.DESKTOP)
        self.kind.setEnabled(channel is None)
        self.lines = {key: QLineEdit() for key in ("name", "command", "to", "sender", "server", "user")}
        self.secrets = {"address": SecretEdit(tr("Address")), "password": SecretEdit(tr("Password"))}
        self.security = Segments(
            tr("Security"), [("STARTTLS", "starttls"), ("TLS", "tls"), (tr("none"), "none")], outlined=True
        )
        self.about = wrapped("", "small")
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}
        self._lay_out_fields()
        self._fill_in(channel)
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Save") if channel else tr("Add"), "primary", self._save)
        self.kind.chosen.connect(lambda _kind: self._show_kind())
        for each in (*self.lines.values(), *(each.line for each in self.secrets.values())):
            each.textChanged.connect(lambda _text: self._on_typed())
        self._show_kind()

    def _lay_out_fields(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        fields = {
            "name": (tr("Name"), self.lines["name"]), "kind": (tr("Kind"), self.kind),
            "command": (tr("Command"), self.lines["command"]), "address": (tr("Address"), self.secrets["address"]),
            "to": (tr("To"), self.lines["to"]), "sender": (tr("From"), self.lines["sender"]),
            "server": (tr("Server"), self.lines["server"]), "security": (tr("Security"), self.security),
            "user": (tr("User"), self.lines["user"]), "password": (tr("Password"), self.secrets["password"]),
        }  # fmt: skip
        for number, (key, (word, widget)) in enumerate(fields.items()):
            named = label(word, "secondary")
            named.setBuddy(widget)
            widget.setAccessibleName(word)
            grid.addWidget(named, number, 0)
            grid.addWidget(widget, number, 1)
            self._rows[key] = named, widget
        grid.addWidget(self.about, len(fields), 1)
        self.body.addLayout(grid)

    def _fill_in(self, channel: Channel | None) -> None:
        for key, example in _EXAMPLES.items():
            self.lines[key].setPlaceholderText(example)
        self.lines["sender"].setPlaceholderText(tr("as the recipient"))
        self.lines["user"].setPlaceholderText(tr("none: no password is sent"))
        self.security.choose(channel.security if channel else "starttls")
        if channel is None:
            return
        for key, line in self.lines.items():
            line.setText(getattr(channel, key))
        for each in self.secrets.values():
            each.line.setPlaceholderText(tr("kept in the keyring; type another one to replace it"))

    # What it would be

    @property
    def _kind(self) -> ChannelKind:
        return K(str(self.kind.value))

    def _show_kind(self) -> None:
        shown = {"name", "kind", *_FIELDS[self._kind]}
        for key, pair in self._rows.items():
            for each in pair:
                each.setVisible(key in shown)
        about = {
            K.DESKTOP: tr("A message on this desktop; a click on it opens the execution. On Linux only so far."),
            K.COMMAND: tr("It gets the message as a line of JSON on its input, and title and body in its environment."),
            K.WEBHOOK: tr("A POST of JSON. The address is kept in the keyring: who knows it can write there."),
            K.MAIL: tr("Through a mail server of yours; the password is kept in the keyring."),
        }
        self.about.setText(about[self._kind])
        self._on_typed(is_written=False)

    def _made(self) -> Channel:
        text = {key: line.text().strip() for key, line in self.lines.items()}
        kept = {key: text[key] for key in _FIELDS[self._kind] if key in text}
        if self._kind is K.MAIL:
            kept |= {"sender": text["sender"] or text["to"], "security": str(self.security.value)}
        return Channel(text["name"], self._kind, **kept)

    @property
    def _secret(self) -> str:
        key = {K.WEBHOOK: "address", K.MAIL: "password"}.get(self._kind)
        return self.secrets[key].line.text().strip() if key is not None else ""

    def _problem_of(self) -> str:
        """Why it could not be sent by; "" where it could."""
        try:
            made = rules.check(self._made())
            if self._kind is K.WEBHOOK and (self._secret or self._channel is None):
                rules.check_url(self._secret)
        except Invalid as error:
            return translate(error.sentence)
        if made.user and not self._secret and (self._channel is None or not self._channel.secret):
            return tr("A user needs a password.")
        return ""

    def _on_typed(self, *, is_written: bool = True) -> None:
        """Of what nobody wrote yet only that it does not do."""
        self._is_written = self._is_written or is_written
        self.show_problem(self._problem_of() if self._is_written else "")

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and not self._problem_of()

    # Saving

    def _save(self) -> None:
        made, secret = self._made(), self._secret
        if self._channel is None:
            command = partial(channels.add_channel, made, secret)
        else:
            command = partial(channels.edit_channel, self._channel.name, made, secret)
        self.set_busy(True)
        self._context.run(self, command, lambda _made: self.accept(), self.refuse)
