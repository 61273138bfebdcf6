"""The tab Config: a field for each setting, checked while it is typed, saved together."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from smartspec.changes import Topic
from smartspec.commands import configs
from smartspec.domain import times
from smartspec.domain.config import Setting, ValueType
from smartspec.domain.jsontext import Json
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.actions import Handler, shortcut_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.config_dialogs import AddSettingDialog, AsOfDialog, HistoryDialog
from smartspec.gui.pages.workflows.setting import SettingRow
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, number
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.dialogs import confirm
from smartspec.gui.widgets.inputs import search_field
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import sentences, tr, translate, trn

_WIDE = 800


class ConfigEditor(WorkflowTab):
    """`changed`: also what is typed and not saved is another now."""

    topics = frozenset({Topic.CONFIGS, Topic.VERSIONS})

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._as_of: datetime | None = None
        self.rows: dict[str, SettingRow] = {}
        self.search = search_field(tr("Filter keys"), tr("Filter keys"))
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self._narrow_down)
        self.only_changed = Chip(tr("Changed"), "pencil-simple")
        self.only_secrets = Chip(tr("Secrets"), "key")
        for chip in (self.only_changed, self.only_secrets):
            chip.toggled.connect(self._narrow_down)
        self._count = label("", "caption")
        self.as_of = Chip(tr("As of…"), "clock-counter-clockwise", checkable=True)
        self.as_of.clicked.connect(self._ask_as_of)
        self.add_button = button(tr("Add value"), "", "plus", self.add)
        self.more = icon_button("dots-three", tr("More"), self._show_more)
        self._state = label("", "secondary")
        self._wrong = label("", "error")
        self.cancel_button = button(tr("Cancel"), "ghost", then=self.cancel)
        self.save_button = button(tr("Save"), "primary", then=self.save)
        self.tools.setLayout(row(None, self._state, self._wrong, self.cancel_button, self.save_button))
        self._inner = QWidget()
        self._list = QVBoxLayout(self._inner)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(self._inner)
        self.states = ContentStates(area)
        top = frame("surface")
        top.setLayout(row(self.search, self.only_changed, self.only_secrets, None, self._count, self.as_of,
                          self.add_button, self.more, margins=(20, 6, 14, 6)))  # fmt: skip
        head = frame("surface")
        words = row(spacing=8, margins=(28, 5, 14, 5))
        for word, stretch in ((tr("Key"), 9), (tr("Type"), 5), (tr("Value"), 17), (tr("Description"), 14)):
            words.addWidget(label(word, "caption"), stretch)
        head.setLayout(words)
        self.setLayout(column(top, line(), head, line(), self.states, spacing=0, fill=self.states))

    # Reading

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        other = self._workflow is None or workflow.id != self._workflow.id
        self._workflow = workflow
        if other:
            self._as_of = None
            self._clear()
        self.invalidate()

    def reload(self) -> None:
        if self._workflow is None:
            return
        if not self.rows:
            self.states.show_loading()
        read = partial(_read_settings, self._workflow.id, self._as_of, self.context.workspace)
        self.context.run(self, read, partial(self._show_settings, self._workflow.id),
                      lambda error: self.states.show_error(error, self.invalidate))  # fmt: skip

    def _show_settings(self, id_: str, found: tuple[Setting, ...]) -> None:
        if self._workflow is None or id_ != self._workflow.id:
            return
        keys = [each.key for each in found]
        if keys != [*self.rows]:
            kept = {key: each.text for key, each in self.rows.items() if each.is_dirty}
            self._clear()
            for setting in found:
                self._add_row(setting)
                if setting.key in kept:
                    self.rows[setting.key].type_text(kept[setting.key])
            self._list.addStretch(1)
        else:
            for setting in found:
                self.rows[setting.key].show_setting(setting)
        for each in self.rows.values():
            each.setEnabled(self._as_of is None)
        if found:
            self.states.show_content()
        else:
            self.states.show_empty(
                "sliders-horizontal", tr("No settings yet"),
                tr("The definition declares them under `config`, or you add one here."),
                (tr("Add value"), self.add),
            )  # fmt: skip
        moment = ago(self._as_of, times.now()) if self._as_of else tr("now")
        self._count.setText(trn("{n} value · as of {moment}", "{n} values · as of {moment}", len(found), moment=moment))
        self.as_of.setChecked(self._as_of is not None)
        self._narrow_down()
        self._show_edits()

    def _add_row(self, setting: Setting) -> None:
        assert self._workflow is not None
        made = SettingRow(setting)
        made.edited.connect(self._show_edits)
        made.forget_asked.connect(partial(self.forget, setting.key))
        made.history_asked.connect(partial(self.show_history, setting.key))
        self.rows[setting.key] = made
        self._list.addWidget(made)

    def _clear(self) -> None:
        self.rows = {}
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()

    def _narrow_down(self) -> None:
        words = self.search.text().lower()
        for key, each in self.rows.items():
            fits = words in key.lower() or words in (each.setting.description or "").lower()
            fits = fits and (not self.only_changed.isChecked() or each.is_dirty or each.setting.source == "saved")
            fits = fits and (not self.only_secrets.isChecked() or each.setting.value_type is ValueType.SECRET)
            each.setVisible(fits)

    # What is not saved

    @property
    def dirty(self) -> list[SettingRow]:
        return [each for each in self.rows.values() if each.is_dirty]

    @property
    def is_dirty(self) -> bool:
        return bool(self.dirty)

    def _show_edits(self) -> None:
        dirty = self.dirty
        wrong = [each for each in dirty if each.problem]
        self._state.setText(trn("● {n} unsaved change", "● {n} unsaved changes", len(dirty)) if dirty else "")
        self._wrong.setText(trn("fix {n} problem to save", "fix {n} problems to save", len(wrong)) if wrong else "")
        self._fit_tools()
        for each in (self.cancel_button, self.save_button):
            each.setVisible(bool(dirty))
        self.save_button.setEnabled(not wrong)
        why = plain_tip(f"{wrong[0].setting.key}: {wrong[0].problem}") if wrong else ""
        self.save_button.setToolTip(why or shortcut_text(self.context.actions["save"]))
        saved = sum(each.setting.source == "saved" for each in self.rows.values())
        self.only_changed.set_count(number(saved) if saved else "")
        secrets = sum(each.setting.value_type is ValueType.SECRET for each in self.rows.values())
        self.only_secrets.set_count(number(secrets) if secrets else "")
        self.only_secrets.setVisible(bool(secrets))
        self.changed.emit()

    def _fit_tools(self) -> None:
        """In a narrow window what is wrong stands at its field, and in the tooltip of Save."""
        self._wrong.setVisible(self.width() >= _WIDE)

    def handlers(self) -> dict[str, Handler]:
        return {"save": self.save, "find": self.search.setFocus}

    def disabled(self) -> set[str]:
        return set() if self.is_dirty and not any(each.problem for each in self.dirty) else {"save"}

    def save(self) -> None:
        """All that was changed, each with its row in the history of values."""
        if self._workflow is None or any(each.problem for each in self.dirty):
            return
        values = {each.setting.key: (each.value, each.setting.value_type.value) for each in self.dirty}
        command = partial(_save, self._workflow.id, values, self.context.workspace)
        self.context.run(self, command, lambda _: self._on_saved(), self._on_save_failed)

    def _on_saved(self) -> None:
        for each in self.dirty:
            each.settle()
        self.invalidate()
        self._show_edits()
        self.context.notifications.toast(tr("Saved the settings"), None, "floppy-disk")

    def _on_save_failed(self, error: SmartSpecError) -> None:
        self.context.notifications.notify_error(error)
        self.invalidate()

    def cancel(self) -> None:
        for each in self.dirty:
            each.reset()
        self._show_edits()

    # One setting

    def add(self) -> None:
        if self._workflow is not None:
            dialog = AddSettingDialog([*self.rows], self)
            dialog.given.connect(self._on_given)
            dialog.open()

    def _on_given(self, key: str, kind: str, text: str, description: str) -> None:
        assert self._workflow is not None
        command = partial(
            configs.set_config, self._workflow.id, key, text, value_type=kind, description=description or None,
            workspace=self.context.workspace,
        )  # fmt: skip
        self.context.run(self, command)

    def forget(self, key: str) -> None:
        """Back to the default, or gone where none is declared. Undo sets it again; a secret is gone for good."""
        if self._workflow is None:
            return
        setting = self.rows[key].setting
        id_, workspace = self._workflow.id, self.context.workspace
        secret = setting.value_type is ValueType.SECRET
        if secret and not confirm(self, tr("Forget the secret {key}?", key=key),
                                  tr("It is removed from the keyring of this machine; this cannot be undone."),
                                  tr("Forget")):  # fmt: skip
            return

        def undo() -> None:
            put = partial(
                configs.set_config, id_, key, setting.value, value_type=setting.value_type.value, workspace=workspace
            )
            self.context.run(self.context.notifications, put)

        told = tr("Forgot the value of {key}", key=key)
        self.context.run(
            self, partial(configs.delete_config, id_, key, workspace),
            lambda _: self.context.notifications.toast(told, None if secret else undo, "trash"),
        )  # fmt: skip

    def _show_more(self) -> None:
        menu = popup_menu(self)
        forget = menu.addAction(icons.icon("trash"), tr("Forget all saved values…"), self.forget_all)
        forget.setEnabled(any(each.setting.source == "saved" for each in self.rows.values()))
        show_below(menu, self.more)

    def forget_all(self) -> None:
        """Back to the defaults with all of them, after a question: secrets among them do not come back."""
        if self._workflow is None:
            return
        saved = [each.setting for each in self.rows.values() if each.setting.source == "saved"]
        one = tr("Forget the saved value of {key}?", key=saved[0].key if saved else "")
        many = trn("Forget {n} saved value?", "Forget all {n} saved values?", len(saved))
        headline = one if len(saved) == 1 else many
        meaning = tr("The defaults of the definition hold again. What was saved stays in the history of each value.")
        if any(each.value_type is ValueType.SECRET for each in saved):
            lost = tr("Secrets are removed from the keyring of this machine, and do not come back.")
            meaning = translate(sentences([meaning, lost]))
        if saved and confirm(self, headline, meaning, tr("Forget")):
            command = partial(configs.delete_all_configs, self._workflow.id, self.context.workspace)
            self.context.run(self, command, lambda count: self.context.notifications.toast(
                trn("Forgot {n} value", "Forgot {n} values", count), None, "trash"
            ))  # fmt: skip

    def show_history(self, key: str) -> None:
        if self._workflow is not None:
            read = partial(configs.config_history, self._workflow.id, key, self.context.workspace)
            self.context.run(self, read, lambda found: HistoryDialog(key, found, self).open())

    def _ask_as_of(self) -> None:
        if self._as_of is not None:
            self._as_of = None
            self._clear()
            self.invalidate()
            return
        self.as_of.setChecked(False)
        dialog = AsOfDialog(self)
        dialog.given.connect(self._on_as_of)
        dialog.open()

    def _on_as_of(self, moment: datetime) -> None:
        self.cancel()
        self._as_of = moment
        self._clear()
        self.invalidate()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()


def _read_settings(ref: str, as_of: datetime | None, workspace: str) -> tuple[Setting, ...]:
    found = configs.list_configs(ref, workspace)
    if as_of is None:
        return found
    then = configs.configs_as_of(ref, as_of, workspace)
    known = {each.key: each for each in found}
    return tuple(_then(key, then, known.get(key)) for key in dict.fromkeys([*known, *then]))


def _then(key: str, then: dict[str, Json], now: Setting | None) -> Setting:
    """A setting with the value it had at a moment."""
    kind = now.value_type if now else ValueType.JSON
    declared, default = (now.declared, now.default) if now else (False, None)
    value, source = (then[key], "saved") if key in then else (default, "default")
    return Setting(key, kind, value, source, declared, default, now.description if now else None, None)


def _save(ref: str, values: dict[str, tuple[Json, str]], workspace: str) -> None:
    for key, (value, kind) in values.items():
        configs.set_config(ref, key, value, value_type=kind, workspace=workspace)
