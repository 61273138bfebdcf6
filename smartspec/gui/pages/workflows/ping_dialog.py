"""Where the pings of a workflow are sent: an address for the keyring, or the variable that holds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from smartspec.commands import pings, secrets
from smartspec.domain.ping import SECONDS, check_url, check_variable
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.gui.core.context import AppContext
from smartspec.gui.widgets.choice_card import ChoiceCard, choice_cards
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.secret_edit import SecretEdit
from smartspec.messages import tr, translate, trn


class PingDialog(Dialog):
    """`then` is called once they are sent there. `has_keyring`: this machine keeps secrets."""

    def __init__(
        self, context: AppContext, workflow: Workflow, has_keyring: bool, then: Callable[[], object], parent: QWidget
    ) -> None:
        caption = tr("A service elsewhere is asked for a page, and notices when it no longer is.")
        super().__init__(parent, tr("Pings of {name}", name=workflow.name), caption, width=560)
        self._context, self._workflow, self._then = context, workflow, then
        self.field, self.variable = SecretEdit(tr("Web address")), QLineEdit()
        self.variable.setAccessibleName(tr("Name of the variable"))
        self.in_keyring = ChoiceCard(tr("In the keyring"), tr("Type or paste the address here."))
        self.in_variable = ChoiceCard(tr("In a variable"), tr("Of the environment of whoever starts an execution."))
        self._name = label("", "secondary")
        self._lay_out_ping(has_keyring)
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Send pings"), "primary", self._set_ping)
        self.field.line.textChanged.connect(self._check_ping)
        self.variable.textChanged.connect(self._check_ping)
        self._show_place()

    def _lay_out_ping(self, has_keyring: bool) -> None:
        self.in_keyring.setEnabled(has_keyring)
        (self.in_keyring if has_keyring else self.in_variable).setChecked(True)
        self.body.addWidget(label(tr("Where the address is"), "secondary"))
        self.body.addWidget(choice_cards(tr("Where the address is"), [self.in_keyring, self.in_variable]))
        if not has_keyring:
            self.body.addWidget(wrapped(tr("This machine has no keyring that keeps secrets."), "small"))
        self.body.addSpacing(6)
        for each in (self._name, self.field, self.variable):
            self.body.addWidget(each)
        self.body.addSpacing(6)
        self.body.addWidget(wrapped(
            tr("It is asked for when an execution completes, with /start behind it when one begins and /fail when one"
               " fails. Nothing is sent but that request: no name, no output."), "small",
        ))  # fmt: skip
        limit = trn(
            "A ping that is not answered within {n} second is given up and changes nothing.",
            "A ping that is not answered within {n} seconds is given up and changes nothing.", SECONDS,
        )  # fmt: skip
        self.body.addWidget(wrapped(limit, "small"))
        self.in_keyring.toggled.connect(self._show_place)

    @property
    def _is_in_keyring(self) -> bool:
        return self.in_keyring.isChecked()

    @property
    def _shown_line(self) -> QLineEdit:
        return self.field.line if self._is_in_keyring else self.variable

    def _show_place(self) -> None:
        self.field.setVisible(self._is_in_keyring)
        self.variable.setVisible(not self._is_in_keyring)
        self._name.setText(tr("Web address") if self._is_in_keyring else tr("Name of the variable"))
        self._name.setBuddy(self._shown_line)
        self._check_ping()

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and bool(self._shown_line.text())

    def _check_ping(self) -> None:
        self.show_problem(self._problem_of_ping() if self._shown_line.text() else "")

    def _problem_of_ping(self) -> str:
        try:
            check_url(self.field.line.text()) if self._is_in_keyring else check_variable(self.variable.text())
        except Invalid as error:
            return translate(error.sentence)
        return ""

    def _set_ping(self) -> None:
        given = {"url": self.field.line.text()} if self._is_in_keyring else {"variable": self.variable.text()}
        command = partial(pings.set_ping, self._workflow.id, workspace=self._context.workspace, **given)
        self.set_busy(True)
        self._context.run(self, command, lambda _: self._on_ping_set(), self.refuse)

    def _on_ping_set(self) -> None:
        self.accept()
        self._then()


def ask_for_address(context: AppContext, workflow: Workflow, then: Callable[[], object], parent: QWidget) -> None:
    """Open the dialog, once it is known whether this machine has a keyring."""

    def show(has_keyring: bool) -> None:
        PingDialog(context, workflow, has_keyring, then, parent).open()

    context.run(parent, secrets.has_keyring, show, worker="slow")
