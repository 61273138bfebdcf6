"""The page of settings: groups at the left, all settings in one form, searched as one types."""

from __future__ import annotations

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from smartspec.changes import Topic
from smartspec.domain.jsontext import Json
from smartspec.domain.settings import GROUPS
from smartspec.gui.contract import Page
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.settings.choices import Choices
from smartspec.gui.pages.settings.control import TriedControl
from smartspec.gui.pages.settings.control_for import control_for
from smartspec.gui.pages.settings.form import SettingsForm
from smartspec.gui.pages.settings.group_list import GroupList
from smartspec.gui.pages.settings.header import SettingsHeader
from smartspec.gui.pages.settings.item import BACKGROUND, items
from smartspec.gui.pages.settings.setting_row import SettingRow
from smartspec.gui.pages.settings.telling.channels_part import ChannelsPart
from smartspec.gui.pages.settings.telling.messages_part import MessagesPart
from smartspec.gui.pages.settings.telling.sending import DESKTOP as DESKTOP_CHANNEL
from smartspec.gui.pages.settings.telling.sending import try_channel
from smartspec.gui.pages.settings.telling.workflows_part import WorkflowsPart
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate, trn

_GROUPS_WIDTH = 224


class SettingsPage(Page):
    topics = frozenset({Topic.SETTINGS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        found = items(context.ui_settings)
        self.choices = Choices(context, found, self)
        open_folder = context.actions["open_folder"].trigger
        self.form = SettingsForm()
        self.header = SettingsHeader()
        self.search = self.header.search
        self.groups = GroupList()
        self.states = ContentStates(self.form)
        self._pane = self._groups_pane()
        body = row(self._pane, self.states, spacing=0)
        body.setStretchFactor(self.states, 1)
        outer = column(self.header, body, spacing=0)
        outer.setStretch(1, 1)
        self.setLayout(outer)
        self._connect()
        self._mark_group(next(iter(GROUPS)))
        self.form.fill(control_for(each, open_folder) for each in found)
        self._show_values()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._filter)
        self.header.only_changed.toggled.connect(self._filter)
        self.header.picked.connect(self.go_to)
        self.groups.picked.connect(self.go_to)
        self.choices.changed.connect(self._show_values)
        self.form.looked_at.connect(self._mark_group)
        self.form.made.connect(self._on_made)
        self.form.completed.connect(self._on_completed)
        slash = QShortcut(QKeySequence("/"), self, self._focus_search)
        slash.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape = QShortcut(QKeySequence("Esc"), self.search, self.search.clear)
        escape.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _on_made(self, row_: SettingRow) -> None:
        row_.chosen.connect(self._save)
        if isinstance(row_.control, TriedControl):
            row_.control.tried.connect(partial(self._try_desktop, row_))
        self._show_value(row_)

    def _on_completed(self) -> None:
        for part in (ChannelsPart, WorkflowsPart, MessagesPart):
            self.form.add_part(part(self.context))
        self.setTabOrder(self.form.last_field, self.reset_all)  # what is for all of them comes after all of them
        self._show_values()

    def _groups_pane(self) -> QWidget:
        made = frame("pane")
        made.setFixedWidth(_GROUPS_WIDTH)
        self.reset_all = button(tr("Reset everything"), "ghost", "arrow-counter-clockwise", self.reset_everything)
        inner = column(self.groups, line(), row(self.reset_all, None), spacing=8, margins=(8, 11, 9, 12))
        inner.setStretch(0, 1)
        made.setLayout(inner)
        return made

    # Page

    def reload(self) -> None:
        self.choices.read()

    def panes(self) -> list[QWidget]:
        return [self.search, self.groups, self.form]

    def show_location(self, location: Location) -> None:
        """`key` is a group, or a setting: that has the keyboard then."""
        if location.key:
            self.form.finish()
        if location.key in self.form.rows:
            self._clear_filters()
            self._mark_group(self.form.rows[location.key].item.group)
            self.form.go_to_setting(location.key)
        elif location.key in self.form.parts:
            self._clear_filters()
            self._mark_group(self.form.parts[location.key].group)
            self.form.go_to_part(location.key)
        elif location.key in GROUPS:
            self._mark_group(location.key)
            self.form.go_to_group(location.key)

    def show_narrow(self, narrow: bool) -> None:
        self._pane.setVisible(not narrow)
        self.header.show_narrow(narrow)
        self.form.show_narrow(narrow)

    # Finding

    def go_to(self, group: str) -> None:
        self._clear_filters()
        location = Location("settings", group)
        self.context.navigator.replace(location)
        self.show_location(location)

    @property
    def is_filtered(self) -> bool:
        return bool(self.header.words) or self.header.only_changed.isChecked()

    def _mark_group(self, group: str) -> None:
        self.groups.follow(group)
        self.header.follow(group)

    def _focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _filter(self, *_: object) -> None:
        if self.is_filtered:
            self.form.finish()
        self.form.filter(self.header.words, only_changed=self.header.only_changed.isChecked())
        shown, text = self.form.shown_groups, self.search.text().strip()
        self.header.show_found(len(shown) if self.is_filtered else None, self.form.count)
        self._count_groups()
        if shown or not self.form.is_whole:
            self.states.show_content()
        else:
            sentence = tr("No setting about “{text}”", text=text) if text else tr("Every setting is at its default")
            self.states.show_empty("magnifying-glass", sentence, "", (tr("Clear"), self._on_clear))

    def _on_clear(self) -> None:
        self._clear_filters()
        self._focus_search()

    def _clear_filters(self) -> None:
        self.search.clear()
        self.header.only_changed.setChecked(False)

    def _count_groups(self) -> None:
        changed = Counter(each.item.group for each in self.form.rows.values() if each.is_changed)
        found = Counter(self.form.shown_groups) if self.is_filtered else None
        self.groups.show_states(changed, found)

    # Choosing

    def _save(self, key: str, value: Json) -> None:
        row_ = self.form.rows[key]
        self.choices.save(key, value, row_.show_saved, row_.show_refusal)

    def _show_values(self) -> None:
        rows = self.form.rows
        for each in rows.values():
            self._show_value(each)
        changed = sum(each.is_changed for each in rows.values())
        self.header.show_changed(changed)
        self.reset_all.setEnabled(bool(changed) and self.choices.is_ledger_known)
        self._filter()

    def _show_value(self, row_: SettingRow) -> None:
        row_.show_value(self.choices.values[row_.item.key])
        row_.show_known(self.choices.is_ledger_known or row_.item.spec is None)
        if row_.item.key == BACKGROUND:
            found = self.choices.installation
            row_.show_state(
                None if found is None else translate(found.summary), is_wrong=bool(found and found.problems)
            )

    def _try_desktop(self, row_: SettingRow) -> None:
        row_.show_state(tr("Sending…"), is_wrong=False)
        self.context.run(
            row_, partial(try_channel, DESKTOP_CHANNEL),
            lambda _: row_.show_state(tr("The desktop took it: it is to be seen now."), is_wrong=False),
            lambda error: row_.show_state(translate(error.sentence), is_wrong=True), worker="jobs",
        )  # fmt: skip

    def reset_everything(self) -> None:
        """At once; a toast takes it back."""
        self.form.finish()
        changed: dict[str, Json] = {key: None for key, each in self.form.rows.items() if each.is_changed}

        def on_reset(before: dict[str, Json]) -> None:
            text = trn("{n} setting is at its default again", "{n} settings are at their defaults again", len(before))
            undo = partial(self.choices.save_all, before, lambda _: None)
            self.context.notifications.toast(text, undo, "arrow-counter-clockwise")

        self.choices.save_all(changed, on_reset)

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.choices.look()
