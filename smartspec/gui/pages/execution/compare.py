"""The tab Compare: what differs from another execution, the likely reason first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QWidget

from smartspec.commands import comparing, configs, executions, versions, workflows
from smartspec.domain import times
from smartspec.domain.compare.comparison import Comparison, Finding
from smartspec.domain.compare.verdict import ReplayVerdict
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.jsontext import Json
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.text import one_line
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.compare_detail import CompareDetail, value_text
from smartspec.gui.pages.execution.compare_sides import OtherSide, ThisSide
from smartspec.gui.pages.execution.compare_verdict import VerdictLine
from smartspec.gui.pages.execution.comparison_report import report
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.findings import Findings
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, duration
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.buttons import button, fold
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate

_OTHERS = 30
_LEFT, _STACKED_BELOW = 380, 860  # pixels
_WIDEST = 16_777_215  # Qt's own: no limit


class CompareTab(ExecutionTab):
    """A query is the id of the other side."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._execution: Execution | None = None
        self._comparison: Comparison | None = None
        self._wanted = ""  # the id of the other side, empty for the last that worked
        self._asked = ""  # an id that a location named: the other side once its execution is there
        self._original = ""  # of a replay the id of what it repeats
        self.other, self.this = OtherSide(), ThisSide()
        self.other.activated.connect(lambda _: self.compare_with(self.other.currentData()))
        self.differences = Chip(tr("Only differences"), "funnel")
        self.differences.setChecked(context.ui_state.get("compare.differences", True))
        self.copy = button(tr("Copy report"), "", "copy", self._copy)
        self.verdict = VerdictLine()
        self.findings = Findings()
        self._same_title, self._same = label(tr("The same in both"), "section"), label("", "secondary")
        self._cut = label("", "caption")
        for each in (self._same, self._cut):
            each.setWordWrap(True)
        self.detail = CompareDetail()
        self._connect_parts()
        self._lay_out_comparison()

    def _connect_parts(self) -> None:
        self.findings.chosen.connect(self._show_finding)
        self.detail.put_back_asked.connect(self._put_back)
        self.detail.place_asked.connect(self._go_there)
        self.detail.source_asked.connect(self._read_sources)
        self.differences.toggled.connect(self._on_only_differences)
        self.setFocusProxy(self.findings)

    def _lay_out_comparison(self) -> None:
        """One scroll bar for all of it: the sides stand beside one another, or below where there is little room."""
        top = frame("surface")
        arrows = Icon("arrows-left-right", size=16)
        top.setLayout(row(
            self.other, arrows, self.this, None, self.differences, self.copy, margins=(20, 7, 20, 7), spacing=14,
        ))  # fmt: skip
        self._left = frame("pane")
        self._left.setLayout(column(
            row(label(tr("Differences, most likely cause first"), "section"), margins=(20, 12, 8, 4)), self.findings,
            row(self._same_title, margins=(20, 10, 8, 2)), row(self._same, margins=(20, 0, 12, 12)),
            row(self._cut, margins=(20, 0, 12, 12)), None, spacing=2,
        ))  # fmt: skip
        self._edge = line(vertical=True)
        inner = QWidget()
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._sides.setContentsMargins(0, 0, 0, 0)
        self._sides.setSpacing(0)
        for each in (self._left, self._edge, self.detail):
            self._sides.addWidget(each)
        self._sides.setStretchFactor(self.detail, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setAccessibleName(tr("Differences"))
        body = QWidget()
        body.setLayout(column(self.verdict, area, spacing=0, fill=area))
        self.states = ContentStates(body)
        self.setLayout(column(top, line(), self.states, spacing=0, fill=self.states))
        self._stack_sides()

    def _stack_sides(self) -> None:
        is_stacked = self.width() < _STACKED_BELOW
        way = QBoxLayout.Direction.TopToBottom if is_stacked else QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(way)
        fold(self.copy, is_stacked)
        self.differences.fold(is_stacked)
        self._edge.setMinimumSize(1, 1)
        self._edge.setMaximumSize(*((_WIDEST, 1) if is_stacked else (1, _WIDEST)))
        self._left.setMinimumWidth(0 if is_stacked else _LEFT)
        self._left.setMaximumWidth(_WIDEST if is_stacked else _LEFT)

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        execution, before = detail.execution, self._execution
        asked, self._asked = self._asked, ""
        if before is not None and (before.id, before.status) == (execution.id, execution.status):
            if asked:
                self.compare_with(asked)
            return
        self._original = detail.original.id if detail.original else ""
        if asked or before is None or before.id != execution.id:
            self._wanted = asked or self._original
        self._execution, self._comparison = execution, None
        self.this.show_side(execution)
        self.other.show_side(None, "")
        self.verdict.hide()
        wanted = ExecutionFilter(workflow=execution.workflow)
        read = partial(executions.list_executions, wanted, limit=_OTHERS, workspace=self._context.workspace)
        if execution.workflow is not None:
            self._context.run(self, read, lambda page: self._fill_others(page.rows))
        self.compare_with(self._wanted)

    def show_query(self, query: str) -> None:
        self._asked = query

    def _fill_others(self, rows: tuple[Execution, ...]) -> None:
        assert self._execution is not None
        self.other.clear()
        self.other.addItem(icons.icon("check-circle-fill", "completed"), tr("The last success"), "")
        for each in rows:
            if each.pk != self._execution.pk:
                self._add_other(each, f"#{each.number}")
        self._choose_other()

    def _add_other(self, each: Execution, name: str) -> None:
        shown = execution_style(each)
        word = f"{name} {shown.in_text} · {ago(each.created_at, times.now())} · {duration(each.duration_ms)}"
        self.other.addItem(icons.icon(shown.icon, shown.colour), word, each.id)

    def _choose_other(self) -> None:
        """One of another workflow, or older than those that are offered, joins them once it is read."""
        found = self._comparison
        if found is not None and found.old.id == self._wanted and self.other.findData(self._wanted) < 0:
            self._add_other(found.old, found.old.label)
        self.other.setCurrentIndex(max(0, self.other.findData(self._wanted)))

    def compare_with(self, other: str) -> None:
        """The id of another execution; empty for the last one that worked."""
        self._wanted = other
        self._choose_other()
        if self._execution is None:
            return
        self.states.show_loading()
        workspace = self._context.workspace
        if other:
            command = partial(comparing.compare_executions, other, self._execution.id, workspace)
        else:
            command = partial(comparing.compare_with_last_good, self._execution.id, workspace)
        self._context.run(
            self, command, partial(self._show_comparison, self._execution.id), self._on_compare_failed, worker="slow"
        )

    def _on_compare_failed(self, error: SmartSpecError) -> None:
        self.states.show_empty("arrows-left-right", tr("Nothing to compare with"), translate(error.sentence))

    def _show_comparison(self, id_: str, found: Comparison) -> None:
        if self._execution is None or id_ != self._execution.id:
            return
        self._comparison = found
        self._choose_other()
        self.other.show_side(found.old, self._word_of(found.old))
        self.states.show_content()
        self.detail.show_comparison(found)
        self._on_only_differences()
        same = "\n".join(f"✓  {translate(each)}" for each in found.same)
        self._same.setText(same)
        for each in (self._same_title, self._same):
            each.setVisible(bool(same))
        self._cut.setText(translate(found.cut))
        self._cut.setVisible(bool(found.cut))
        self.findings.show_findings(found)
        self._ask_for_verdict(found)

    def _word_of(self, old: Execution) -> str:
        """What the other side is to this one."""
        if old.id == self._original:
            return tr("the original")
        return tr("last success") if not self._wanted else execution_style(old).in_text

    def _ask_for_verdict(self, found: Comparison) -> None:
        """Of a replay beside its original."""
        if not self._original or found.old.id != self._original:
            self.verdict.hide()
            return
        read = partial(comparing.replay_verdict, found.new.id, self._context.workspace)
        self._context.run(self, read, partial(self._on_verdict, found), lambda _: self.verdict.hide(), worker="slow")

    def _on_verdict(self, of: Comparison, found: ReplayVerdict) -> None:
        if of is self._comparison:
            self.verdict.show_verdict(found)

    def _on_only_differences(self) -> None:
        only = self.differences.isChecked()
        self._context.ui_state.keep("compare.differences", only)
        self.detail.tasks.show_only_differences(only)

    def _show_finding(self, finding: Finding | None) -> None:
        if self._comparison is not None:
            self.detail.show_finding(self._comparison, finding)

    def _read_sources(self) -> None:
        if self._comparison is not None:
            self._context.run(self, partial(_sources, self._comparison), self.detail.show_sources)

    def _put_back(self) -> None:
        """The setting gets the value that it had; Undo gives it back the one of now."""
        found, finding, workspace = self._comparison, self.findings.finding, self._context.workspace
        if found is None or finding is None or found.new.workflow is None:
            return
        workflow, key = found.new.workflow, finding.key
        told = tr("{key} is {value} again", key=key, value=one_line(value_text(finding.old), 40))

        def on_set(before: Json) -> None:
            def undo() -> None:
                self._context.run(self._context.notifications, partial(_set, workflow, key, before, workspace))

            self._context.notifications.toast(told, undo, "sliders-horizontal")

        self._context.run(self, partial(_set, workflow, key, finding.old, workspace), on_set)

    def _go_there(self) -> None:
        found, finding = self._comparison, self.findings.finding
        if found is None or found.new.workflow is None or finding is None:
            return
        tab = "config" if finding.kind == "setting" else "versions"
        key = found.new.workflow
        self._context.run(
            self, partial(_workflow_id, key), lambda id_: self._context.navigator.go(Location("workflows", id_, tab))
        )

    def _copy(self) -> None:
        if self._comparison is not None:
            QGuiApplication.clipboard().setText(report(self._comparison))
            self._context.notifications.toast(tr("Copied the report"), None, "copy")

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stack_sides()


def _set(workflow: WorkflowPk, key: str, value: Json, workspace: str) -> Json:
    """Save a setting, None for its default; the answer is what was saved before."""
    ref = workflows.get_workflow_by_key(workflow).id
    found = next((each for each in configs.list_configs(ref, workspace) if each.key == key), None)
    before = found.value if found is not None and found.source == "saved" else None
    if value is None:
        configs.delete_config(ref, key, workspace)
    else:
        configs.set_config(ref, key, value, workspace=workspace)
    return before


def _workflow_id(key: WorkflowPk) -> str:
    return workflows.get_workflow_by_key(key).id


def _sources(found: Comparison) -> tuple[str, str]:
    texts = [
        versions.get_version_by_key(each.version).source if each.version else "" for each in (found.old, found.new)
    ]
    return texts[0], texts[1]
