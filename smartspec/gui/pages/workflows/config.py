"""The tab Config: a field for each setting, checked while it is typed, saved together."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from smartspec.changes import Topic
from smartspec.commands import configs
from smartspec.domain import times
from smartspec.domain.version import Version
from smartspec.domain.workflow import Workflow
from smartspec.errors import SmartSpecError
from smartspec.gui.core.actions import Handler, shortcut_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.config_dialogs import AsOfDialog
from smartspec.gui.pages.workflows.ping_row import PingRow
from smartspec.gui.pages.workflows.secret_editor import SecretEditor
from smartspec.gui.pages.workflows.setting import SettingRow
from smartspec.gui.pages.workflows.setting_actions import SettingActions
from smartspec.gui.pages.workflows.setting_columns import columns_for
from smartspec.gui.pages.workflows.setting_list import SettingHead, SettingList
from smartspec.gui.pages.workflows.settings_reading import SettingsRead, read_settings
from smartspec.gui.pages.workflows.tab import WorkflowTab
from smartspec.gui.pages.workflows.unsaved_settings import UnsavedSettings
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, number
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label, plain_tip
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, trn

_WIDE = 800


class ConfigEditor(WorkflowTab):
    """`changed`: also what is typed and not saved is another now."""

    topics = frozenset({Topic.CONFIGS, Topic.VERSIONS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._workflow: Workflow | None = None
        self._as_of: datetime | None = None
        self._unsaved = UnsavedSettings(context.ui_state)
        self._shown: int | None = None
        self.setting_actions = SettingActions(context, self)
        self.setting_actions.done.connect(self.invalidate)
        self.search = search_field(tr("Filter keys"), tr("Filter keys"))
        self.search.setMinimumWidth(124)
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self._narrow_down)
        self.only_changed = Chip(tr("Changed"), "pencil-simple")
        self.only_secrets = Chip(tr("Secrets"), "key")
        for chip in (self.only_changed, self.only_secrets):
            chip.toggled.connect(self._narrow_down)
        self._count = Elided("caption", takes_its_width=True)
        self.as_of = Chip(tr("As of…"), "clock-counter-clockwise", checkable=True)
        self.as_of.clicked.connect(self._ask_as_of)
        self.add_button = button(tr("Add value"), "", "plus", self.add)
        self.more = icon_button("dots-three", tr("More"), self._show_more)
        self._dot = Icon("circle-fill", "retrying", 8)
        self._state = label("", "secondary")
        self._wrong = label("", "error")
        self.cancel_button = button(tr("Cancel"), "ghost", then=self.cancel)
        self.save_button = button(tr("Save"), "primary", then=self.save)
        self.tools.setLayout(row(None, self._dot, self._state, self._wrong, self.cancel_button, self.save_button))
        self.head, self._list = SettingHead(), SettingList()
        self._list.edited.connect(self._show_edits)
        self._list.made.connect(self._connect_row)
        self._list.completed.connect(self._show_whole)
        self.states = ContentStates(self._list)
        self.pings = PingRow(context)
        top = self._top = frame("surface")
        top.setLayout(row(self.search, self.only_changed, self.only_secrets, None, self._count, self.as_of,
                          self.add_button, self.more, margins=(20, 6, 14, 6)))  # fmt: skip
        self.setLayout(column(top, line(), self.head, line(), self.states, line(), self.pings, spacing=0,
                              fill=self.states))  # fmt: skip

    # Reading

    def show_workflow(self, workflow: Workflow, version: Version | None) -> None:
        other = self._workflow is None or workflow.id != self._workflow.id
        self._workflow = workflow
        self.setting_actions.show(workflow)
        self.pings.show_workflow(workflow)
        if other:
            self._as_of = self._shown = None
            self._list.clear()
        self.invalidate()

    def reload(self) -> None:
        if self._workflow is None:
            return
        if not self.rows:
            self.states.show_loading()
        read = partial(read_settings, self._workflow.id, self._as_of, self.context.workspace)
        self.context.run(self, read, partial(self._show_settings, self._workflow.id, self._as_of),
                      lambda error: self.states.show_error(error, self.invalidate))  # fmt: skip

    def _show_settings(self, id_: str, as_of: datetime | None, read: SettingsRead) -> None:
        if self._workflow is None or id_ != self._workflow.id or as_of != self._as_of:
            return
        found, can_edit = read.settings, as_of is None
        self._list.show_settings(found, read.changes, self._unsaved.of(id_) if can_edit else {}, can_edit=can_edit)
        if not found:
            self.states.show_empty(
                "sliders-horizontal", tr("No settings yet"),
                tr("The definition declares them under `config`, or you add one here."),
                (tr("Add value"), self.add),
            )  # fmt: skip
        self._shown = len(found)
        self.show_ages()
        self.as_of.setChecked(self._as_of is not None)
        self._show_whole()

    def _show_whole(self) -> None:
        """What is said of all that there are by now."""
        self._narrow_down()
        self._show_edits()

    def show_ages(self) -> None:
        if self._shown is None:
            return
        moment = ago(self._as_of, times.now()) if self._as_of else tr("now")
        self._count.setText(
            trn("{n} value · as of {moment}", "{n} values · as of {moment}", self._shown, moment=moment)
        )
        for each in self.rows.values():
            each.tell_purpose()
        self.pings.show_ages()

    def _connect_row(self, made: SettingRow) -> None:
        key = made.setting.key
        made.forget_asked.connect(partial(self.forget, key))
        made.set_asked.connect(lambda: self.setting_actions.set_secret(made.setting))
        made.reveal_asked.connect(partial(self._reveal, key))
        made.history_asked.connect(partial(self.show_history, key))

    def _narrow_down(self) -> None:
        some_fit = self._list.narrow_down(
            self.search.text(), only_changed=self.only_changed.isChecked(), only_secrets=self.only_secrets.isChecked()
        )
        if some_fit:
            self.states.show_content()
        elif self.rows:
            self.states.show_empty(
                "magnifying-glass", tr("No value fits the filter"), "", (tr("Clear the filter"), self._clear_filter)
            )

    def _clear_filter(self) -> None:
        self.only_changed.setChecked(False)
        self.only_secrets.setChecked(False)
        self.search.clear()

    # What is not saved

    @property
    def rows(self) -> dict[str, SettingRow]:
        """By key."""
        return self._list.rows

    @property
    def is_dirty(self) -> bool:
        return bool(self._list.dirty)

    def _show_edits(self) -> None:
        dirty = self._list.dirty
        wrong = [each for each in dirty if each.problem]
        self._keep_unsaved()
        self._tell_unsaved()
        self._wrong.setText(trn("fix {n} problem to save", "fix {n} problems to save", len(wrong)) if wrong else "")
        self._fit_tools()
        for each in (self.cancel_button, self.save_button):
            each.setVisible(bool(dirty))
        self.save_button.setEnabled(not wrong)
        why = plain_tip(f"{wrong[0].setting.key}: {wrong[0].problem}") if wrong else ""
        self.save_button.setToolTip(why or shortcut_text(self.context.actions["save"]))
        saved, secrets = self._list.changed_count, self._list.secret_count
        self.only_changed.set_count(number(saved) if saved else "")
        self.only_secrets.set_count(number(secrets) if secrets else "")
        self.only_secrets.setVisible(bool(secrets))
        self._fit_top()
        self.changed.emit()

    def _keep_unsaved(self) -> None:
        """Whatever is shown in its place: another workflow, or the past."""
        if self._workflow is not None and self._as_of is None:
            of = self._workflow.id
            waiting = {key: text for key, text in self._unsaved.of(of).items() if key not in self.rows}
            typed = {each.setting.key: each.text for each in self._list.dirty}
            self._unsaved.keep(of, typed if self._list.is_whole else waiting | typed)

    def _tell_unsaved(self) -> None:
        """Also while the past is shown, in which nothing can be saved."""
        count = len(self._unsaved.of(self._workflow.id)) if self._workflow is not None else 0
        self._dot.setVisible(bool(count))
        self._state.setText(trn("{n} unsaved change", "{n} unsaved changes", count) if count else "")
        self._state.setToolTip(tr("Kept until you are back from the past.") if self._as_of is not None else "")

    def _fit_top(self) -> None:
        """How many there are, which gives way, has its room first."""
        self._count.setMinimumWidth(self._count.sizeHint().width())
        narrowing = (self.only_changed, self.only_secrets)
        if not fold_in_turn(self._top, [self.add_button], narrowing, [self.as_of]):
            self._count.setMinimumWidth(0)

    def _fit_tools(self) -> None:
        """In a narrow window what is wrong stands at its field, and in the tooltip of Save."""
        self._wrong.setVisible(self.width() >= _WIDE)

    def handlers(self) -> dict[str, Handler]:
        return {"save": self.save, "find": self.search.setFocus}

    def disabled(self) -> set[str]:
        return set() if self.is_dirty and not any(each.problem for each in self._list.dirty) else {"save"}

    def save(self) -> None:
        """All that was changed, each with its row in the history of values."""
        if self._workflow is None or any(each.problem for each in self._list.dirty):
            return
        values = {each.setting.key: each.value for each in self._list.dirty}
        types = {each.setting.key: each.setting.value_type.value for each in self._list.dirty}
        command = partial(configs.set_configs, self._workflow.id, values, value_types=types,
                          workspace=self.context.workspace)  # fmt: skip
        self.context.run(self, command, partial(self._on_saved, self._workflow.id), self._on_save_failed)

    def _on_saved(self, id_: str, _saved: object) -> None:
        if self._workflow is not None and self._workflow.id == id_:
            self.invalidate()
            self._show_edits()
        self.context.notifications.toast(tr("Saved the settings"), None, "floppy-disk")

    def _on_save_failed(self, error: SmartSpecError) -> None:
        self.context.notifications.notify_error(error)
        self.invalidate()

    def cancel(self) -> None:
        for each in self._list.dirty:
            each.reset()
        self._show_edits()

    # One setting

    def add(self) -> None:
        if self._workflow is not None:
            self._list.finish()
            self.setting_actions.add([*self.rows])

    def forget(self, key: str) -> None:
        self.setting_actions.forget(self.rows[key].setting)

    def _show_more(self) -> None:
        menu = popup_menu(self)
        forget = menu.addAction(icons.icon("trash"), tr("Forget all saved values…"), self.forget_all)
        forget.setEnabled(bool(self._list.saved))
        show_below(menu, self.more)

    def forget_all(self) -> None:
        if self._workflow is not None:
            self.setting_actions.forget_all(self._list.saved)

    def show_history(self, key: str) -> None:
        if self._workflow is not None:
            self.setting_actions.show_history(key)

    def _reveal(self, key: str) -> None:
        if self._workflow is not None:
            read = partial(configs.reveal_secret, self._workflow.id, key, self.context.workspace)
            self.context.run(self, read, partial(self._show_secret, self._workflow.id, key))

    def _show_secret(self, id_: str, key: str, value: str) -> None:
        editor = self.rows[key].editor if key in self.rows else None
        if self._workflow is not None and id_ == self._workflow.id and isinstance(editor, SecretEditor):
            editor.show_secret(value)

    def _ask_as_of(self) -> None:
        if self._as_of is not None:
            self._as_of = None
            self._list.clear()
            self.invalidate()
            return
        self.as_of.setChecked(False)
        AsOfDialog(self._on_as_of, self).open()

    def _on_as_of(self, moment: datetime) -> None:
        self._as_of = moment
        self._list.clear()
        self.invalidate()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tools()
        self._fit_top()
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Beside the scroll bar, whether it is there or not: so that nothing moves."""
        columns = columns_for(self.width() - self._list.verticalScrollBar().sizeHint().width())
        self.head.show_columns(columns)
        self._list.show_columns(columns)
