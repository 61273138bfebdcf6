"""Set a secret in place: into the keyring, or for this session where there is none or it is not wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QWidget

from smartspec.commands import configs, secrets, session_secrets
from smartspec.commands.configs import MissingSecret
from smartspec.domain.config import ValueType
from smartspec.domain.masking import SHORTEST_SECRET
from smartspec.errors import NoKeyring, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.choice_card import ChoiceCard, choice_cards
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.secret_edit import SecretEdit
from smartspec.messages import tr, trn
from smartspec.value import frozen


@frozen
class SecretPlaces:
    """Where this machine can keep a secret."""

    keyring: bool
    memory: bool


def read_places() -> SecretPlaces:
    return SecretPlaces(secrets.has_keyring(), session_secrets.stays_in_memory())


class SecretDialog(Dialog):
    """`then` is called once it is set. `verb` is what the button says."""

    def __init__(
        self, context: AppContext, secret: MissingSecret, places: SecretPlaces, verb: str,
        then: Callable[[], object], parent: QWidget,
    ) -> None:  # fmt: skip
        caption = " · ".join(filter(None, (secret.ref, secret.description)))
        super().__init__(parent, tr("Set the secret {key}", key=secret.key), caption, width=520)
        self._context, self._secret, self._then = context, secret, then
        self.field = SecretEdit(tr("Value"))
        name = label(tr("Value"), "secondary")
        name.setBuddy(self.field.line)
        for each in (name, self.field):
            self.body.addWidget(each)
        self.in_keyring = ChoiceCard(
            tr("In the keyring"), tr("Of this machine, until you forget it. The database never holds it.")
        )
        self.for_session = ChoiceCard(tr("For this session"), _session_meaning(places))
        self._lay_out_places(places)
        self.add_button(tr("Cancel"), then=self.reject)
        self.set_button = self.add_button(verb, "primary", self._set)
        self.field.line.textChanged.connect(self._check_secret)
        self.field.line.setFocus()
        self._enable_primary()

    def _lay_out_places(self, places: SecretPlaces) -> None:
        self.body.addSpacing(6)
        if places.keyring:
            self.in_keyring.setChecked(True)
            self.body.addWidget(label(tr("Where to keep it"), "secondary"))
            self.body.addWidget(choice_cards(tr("Where to keep it"), [self.in_keyring, self.for_session]))
            return
        self.for_session.setChecked(True)
        self.body.addWidget(label(tr("Where it is kept"), "secondary"))
        self.body.addWidget(choice_cards(tr("Where it is kept"), [self.for_session]))
        self.body.addWidget(wrapped(
            tr("This machine has no keyring that keeps secrets (GNOME Keyring or KWallet would). To have it without"
               " typing, give it in this variable before SmartSpec starts:"), "small",
        ))  # fmt: skip
        variable = wrapped(self._secret.variable, "mono")
        copy = button(tr("Copy"), "", "copy", self._copy_variable)
        copy.setAccessibleName(tr("Copy the name of the variable"))
        line = row(variable, copy)
        line.setStretch(0, 1)
        self.body.addLayout(line)

    def _copy_variable(self) -> None:
        QApplication.clipboard().setText(self._secret.variable)
        self._context.notifications.toast(tr("Copied the name of the variable"), None, "copy")

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and len(self.field.line.text()) >= SHORTEST_SECRET

    def _check_secret(self) -> None:
        text = self.field.line.text()
        short = 0 < len(text) < SHORTEST_SECRET
        self.show_problem(
            trn("At least {n} character: a shorter one could not be masked in logs",
                "At least {n} characters: a shorter one could not be masked in logs", SHORTEST_SECRET)
            if short else ""
        )  # fmt: skip
        self._enable_primary()

    def _set(self) -> None:
        given = self._secret.ref, self._secret.key, self.field.line.text()
        if self.for_session.isChecked():
            command = partial(session_secrets.set_session_secret, *given, self._context.workspace)
        else:
            command = partial(_into_keyring, *given, self._context.workspace)
        self.set_busy(True)
        self._context.run(self, command, lambda _: self._on_set(), self._on_refused)

    def _on_set(self) -> None:
        self.accept()
        self._then()

    def _on_refused(self, error: SmartSpecError) -> None:
        if isinstance(error, NoKeyring):
            self.for_session.setChecked(True)
        self.refuse(error)


def _into_keyring(ref: str, key: str, value: str, workspace: str) -> None:
    """One for this session would hold before it: that is forgotten."""
    configs.set_config(ref, key, value, value_type=ValueType.SECRET, workspace=workspace)
    session_secrets.forget_session_secret(ref, key, workspace)


def _session_meaning(places: SecretPlaces) -> str:
    if places.memory:
        return tr("In memory until SmartSpec is closed, never on the disk. What you start from here is given it.")
    return tr("In memory until SmartSpec is closed. What you start from here keeps it in a file that only you can"
              " read, until it has ended.")  # fmt: skip


def ask_for_secret(
    context: AppContext, secret: MissingSecret, verb: str, then: Callable[[], object], parent: QWidget
) -> None:
    """Open the dialog, once it is known what this machine has."""

    def show(places: SecretPlaces) -> None:
        SecretDialog(context, secret, places, verb, then, parent).open()

    context.run(parent, read_places, show, worker="slow")


def ask_for_missing(context: AppContext, ref: str, again: Callable[[], object], otherwise: Callable[[], object],
                    parent: QWidget) -> None:  # fmt: skip
    """Ask for every secret that a start misses, one after another, then do it again; where none is missing,
    `otherwise`."""

    def ask(missing: tuple[MissingSecret, ...]) -> None:
        if not missing:
            otherwise()
            return
        rest = missing[1:]
        verb = tr("Set and run") if not rest else tr("Set, and the next")
        then = partial(ask, rest) if rest else again
        ask_for_secret(context, missing[0], verb, then, parent)

    context.run(parent, partial(configs.missing_secrets, ref, context.workspace), ask)
