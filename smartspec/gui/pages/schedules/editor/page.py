"""The schedule editor: a form, and beside it what that comes to. What is not saved is kept."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from smartspec.changes import ChangeSet, Topic
from smartspec.commands.schedule_drafts import DraftCheck, ScheduleDraft, changed_fields, rebased
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import Conflict, Invalid, Problem, SmartSpecError
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.editor.body import EditorBody
from smartspec.gui.pages.schedules.editor.conflict_strip import ConflictStrip
from smartspec.gui.pages.schedules.editor.field_names import field_word
from smartspec.gui.pages.schedules.editor.head import EditorHead
from smartspec.gui.pages.schedules.editor.kept_drafts import KeptDrafts
from smartspec.gui.pages.schedules.editor.reading import (
    DraftPreview,
    Opened,
    WorkflowVersions,
    preview_draft,
    read_editor,
    read_versions,
)
from smartspec.gui.pages.schedules.editor.saving import DraftSaving
from smartspec.gui.widgets.dialogs import confirm
from smartspec.gui.widgets.layout import column, line
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate, trn
from smartspec.value import replace

_CHECKS_AFTER_MS = 150


class ScheduleEditorPage(Page):
    """The key of its location is the id of a schedule, empty for a new one, whose workflow its query may name."""

    topics = frozenset({Topic.SCHEDULES})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._key: str | None = None
        self._slot = ""  # what is written is kept by
        self._opened: Opened | None = None
        self._base, self._base_version = ScheduleDraft(), 0  # what changes count from
        self._asked = 0
        self._problems: tuple[Problem, ...] = ()
        self._has_tried = False
        self._kept = KeptDrafts(context.ui_state, context.workspace)
        self.head, self.conflict = EditorHead(), ConflictStrip()
        content = QWidget(self)
        self.states = ContentStates(content, self)
        self.body = EditorBody(context, content)
        content.setLayout(column(self.body, spacing=0))
        self.form, self.preview, self.strip = self.body.form, self.body.preview, self.body.strip
        self.saving = DraftSaving(context, self)
        self._checks = QTimer(self, singleShot=True, interval=_CHECKS_AFTER_MS)
        self._checks.timeout.connect(self._check)
        self.setLayout(column(self.head, line(), self.conflict, self.states, spacing=0, fill=self.states))
        self._connect()
        self.states.show_loading()

    def _connect(self) -> None:
        self.form.edited.connect(self._on_edited)
        self.form.workflow_chosen.connect(self._on_workflow)
        self.head.switched.connect(self._on_edited)
        go = self.context.navigator.go  # what is written is kept until somebody is back
        self.head.left.connect(lambda: go(Location("schedules", self._key or "")))
        self.head.cancelled.connect(self.cancel)
        self.head.save_asked.connect(self.save)
        self.conflict.theirs_asked.connect(self._take_theirs)
        self.conflict.mine_asked.connect(self._keep_mine)
        self.preview.run_button.clicked.connect(self.run_once)
        self.preview.simulate_button.clicked.connect(lambda: go(Location("simulation", self._key or "")))
        self.preview.worth.time_taken.connect(lambda *time: self.form.when.times.times.take(time))
        self.saving.saved.connect(self._on_saved)
        self.saving.refused.connect(self._on_refused)

    # Where it is

    def show_location(self, location: Location) -> None:
        slot = self._kept.slot(location.key, location.query)
        if self._key is None or slot != self._slot:
            self._key, self._slot, self._opened, self._has_tried = location.key, slot, None, False
            self._asked += 1
            self.conflict.hide()
            self.states.show_loading()
            read = partial(read_editor, location.key, location.query, self.context.workspace)
            self.context.run(self, read, partial(self._on_opened, slot), self._on_failed)
        self.register_page_handlers()

    def _on_failed(self, error: SmartSpecError) -> None:
        self._key = None
        self.states.show_error(error, None)

    def _on_opened(self, slot: str, opened: Opened) -> None:
        if slot != self._slot or self._key is None:
            return
        kept = self._kept.of(slot)
        self._count_from(opened)
        if kept is None:
            self._show_draft(opened, opened.draft)
        else:
            self._show_kept(opened, *kept)
        self.states.show_content()
        self.form.what.name.setFocus()

    def _count_from(self, opened: Opened) -> None:
        self._opened, self._base = opened, opened.draft
        self._base_version = opened.schedule.row_version if opened.schedule is not None else 0

    def _show_kept(self, opened: Opened, mine: ScheduleDraft, before: ScheduleDraft, row_version: int) -> None:
        """What was written before; where the schedule was changed since, that is said."""
        is_other = opened.schedule is not None and opened.schedule.row_version != row_version
        if is_other:
            self._base, self._base_version = before, row_version
        self._show_draft(opened, mine)
        if is_other:
            self._show_conflict(opened)

    def _show_draft(self, opened: Opened, draft: ScheduleDraft) -> None:
        if opened.versions is not None and draft.workflow != opened.versions.workflow:
            opened = replace(opened, versions=None)
            self._on_workflow(draft.workflow)
        self.head.show_active(draft.is_active)
        self.form.show_opened(opened, draft)
        self._on_edited()
        self._check()

    def panes(self) -> list[QWidget]:
        return [self.form.what, self.form.when, self.form.input, self.preview]

    def parts(self) -> list[QWidget]:
        return [self.head, self.conflict, self.strip, *self.form.parts, self.preview]

    def show_narrow(self, narrow: bool) -> None:
        self.head.show_narrow(narrow)
        self.body.show_narrow(narrow)

    def handlers(self) -> dict[str, Handler]:
        return {"save": self.save}

    def disabled(self) -> set[str]:
        return set() if self.head.save.isEnabled() else {"save"}

    # What is written

    @property
    def _draft(self) -> ScheduleDraft:
        return replace(self.form.draft, is_active=self.head.switch.isChecked())

    @property
    def _schedule(self) -> Schedule | None:
        return self._opened.schedule if self._opened is not None else None

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that are not as they are stored."""
        return changed_fields(self._base, self._draft) if self._opened is not None else ()

    @property
    def is_dirty(self) -> bool:
        return bool(self.changed)

    def _on_edited(self) -> None:
        if self._opened is None or self._key is None:
            return
        draft, changed, schedule = self._draft, self.changed, self._schedule
        self.head.show_name(draft.name, is_new=schedule is None)
        self.head.show_unsaved(len(changed), schedule is None)
        self._kept.keep(self._slot, draft if changed else None, self._base, self._base_version)
        self._asked += 1
        self._show_saving()
        self._checks.start()

    def _on_workflow(self, id_: str) -> None:
        """Its versions have other parameters; without one there are none."""
        if id_:
            self.context.run(self, partial(read_versions, id_, self.context.workspace), self._on_versions)
        self._on_edited()

    def _on_versions(self, found: WorkflowVersions) -> None:
        if found.workflow == self.form.what.workflow_id:
            self.form.show_versions(found)

    # What it comes to

    def show_ages(self) -> None:
        """How long until then is another."""
        self._check()

    def _check(self) -> None:
        self._checks.stop()
        if self._opened is None:
            return
        self._asked += 1
        look = partial(preview_draft, self._draft, self._schedule, self.context.workspace)
        self.context.run(self, look, partial(self._on_checked, self._asked), lambda _: None, worker="slow")

    def _on_checked(self, asked: int, found: DraftPreview) -> None:
        if asked != self._asked:
            return  # about what was written before
        draft, own = self._draft, self.form.problems
        of_own = {each.path for each in own}
        problems = (*own, *(each for each in found.check.problems if each.path not in of_own))
        self._show_check(replace(found.check, problems=problems))
        self.preview.show_preview(found, draft)
        self.strip.show_text(self.preview.headline, found)
        if found.insights is not None:
            self.preview.worth.show_insights(found.insights, draft, can_take=self.form.when.can_take_time)
        self.form.show_anchor(_anchor(draft, self._schedule))

    def _show_check(self, found: DraftCheck) -> None:
        """Of a new form what nobody has come to yet is not wrong yet."""
        self._problems = found.problems
        is_untouched = self._schedule is None and not self.is_dirty and not self._has_tried
        self.form.show_problems(replace(found, problems=()) if is_untouched else found)
        self._show_saving()

    def _show_saving(self) -> None:
        schedule = self._schedule
        is_untouched = schedule is None and not self.is_dirty and not self._has_tried
        problems = () if is_untouched else self._problems
        self.head.show_problems(tuple(translate(each.sentence) for each in problems))
        can_save = not problems and (schedule is None or self.is_dirty) and self.conflict.isHidden()
        self.head.save.setEnabled(can_save)
        is_saved = schedule is not None and not self.is_dirty
        self.preview.show_state(schedule, is_saved=is_saved, can_run=can_save or is_saved)
        self.register_page_handlers()

    # Saving, and leaving

    def save(self, *, runs: bool = False) -> None:
        """All that was changed, at once; what is not touched stays as it is stored. Then it `runs` once."""
        if self._opened is not None:
            self._has_tried = True
            self.head.save.setEnabled(False)
            self.saving.save(self._draft, self._schedule, runs=runs)

    def _forget(self) -> None:
        self._kept.keep(self._slot, None, self._base, 0)
        self._key = self._opened = None

    def _on_saved(self, schedule: Schedule) -> None:
        self._forget()
        self._return(schedule.id)

    def _on_refused(self, error: SmartSpecError) -> None:
        """Every problem beside its field; of one that was changed elsewhere what was changed."""
        if isinstance(error, Invalid) and any(each.path for each in error.problems):
            self._show_check(DraftCheck(error.problems))
            self.form.focus_problem(error.problems)
            return
        self._show_saving()
        if isinstance(error, Conflict) and self._schedule is not None:
            self.reload()
        self.context.notifications.notify_error(error)

    def cancel(self) -> None:
        """Back to the schedules; what was changed is given up, once that is sure."""
        count = len(self.changed)
        if count and not confirm(
            self, trn("Discard {n} change?", "Discard {n} changes?", count),
            tr("What is written here and not saved is gone then."), tr("Discard"),
        ):  # fmt: skip
            return
        key = self._key or ""
        self._forget()
        self._return(key)

    def _return(self, schedule_id: str) -> None:
        """To the workflow where that was come from, else to the schedules."""
        navigator = self.context.navigator
        previous = navigator.previous
        if previous is not None and previous.page == "workflows":
            navigator.step(-1)
        else:
            navigator.go(Location("schedules", schedule_id))

    def run_once(self) -> None:
        """Nothing unsaved ever runs: it is saved first."""
        schedule = self._schedule
        if schedule is not None and not self.is_dirty:
            self.saving.run(schedule)
        else:
            self.save(runs=True)

    # Changed elsewhere

    def is_about_this(self, change_set: ChangeSet) -> bool:
        return self._schedule is not None

    def reload(self) -> None:
        """Whether it is still as it was looked at."""
        if self._opened is None or not self._key:
            return
        read = partial(read_editor, self._key, "", self.context.workspace)
        self.context.run(self, read, partial(self._on_read_again, self._key), self._on_failed)

    def _on_read_again(self, key: str, opened: Opened) -> None:
        schedule = self._schedule
        if key != self._key or schedule is None or opened.schedule is None:
            return
        if opened.schedule.row_version == self._base_version:
            return
        if self.is_dirty and opened.draft != self._base:
            self._show_conflict(opened)
            return
        mine, before = self._draft, self._base
        self._count_from(opened)
        self._show_draft(opened, rebased(mine, before, opened.draft))

    def _show_conflict(self, opened: Opened) -> None:
        theirs, mine = changed_fields(self._base, opened.draft), self.changed
        self.conflict.show_conflict([field_word(each) for each in theirs],
                                    [field_word(each) for each in theirs if each in mine])  # fmt: skip
        self._theirs = opened
        self._show_saving()

    def _take_theirs(self) -> None:
        self.conflict.hide()
        self._count_from(self._theirs)
        self._show_draft(self._theirs, self._theirs.draft)

    def _keep_mine(self) -> None:
        mine, before = self._draft, self._base
        self.conflict.hide()
        self._count_from(self._theirs)
        self._show_draft(self._theirs, rebased(mine, before, self._theirs.draft))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.cancel()
        else:
            super().keyPressEvent(event)


def _anchor(draft: ScheduleDraft, schedule: Schedule | None) -> str:
    """What an interval is counted from; empty: the moment in which it is saved."""
    made = schedule.created_at.astimezone() if schedule is not None else None
    return draft.start.strip() or (f"{made:%Y-%m-%d %H:%M:%S}" if made is not None else "")
