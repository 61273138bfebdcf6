"""An execution as a feature: its page, and what can be done with executions wherever they are listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.gui.contract import (
    EDIT,
    RUN,
    ActionSpec,
    Feature,
    Page,
    PageSpec,
    PaletteEntry,
    PaletteQuery,
    PaletteSource,
    TabSpec,
)
from smartspec.gui.core.navigation import LINK
from smartspec.messages import _

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from smartspec.gui.core.context import AppContext
    from smartspec.gui.pages.execution.tab import ExecutionTab


def _make_page(context: AppContext, parent: QWidget) -> Page:
    from smartspec.gui.pages.execution.page import ExecutionPage

    return ExecutionPage(context, _TABS, parent)


def _make_timeline(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.timeline_tab import TimelineTab

    return TimelineTab(context, parent)


def _make_graph(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.graph_tab import GraphTab

    return GraphTab(context, parent)


def _make_log(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.log_tab import LogTab

    return LogTab(context, parent)


def _make_data(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.values import InputsOutputsTab

    return InputsOutputsTab(context, parent)


def _make_variables(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.variables_tab import VariablesTab

    return VariablesTab(context, parent)


def _make_snapshot(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.values import SnapshotTab

    return SnapshotTab(context, parent)


def _make_events(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.events import EventsTab

    return EventsTab(context, parent)


def _make_compare(context: AppContext, parent: QWidget) -> ExecutionTab:
    from smartspec.gui.pages.execution.compare import CompareTab

    return CompareTab(context, parent)


def _find(context: AppContext, query: PaletteQuery) -> list[PaletteEntry]:
    from smartspec.gui.pages.execution import palette

    return palette.find(context, query)


def _last_failed(workspace: str) -> str:
    """The newest that failed and was run here, else the newest."""
    from smartspec.commands import executions
    from smartspec.domain.engine.states import ExecutionStatus
    from smartspec.domain.search.filters import ExecutionFilter

    failed = ExecutionFilter(status=frozenset({ExecutionStatus.FAILED}))
    rows = executions.list_executions(failed, workspace=workspace).rows
    rows += executions.list_executions(workspace=workspace).rows
    run_here = [each for each in rows if each.version is not None and each.tasks_total]
    return (run_here or [*rows])[0].id if rows else ""


_TABS = (
    TabSpec("timeline", _("Timeline"), _make_timeline),
    TabSpec("graph", _("Graph"), _make_graph),
    TabSpec("log", _("Log"), _make_log),
    TabSpec("data", _("Inputs && outputs"), _make_data),
    TabSpec("variables", _("Variables"), _make_variables),
    TabSpec("snapshot", _("Config snapshot"), _make_snapshot),
    TabSpec("events", _("Events"), _make_events),
    TabSpec("compare", _("Compare"), _make_compare),
)

FEATURE = Feature(
    "execution",
    PageSpec("execution", _make_page, parent="history", tabs=_TABS, link=LINK, example=_last_failed),
    actions=(
        ActionSpec("copy_command", EDIT, 3, _("Copy as co&mmand"), "terminal-window", ("Ctrl+Shift+C",)),
        ActionSpec("copy_link", EDIT, 3, _("Copy l&ink"), "link", ("Ctrl+Shift+L",)),
        ActionSpec("pin", EDIT, 3, _("&Pin or unpin"), "push-pin", writes=True),
        ActionSpec("note", EDIT, 3, _("N&ote…"), "note-pencil", ("Ctrl+Shift+N",), writes=True),
        ActionSpec("stop", RUN, 1, _("&Stop"), "stop", ("Ctrl+.",), writes=True),
        ActionSpec("pause", RUN, 1, _("Pa&use"), "pause", writes=True),
        ActionSpec("resume", RUN, 1, _("R&esume"), "play", writes=True),
        ActionSpec("rerun", RUN, 2, _("Re-run &failed"), "arrow-clockwise", ("Ctrl+R",), writes=True),
        ActionSpec("rerun_from", RUN, 2, _("Re-run fr&om here…"), "arrow-clockwise", writes=True),
        ActionSpec("again", RUN, 2, _("Run a&gain"), "repeat", writes=True),
        ActionSpec("replay", RUN, 2, _("Rep&lay…"), "clock-counter-clockwise", writes=True),
        ActionSpec("compare", RUN, 4, _("&Compare with last success"), "arrows-left-right", ("Ctrl+Shift+D",)),
    ),
    palette=(PaletteSource(_("Executions"), _find),),
)
