"""The whole form: its sections one below another, as one draft."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from smartspec.commands.schedule_drafts import DraftCheck, ScheduleDraft
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.errors import Problem
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.schedules.editor.conditions_section import ConditionsSection
from smartspec.gui.pages.schedules.editor.form_row import FormRow, mark
from smartspec.gui.pages.schedules.editor.input_section import InputSection
from smartspec.gui.pages.schedules.editor.period_section import PeriodSection
from smartspec.gui.pages.schedules.editor.policy_section import PolicySection
from smartspec.gui.pages.schedules.editor.reading import EditorChoices, Opened, WorkflowVersions, read_networks
from smartspec.gui.pages.schedules.editor.surroundings_section import SurroundingsSection
from smartspec.gui.pages.schedules.editor.what_section import WhatSection
from smartspec.gui.pages.schedules.editor.when_section import When, WhenSection
from smartspec.gui.widgets.layout import column, line
from smartspec.messages import translate


class ScheduleForm(QWidget):
    """`edited` after each change by a person; `workflow_chosen` carries the id of another workflow."""

    edited = Signal()
    workflow_chosen = Signal(str)

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.what, self.when, self.period = WhatSection(), WhenSection(), PeriodSection()
        self.policy, self.surroundings, self.input = PolicySection(), SurroundingsSection(), InputSection(context)
        self.conditions = ConditionsSection()
        self.conditions.networks_asked.connect(self._read_networks)
        self._context = context
        self._is_filling = False
        self._base, self._is_new = ScheduleDraft(), True
        self._choices = EditorChoices((), (), "", ())
        self._versions: WorkflowVersions | None = None
        sections = (self.what, self.when, self.period, self.policy, self.conditions, self.input, self.surroundings)
        parts: list[QWidget] = [self.what, line(), self.when, self.period, line(), self.policy, self.conditions]
        parts += [line(), self.input, line(), self.surroundings]
        self.setLayout(column(*parts, None, spacing=12, margins=(20, 12, 20, 20)))
        for each in sections:
            each.edited.connect(self._on_edited)
        self.what.workflow_chosen.connect(self.workflow_chosen)
        self.what.version_chosen.connect(self._on_version)

    @property
    def _editors(self) -> dict[str, QWidget]:
        """What has the keyboard when something is wrong with a field, as they stand one below another."""
        what, when, period, policy = self.what, self.when, self.period, self.policy
        cron = when.way in (When.TIMES, When.STEPS) and not when.problem
        return {
            "name": what.name, "workflow": what.workflow, "version": what.version,
            "expression": when.expression.line if cron else when.editor, "timezone": period.zone,
            "jitter": period.jitter, "events_per_hour": period.most,
            "start": period.start, "end": period.end, "misfire": policy.misfire,
            "catch_up_cap": policy.cap, "overlap": policy.overlap, "blackouts": policy.blackouts.line,
            "calendars": policy.calendars.line,
            "folder": self.surroundings.folder, "variables": self.surroundings.variables.line,
        }  # fmt: skip

    @property
    def _rows(self) -> dict[str, FormRow]:
        """By the field of the draft, in their order."""
        return {
            **self.what.rows, "workflow": self.what.rows["name"], "expression": self.when.row, **self.period.rows,
            "jitter": self.period.rows["timezone"], "events_per_hour": self.period.rows["timezone"],
            **self.policy.rows, "catch_up_cap": self.policy.rows["misfire"],
            "conditions": self.conditions.row, "input": self.input.row, **self.surroundings.rows,
        }  # fmt: skip

    @property
    def parts(self) -> list[QWidget]:
        """As they are read; what was made later stands where it is seen."""
        when = self.when
        ways = (when.times.days, when.times.times, when.times, when.steps, when.interval, when.once, when.event_)
        rest = (when.expression, self.period, self.policy, self.conditions, self.input, self.surroundings)
        return [self.what, *when.radios.values(), *ways, *rest]

    def _read_networks(self) -> None:
        """Off the way of the rest: a bus that does not answer takes seconds."""
        offer = self.conditions.offer_networks
        self._context.run(self, read_networks, offer, lambda _: None, worker="health")

    # What it says

    @property
    def draft(self) -> ScheduleDraft:
        """`is_active` is not of the form: it stands above it."""
        what, when, period, policy = self.what, self.when, self.period, self.policy
        return ScheduleDraft(
            workflow=what.workflow_id, name=what.name.text().strip(), version=what.version_label,
            trigger_type=when.trigger_type, expression=when.text, timezone=period.zone.zone,
            start=period.start_text, end=period.end_text, jitter=period.jitter.text().strip(),
            events_per_hour=period.most.text().strip(),
            misfire=Misfire(str(policy.misfire.value)), catch_up_cap=policy.cap.text().strip(),
            overlap=Overlap(str(policy.overlap.value)), blackouts=tuple(policy.blackouts.texts),
            calendars=tuple(policy.calendars.texts),
            variables=tuple(sorted({each.strip() for each in self.surroundings.variables.texts})),
            conditions=self.conditions.values, folder=self.surroundings.folder.text().strip(), input=self.input.values,
        )  # fmt: skip

    def show_opened(self, opened: Opened, draft: ScheduleDraft) -> None:
        """What is stored as what changes count from, and what is written."""
        self._is_filling = True
        self._choices, self._versions = opened.choices, opened.versions
        self._base, self._is_new = opened.draft, opened.schedule is None
        self.what.show_workflows(opened.choices.workflows, draft.workflow, is_new=self._is_new)
        self.when.event_.show_workflows(opened.choices.workflows)
        self.period.zone.show_zones(opened.choices.zones, opened.choices.machine_zone)
        self.surroundings.offer(opened.choices.variables)
        self.what.show_versions(opened.versions, draft.version)
        self._show_version(draft.version)
        self._fill(draft)
        self._is_filling = False
        self.show_problems(DraftCheck(()))

    def _fill(self, draft: ScheduleDraft) -> None:
        self.what.name.setText(draft.name)
        self.when.show_rule(draft.trigger_type, draft.expression)
        self.period.zone.choose(draft.timezone)
        self.period.show_period(draft.start, draft.end)
        self.period.jitter.setText(draft.jitter)
        self.period.most.setText(draft.events_per_hour)
        is_chosen = not self._is_new or draft.overlap is not _usual_overlap(draft.trigger_type)
        self.policy.choose(draft.misfire, draft.overlap, is_chosen=is_chosen)
        self.policy.cap.setText(draft.catch_up_cap)
        self.policy.blackouts.set_texts(draft.blackouts)
        self.policy.calendars.set_texts(draft.calendars)
        self.conditions.fill(draft.conditions)
        self.surroundings.folder.setText(draft.folder)
        self.surroundings.variables.set_texts(draft.variables)
        self.input.fill(draft.input)
        self.period.show_kind(draft.trigger_type)

    def show_versions(self, found: WorkflowVersions) -> None:
        """Of another workflow: what was pinned is none of its versions."""
        self._is_filling = True
        self._versions = found
        self.what.show_versions(found, "")
        self._show_version("")
        self._is_filling = False
        self.edited.emit()

    def _on_version(self, label: str) -> None:
        self._show_version(label)
        self._on_edited()

    def _show_version(self, label: str) -> None:
        found, workflow = self._versions, self.what.workflow_id
        folder = next((each.folder for each in self._choices.workflows if each.id == workflow), "")
        self.input.show_version(found.option(label) if found is not None else None, folder)

    def _on_edited(self) -> None:
        self.period.show_kind(self.when.trigger_type)
        if not self._is_filling:
            self.policy.suggest_overlap(_usual_overlap(self.when.trigger_type))
            self.edited.emit()

    # What is said of it

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the form itself cannot read: choices that are no rule, values that are none."""
        own = [Problem("expression", self.when.problem)] if self.when.problem else []
        return (*own, *(Problem(f"input.{key}" if key else "input", text) for key, text in self.input.wrong.items()))

    def show_problems(self, found: DraftCheck) -> None:
        """All at once, each beside its field; and what the rule means."""
        of_field: dict[str, list[str]] = {}
        for each in found.problems:
            of_field.setdefault(each.path.split(".")[0], []).append(translate(each.sentence))
        of_row: dict[FormRow, list[str]] = {}
        for field, row in self._rows.items():
            of_row.setdefault(row, []).extend(of_field.get(field, []))
        for row, sentences in of_row.items():
            if row not in (self.when.row, self.input.row, self.conditions.row):
                row.show_problem("\n".join(sentences))
        for field, editor in self._editors.items():
            mark(editor, "\n".join(of_field.get(field, [])))
        self.when.show_problem("\n".join(of_field.get("expression", [])))
        self.when.show_meaning(translate(found.when) if found.when is not None else "", found.warnings)
        self.conditions.show_problems([each for each in found.problems if each.path.split(".")[0] == "conditions"])
        of_input = [each for each in found.problems if each.path.split(".")[0] == "input"]
        self.input.show_problems(of_input, found.rendered)
        variables = self.draft.variables != self._base.variables
        self.surroundings.show_source(is_new=self._is_new, is_changed=variables)

    def show_anchor(self, moment: str) -> None:
        self.when.interval.show_anchor(moment)

    def focus_problem(self, problems: Sequence[Problem]) -> None:
        """The keyboard to the first field that something is wrong with."""
        fields = {each.path.split(".")[0] for each in problems}
        editor = next((editor for field, editor in self._editors.items() if field in fields), None)
        if editor is not None:
            editor.setFocus()
        elif "conditions" in fields:
            named = (each.path.rpartition(".")[2] for each in problems if each.path.startswith("conditions"))
            self.conditions.editors.get(next(named), self.conditions.ticks["mains"]).setFocus()
        elif "input" in fields:
            self.input.form.group.focus_problem()


def _usual_overlap(trigger_type: TriggerType) -> Overlap:
    """Each event is about another thing: the next one waits."""
    return Overlap.QUEUE if trigger_type is TriggerType.EVENT else Overlap.SKIP
