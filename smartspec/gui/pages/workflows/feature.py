"""Workflows as a feature: the page with its tabs, and what can be done with a workflow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import (
    EDIT,
    RUN,
    TOOLS,
    VIEW,
    ActionSpec,
    Feature,
    Page,
    PageSpec,
    PaletteEntry,
    PaletteQuery,
    PaletteSource,
    ScreenshotSpec,
    TabSpec,
)
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext
    from smartspec.gui.pages.workflows.tab import WorkflowTab


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.workflows.page import WorkflowsPage

    return WorkflowsPage(context, _TABS, parent)


def _make_overview(context: AppContext, parent: QWidget) -> WorkflowTab:
    from smartspec.gui.pages.workflows.overview import Overview

    return Overview(context, parent)


def _make_definition(context: AppContext, parent: QWidget) -> WorkflowTab:
    from smartspec.gui.pages.workflows.definition import DefinitionEditor

    return DefinitionEditor(context, parent)


def _make_config(context: AppContext, parent: QWidget) -> WorkflowTab:
    from smartspec.gui.pages.workflows.config import ConfigEditor

    return ConfigEditor(context, parent)


def _make_versions(context: AppContext, parent: QWidget) -> WorkflowTab:
    from smartspec.gui.pages.workflows.versions import Versions

    return Versions(context, parent)


def _make_schedules(context: AppContext, parent: QWidget) -> WorkflowTab:
    from smartspec.gui.pages.workflows.schedules import WorkflowSchedules

    return WorkflowSchedules(context, parent)


def _find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    from smartspec.gui.pages.workflows import palette

    return palette.find(context, query)


def _find_runs(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    from smartspec.gui.pages.workflows import palette

    return palette.find_runs(context, query)


def _last_run(workspace: str) -> str:
    """The one that ran last, else any."""
    from smartspec.commands import executions, workflows

    rows = executions.list_executions(limit=1, workspace=workspace).rows
    if rows and rows[0].workflow is not None:
        return workflows.get_workflow_by_key(rows[0].workflow).id
    known = workflows.list_workflows(limit=1, workspace=workspace).rows
    return known[0].id if known else ""


def _one_ended_badly(workspace: str) -> bool:
    from smartspec.commands import workflows

    return workflows.any_ended_badly(workspace)


_TABS = (
    TabSpec("overview", _("Overview"), _make_overview),
    TabSpec("definition", _("Definition"), _make_definition),
    TabSpec("config", _("Config"), _make_config),
    TabSpec("versions", _("Versions"), _make_versions),
    TabSpec("workflow-schedules", _("Schedules"), _make_schedules),
)

FEATURE = Feature(
    "workflows",
    PageSpec(
        "workflows", _make_page, _("&Workflows"), "tree-structure", ("Ctrl+1",), tabs=_TABS, remembered_key="workflow",
        example=_last_run, needs_attention=_one_ended_badly,
    ),
    actions=(
        ActionSpec("rename", EDIT, 2, _("Re&name…"), "pencil-simple", ("F2",), writes=True),
        ActionSpec("duplicate", EDIT, 2, _("Dup&licate…"), "copy", ("Ctrl+D",), writes=True),
        ActionSpec("activate", EDIT, 2, _("A&ctivate or deactivate"), "toggle-left", writes=True),
        ActionSpec("archive", EDIT, 2, _("&Archive"), "archive", writes=True),
        ActionSpec("executions_aside", VIEW, 4, _("Executions on the ri&ght"), "columns"),
        ActionSpec("replace", EDIT, 1, _("Find and replac&e"), "swap", ("Ctrl+H",), writes=True),
        ActionSpec("run", RUN, 0, _("&Run"), "play", ("Ctrl+Return",), writes=True),
        ActionSpec("run_saved", RUN, 0, _("Run the sa&ved version instead"), "git-commit", writes=True),
        ActionSpec(
            "run_with", RUN, 0, _("Run with &parameters…"), "sliders-horizontal", ("Ctrl+Shift+Return",), writes=True
        ),
        ActionSpec("record", RUN, 3, _("Record an execution by &hand…"), "record", writes=True),
        ActionSpec("workflow_audit", TOOLS, 0, _("&Audit trail of the workflow"), "clipboard-text"),
        ActionSpec("next_problem", TOOLS, 0, _("&Next problem"), "arrow-down", ("F8",)),
    ),
    palette=(PaletteSource(_("Run"), _find_runs), PaletteSource(_("Workflows"), _find)),
    screenshots=(ScreenshotSpec("run", "run_with"),),
)  # fmt: skip
