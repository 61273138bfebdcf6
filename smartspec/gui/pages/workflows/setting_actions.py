"""What can be done with one setting, or with all that are saved: add, set, forget, show, look back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from smartspec.commands import configs, session_secrets
from smartspec.commands.configs import MissingSecret
from smartspec.domain.config import Setting, ValueType, secret_variables
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.config_dialogs import AddSettingDialog, HistoryDialog
from smartspec.gui.pages.workflows.secret_dialog import ask_for_secret
from smartspec.gui.widgets.dialogs import confirm
from smartspec.messages import sentences, tr, translate, trn

_SECRET = ValueType.SECRET


class SettingActions(QObject):
    """`done`: what is kept in memory only was changed, of which nobody else hears."""

    done = Signal()

    def __init__(self, context: AppContext, pane: QWidget) -> None:
        super().__init__(pane)
        self._context, self._pane = context, pane
        self._workflow: Workflow | None = None

    def show(self, workflow: Workflow) -> None:
        self._workflow = workflow

    @property
    def _where(self) -> tuple[str, str]:
        assert self._workflow is not None
        return self._workflow.id, self._context.workspace

    def add(self, taken: list[str]) -> None:
        id_, workspace = self._where

        def add(key: str, kind: str, text: str, description: str, dialog: AddSettingDialog) -> None:
            command = partial(configs.set_config, id_, key, text, value_type=kind, description=description or None,
                              workspace=workspace)  # fmt: skip
            self._context.run(self, command, lambda _: dialog.accept(), dialog.refuse)

        AddSettingDialog(taken, add, self._pane).open()

    # Secrets

    def set_secret(self, setting: Setting) -> None:
        assert self._workflow is not None
        variable = secret_variables(self._workflow.ref, setting.key)[0]
        secret = MissingSecret(self._workflow.ref, setting.key, setting.description, variable)
        ask_for_secret(self._context, secret, tr("Set"), partial(self._on_secret_set, setting.key), self._pane)

    def _on_secret_set(self, key: str) -> None:
        self.done.emit()
        self._context.notifications.toast(tr("Set the secret {key}", key=key), None, "key")

    # Forgetting

    def forget(self, setting: Setting) -> None:
        """Back to the default, or gone where none is declared. Undo sets it again; a secret is gone for good."""
        if setting.source == "session":
            self._forget_session(setting.key)
            return
        id_, workspace = self._where
        key, is_secret = setting.key, setting.value_type is _SECRET
        if is_secret and not confirm(
            self._pane, tr("Forget the secret {key}?", key=key),
            tr("It is removed from the keyring of this machine; this cannot be undone."), tr("Forget"),
        ):  # fmt: skip
            return

        def undo() -> None:
            put = partial(configs.set_config, id_, key, setting.value, value_type=setting.value_type.value,
                          workspace=workspace)  # fmt: skip
            self._context.run(self._context.notifications, put)

        told = tr("Forgot the value of {key}", key=key)
        self._context.run(
            self, partial(configs.delete_config, id_, key, workspace),
            lambda _: self._context.notifications.toast(told, None if is_secret else undo, "trash"),
        )  # fmt: skip

    def _forget_session(self, key: str) -> None:
        id_, workspace = self._where

        def on_forgotten(_: bool) -> None:
            self.done.emit()
            self._context.notifications.toast(tr("Forgot the secret {key}", key=key), None, "trash")

        self._context.run(self, partial(session_secrets.forget_session_secret, id_, key, workspace), on_forgotten)

    def forget_all(self, saved: list[Setting]) -> None:
        """Back to the defaults with all of them, after a question: secrets among them do not come back."""
        id_, workspace = self._where
        one = tr("Forget the saved value of {key}?", key=saved[0].key if saved else "")
        many = trn("Forget {n} saved value?", "Forget all {n} saved values?", len(saved))
        meaning = tr("The defaults of the definition hold again. What was saved stays in the history of each value.")
        if any(each.value_type is _SECRET for each in saved):
            lost = tr("Secrets are removed from the keyring of this machine, and do not come back.")
            meaning = translate(sentences([meaning, lost]))
        if saved and confirm(self._pane, one if len(saved) == 1 else many, meaning, tr("Forget")):
            command = partial(configs.delete_all_configs, id_, workspace)
            self._context.run(self, command, lambda count: self._context.notifications.toast(
                trn("Forgot {n} value", "Forgot {n} values", count), None, "trash"
            ))  # fmt: skip

    def show_history(self, key: str) -> None:
        id_, workspace = self._where
        read = partial(configs.config_history, id_, key, workspace)
        self._context.run(self, read, lambda found: HistoryDialog(key, found, self._pane).open())
