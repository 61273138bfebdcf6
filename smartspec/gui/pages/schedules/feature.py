"""Schedules as a feature: a page in the rail, with a dot where one cannot fire; below it editor and simulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import FILE, ActionSpec, Feature, Page, PageSpec, ScreenshotSpec
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.schedules.page import SchedulesPage

    return SchedulesPage(context, parent)


def _make_editor(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.schedules.editor.page import ScheduleEditorPage

    return ScheduleEditorPage(context, parent)


def _next_due(workspace: str) -> str:
    """The one that is due next, else a new one."""
    from smartspec.commands.schedule_lookup import next_due

    found = next_due(None, workspace)
    return found.id if found is not None else ""


def _make_simulation(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.schedules.simulation.page import SimulationPage

    return SimulationPage(context, parent)


def _needs_attention(workspace: str) -> bool:
    from smartspec.commands.schedule_lookup import any_in_error

    return any_in_error(workspace)


FEATURE = Feature(
    "schedules",
    PageSpec("schedules", _make_page, _("Sch&edules"), "calendar-blank", ("Ctrl+3",), needs_attention=_needs_attention),
    actions=(ActionSpec("new_schedule", FILE, 0, _("New sc&hedule"), "calendar-blank"),),
    screenshots=(ScreenshotSpec("new-schedule", "new_schedule", is_dialog=False),),
)

EDITOR = Feature("schedule_editor", PageSpec("schedule", _make_editor, parent="schedules", example=_next_due))
SIMULATION = Feature(
    "simulation",
    PageSpec("simulation", _make_simulation, _("Si&mulate schedules"), "flask", parent="schedules", is_in_rail=False),
)
