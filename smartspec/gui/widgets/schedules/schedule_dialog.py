"""A schedule as a form: what it starts, when, and what becomes of missed and overlapping times."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from smartspec.commands import schedule_previews, schedules
from smartspec.commands.schedule_previews import RulePreview
from smartspec.domain import times
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import theme
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.schedules.cron_choices import CronChoices
from smartspec.gui.widgets.schedules.preview_lines import PreviewLines
from smartspec.gui.widgets.segments import Segments
from smartspec.messages import tr, translate

_LOOK_AFTER_MS = 150
_LEAST_LETTERS = 20  # of the name of a workflow, which may be longer than there is room
T = TriggerType


class ScheduleDialog(Dialog):
    """A new one where none is given. While one types it is said what the rule means and when it is due next.

    `workflows` are id and name of those that can be chosen; a schedule that there is stays with its own.
    """

    def __init__(
        self, context: AppContext, workflows: Iterable[tuple[str, str]], schedule: Schedule | None, parent: QWidget
    ) -> None:  # fmt: skip
        title = tr("Edit schedule") if schedule else tr("New schedule")
        super().__init__(parent, title, tr("It starts the workflow by itself while a runner is there."), width=640)
        self._context, self._schedule = context, schedule
        self._asked = 0
        self._kind = schedule.trigger_type if schedule else T.CRON
        self._texts = _examples() | ({self._kind: schedule.expression or ""} if schedule else {})
        self.workflow = Choice(tr("Workflow"))
        self.workflow.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.workflow.setMinimumContentsLength(_LEAST_LETTERS)
        for id_, name in workflows:
            self.workflow.addItem(name, id_)
        self.name, self.expression, self.zone = (QLineEdit() for _ in range(3))
        self.kind = Segments(tr("When"), _kinds(), outlined=True)
        self.misfire = Segments(tr("If missed"), _misfires(), outlined=True)
        self.overlap = Segments(tr("If still running"), _overlaps(), outlined=True)
        self.choices, self.preview = CronChoices(), PreviewLines()
        self._later = QTimer(self, singleShot=True, interval=_LOOK_AFTER_MS)
        self._later.timeout.connect(self._look_at_rule)
        self._lay_out_fields()
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Save") if schedule else tr("Create schedule"), "primary", self._save)
        self._fill_in(schedule)
        self.kind.chosen.connect(self._on_kind)
        self.choices.written.connect(self.expression.setText)
        self.expression.textChanged.connect(self.choices.show_expression)
        for line in (self.name, self.expression, self.zone):
            line.textChanged.connect(lambda _text: self._later.start())
        self.choices.show_expression(self.expression.text())
        self._show_kind()
        self._look_at_rule()

    def _lay_out_fields(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        self.expression.setFont(theme.font(mono=True))
        self.zone.setPlaceholderText(tr("as this machine, or Europe/Berlin"))
        lines = [
            (tr("Workflow"), self.workflow), (tr("Name"), self.name), (tr("When"), self.kind), ("", self.choices),
            (tr("Expression"), self.expression), (tr("Zone"), self.zone), ("", self.preview),
            (tr("If missed"), self.misfire), (tr("If still running"), self.overlap),
        ]  # fmt: skip
        for number, (word, widget) in enumerate(lines):
            if word:
                named = label(word, "secondary")
                named.setBuddy(widget)
                widget.setAccessibleName(word)
                grid.addWidget(named, number, 0)
            grid.addWidget(widget, number, 1)
        self.body.addLayout(grid)

    def _fill_in(self, schedule: Schedule | None) -> None:
        self.kind.choose(self._kind)
        self.misfire.choose(schedule.misfire if schedule else Misfire.ONCE)
        self.overlap.choose(schedule.overlap if schedule else Overlap.SKIP)
        self.expression.setText(self._texts[self._kind])
        if schedule is None:
            return
        self.name.setText(schedule.name)
        self.zone.setText(schedule.timezone or "")
        self.workflow.setEnabled(False)

    # What it would come to

    def _on_kind(self, kind: object) -> None:
        """What was written for another one comes back with that."""
        self._texts[self._kind] = self.expression.text()
        self._kind = TriggerType(str(kind))
        self.expression.setText(self._texts[self._kind])
        self._show_kind()
        self._look_at_rule()

    def _show_kind(self) -> None:
        self.choices.setVisible(self._kind is T.CRON)
        self.expression.setEnabled(self._kind is not T.MANUAL)

    def _stop_looking(self) -> None:
        """What is still said of the rule comes too late."""
        self._later.stop()
        self._asked += 1

    def _look_at_rule(self) -> None:
        self._stop_looking()
        schedule, zone = self._schedule, self.zone.text().strip() or None
        anchor = (schedule.start_at or schedule.created_at) if schedule else None
        command = partial(schedule_previews.preview_rule, self.expression.text(), self._kind, zone, anchor)
        self._context.run(
            self, command, partial(self._on_preview, self._asked), partial(self._on_bad_rule, self._asked)
        )

    def _on_preview(self, asked: int, found: RulePreview) -> None:
        if asked == self._asked:
            self.show_problem("")
            self.preview.show_preview(found, times.now())

    def _on_bad_rule(self, asked: int, error: SmartSpecError) -> None:
        if asked == self._asked:
            self.preview.clear()
            self.show_problem(translate(error.sentence))

    # Saving

    def _save(self) -> None:
        options: schedules.ScheduleOptions = {
            "timezone": self.zone.text().strip() or None, "misfire": Misfire(str(self.misfire.value)),
            "overlap": Overlap(str(self.overlap.value)),
        }  # fmt: skip
        if name := self.name.text().strip():
            options["name"] = name
        rule = self.expression.text()
        if self._schedule is None:
            command = partial(
                schedules.create_schedule, str(self.workflow.currentData()), rule, trigger_type=self._kind,
                workspace=self._context.workspace, **options,
            )  # fmt: skip
        else:
            command = partial(
                schedules.update_schedule, self._schedule.id, rule, trigger_type=self._kind,
                row_version=self._schedule.row_version, workspace=self._context.workspace, **options,
            )  # fmt: skip
        self._stop_looking()
        self.set_busy(True)
        self._context.start(self, command, self._on_saved, self.refuse)

    def _on_saved(self, schedule: Schedule) -> None:
        self.accept()
        told = (
            tr("Saved “{name}”", name=schedule.name) if self._schedule else tr("Created “{name}”", name=schedule.name)
        )
        self._context.notifications.toast(told, None, "calendar-blank")


def _examples() -> dict[TriggerType, str]:
    """What is written at first; once is tomorrow."""
    tomorrow = times.now().astimezone().date() + timedelta(days=1)
    return {
        T.CRON: "0 7 * * 1-5", T.INTERVAL: "90 m", T.ONCE: f"{tomorrow}T09:00", T.EVENT: "application started",
        T.MANUAL: "",
    }  # fmt: skip


def _kinds() -> tuple[tuple[str, object], ...]:
    return (
        (tr("Cron"), T.CRON), (tr("Interval"), T.INTERVAL), (tr("Once"), T.ONCE), (tr("Event"), T.EVENT),
        (tr("By hand"), T.MANUAL),
    )  # fmt: skip


def _misfires() -> tuple[tuple[str, object], ...]:
    return ((tr("Skip"), Misfire.SKIP), (tr("Run once"), Misfire.ONCE), (tr("Run all"), Misfire.ALL))


def _overlaps() -> tuple[tuple[str, object], ...]:
    return (
        (tr("Skip"), Overlap.SKIP), (tr("Queue"), Overlap.QUEUE), (tr("Allow both"), Overlap.ALLOW),
        (tr("Replace"), Overlap.REPLACE),
    )  # fmt: skip
