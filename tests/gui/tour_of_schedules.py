"""The page of the schedules: none, some with what became of their due times, a new one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QDialog

from smartspec.commands import schedules, workflows
from smartspec.domain import times
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.store import database, firings
from tests.gui.conftest import Desktop
from tests.gui.tour_steps import Look, close_dialogs, close_menus, said, workflow_id


def see_schedules(desktop: Desktop, look: Look) -> None:
    desktop.go("schedules")
    page: Any = desktop.window.page("schedules")
    look("schedules, none")
    chain = workflows.get_workflow(workflow_id("chain"))
    rules = (("Nightly", "0 2 * * *"), ("Often", "*/7 * * * *"))
    nightly, often = (schedules.create_schedule(chain.id, rule, name=said(name)) for name, rule in rules)
    disk = f"/{said('nowhere')}/{said('disk')}"
    for decision, reason in (
        (Decision.SKIPPED_OVERLAP, "overlap: 7"), (Decision.SKIPPED_PAUSED, "inactive"),
        (Decision.SKIPPED_CONDITION, f"path: {disk}"), (Decision.SKIPPED_MISSED, "late; skip"), (Decision.COULD_NOT_START, f"start: {said('It could not be started.')}"),
    ):  # fmt: skip
        _decide(nightly, decision, reason)
    schedules.pause_schedule(often.id)
    schedules.update_schedule(nightly.id, conditions={"networks": [said("home")], "path": disk})
    schedules.create_schedule(
        chain.id, f"file appeared /{said('nowhere')}/{said('papers')} named '*.{said('pdf')}'", trigger_type=TriggerType.EVENT, name=said("Papers"),
        events_per_hour=9,
    )  # fmt: skip
    desktop.settle()
    look("schedules")
    page.actions_.menu(page.list, page.list.current).popup(page.mapToGlobal(QPoint(200, 200)))
    look("menu: schedule")
    close_menus()
    _see_editor(desktop, look, nightly)
    _simulation(desktop, look)
    desktop.go("workflows", chain.id, "workflow-schedules")
    tab: Any = desktop.workflows.tabs.content("workflow-schedules")
    desktop.settle()
    look("schedules of a workflow")
    tab.actions_.run_past(nightly)
    desktop.settle()
    dialog: Any = desktop.dialog(QDialog)
    dialog.first.setText("2026-03-01 00:00")
    dialog.last.setText("2026-03-04 12:00")
    desktop.settle()
    look("a past period")
    dialog.last.setText("2024-01-01 00:00")
    desktop.settle()
    look("a past period, wrong way round")
    close_dialogs(desktop)
    desktop.go("workflows", workflow_id("door"), "workflow-schedules")
    look("workflow, no schedules")
    desktop.go("workflows", chain.id, "overview")


def _simulation(desktop: Desktop, look: Look) -> None:
    desktop.go("simulation")
    page: Any = desktop.window.page("simulation")
    desktop.settle()
    look("simulation")
    for chip in (page.chips.which, page.chips.period, page.chips.sleep):
        chip.click()
        look("menu: simulation")
        close_menus()
    page.chips.choose()
    desktop.settle()
    look("schedules to simulate")
    close_dialogs(desktop)
    page.chips._ask_hours()
    desktop.settle()
    look("when the machine sleeps")
    desktop.dialog(QDialog).begin.setText("soon")  # type: ignore[attr-defined]
    desktop.settle()
    look("when the machine sleeps, no time of day")
    close_dialogs(desktop)


def _see_editor(desktop: Desktop, look: Look, nightly: Schedule) -> None:
    """One that is there, each way to say when, what is wrong, what was changed elsewhere; a new one."""
    desktop.go("schedule", nightly.id)
    page: Any = desktop.window.page("schedule")
    look("schedule editor")
    form = page.form
    for way, radio in form.when.radios.items():
        radio.click()
        if way == "event":
            form.when.event_.files.path.setText("/1")
            form.when.event_.files.path.textEdited.emit("/1")
        desktop.settle()
        if way != "times":
            look(f"schedule editor, {way}")
    form.when.radios["times"].click()
    for line, text in ((form.when.expression.line, "*/7 7-18 * * *"), (form.period.jitter, "?"), (form.policy.cap, "")):
        line.setText(text)
        line.textEdited.emit(text)
    form.period.zone.setEditText(said("Nowhere"))
    form.policy.misfire.segments[2].click()
    desktop.settle()
    look("schedule editor, wrong")
    schedules.update_schedule(nightly.id, jitter=5_000)
    desktop.settle()
    look("schedule editor, changed elsewhere")
    page.conflict.theirs.click()
    desktop.go("schedule")
    look("new schedule")


def _decide(schedule: Schedule, decision: Decision, reason: str) -> None:
    past = len(firings.newest(schedule.pk, 10)) + 1
    at = times.from_ms((times.to_ms(times.now()) // 60_000 + past) * 60_000)
    with database.transaction():
        firings.add(schedule, Firing(scheduled_for=at, decision=decision, reason=reason), at)
