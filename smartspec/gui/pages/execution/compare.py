"""The tab Compare: what differs from another execution, the likely reason first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QScrollArea, QSplitter, QWidget

from smartspec.commands import comparing, configs, executions, versions, workflows
from smartspec.domain import times
from smartspec.domain.compare.comparison import Comparison, Finding
from smartspec.domain.compare.log_diff import LineDifference
from smartspec.domain.config import is_secret_reference
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.jsontext import Json, dump
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.text import one_line
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.execution.comparison_report import log_line, report
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.findings import Findings, sentence_of
from smartspec.gui.pages.execution.tab import ExecutionTab
from smartspec.gui.pages.execution.task_bars import TaskBars
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, duration, number
from smartspec.gui.style.status import execution_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.changed import Changed
from smartspec.gui.widgets.diff import DiffView
from smartspec.gui.widgets.inputs import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate
from smartspec.vocabulary import LIKELIHOOD_WORDS

_OTHERS = 30
_MOST_LOGS = 3


class CompareTab(ExecutionTab):
    """A query is the id of the other side."""

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._execution: Execution | None = None
        self._comparison: Comparison | None = None
        self._wanted = ""  # the id of the other side, empty for the last that worked
        self._asked = ""  # an id that a location named: the other side once its execution is there
        self.other = Choice(tr("Compare with"))
        self.other.setMinimumWidth(280)
        self.other.activated.connect(lambda _: self.compare_with(self.other.currentData()))
        self.this = label("", "heading")
        self.copy = button(tr("Copy report"), "", "copy", self._copy)
        self.findings = Findings()
        self.findings.chosen.connect(self._show_finding)
        self._same = label("", "secondary")
        self._same.setWordWrap(True)
        self._headline = label("", "title")
        self._headline.setWordWrap(True)
        self._why = label("", "secondary")
        self._why.setWordWrap(True)
        self.action_button = button("", then=self._go_there)
        self.put_back = button("", "", "arrow-counter-clockwise", self._put_back)
        self.value = Changed(beside=True)
        self._tasks = TaskBars()
        self._log_title = label(tr("First line of the log that differs"), "heading")
        self._log_names = [label("", "caption") for _ in range(_MOST_LOGS)]
        self.logs = [Changed(beside=False) for _ in range(_MOST_LOGS)]
        self.diff = DiffView()
        self.diff.set_unified(True)
        self.diff.setMinimumHeight(160)
        self._diff_title = label(tr("The definition"), "heading")
        self._lay_out_comparison()

    def _lay_out_comparison(self) -> None:
        top = frame("surface")
        top.setLayout(row(self.other, label("⇆", "secondary"), self.this, None, self.copy, margins=(20, 8, 14, 8)))
        left = frame("pane")
        left.setLayout(
            column(
                row(label(tr("Differences, most likely cause first"), "section"), margins=(20, 12, 8, 4)),
                self.findings,
                row(label(tr("The same in both"), "section"), margins=(20, 10, 8, 2)),
                row(self._same, margins=(20, 0, 12, 12)),
                None,
                spacing=2,
            )
        )
        head = row()
        head.addWidget(self._headline, 1)
        head.addWidget(self.put_back)
        head.addWidget(self.action_button)
        logs = [each for pair in zip(self._log_names, self.logs, strict=True) for each in pair]
        inner = QWidget()
        inner.setLayout(column(
            head, self._why, 4, self.value, self._diff_title, self.diff, 8, self._tasks, 8, self._log_title, *logs,
            None, margins=(20, 14, 20, 14), spacing=6,
        ))  # fmt: skip
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidget(inner)
        sides = QSplitter()
        sides.setHandleWidth(1)
        sides.addWidget(left)
        sides.addWidget(area)
        sides.setSizes([380, 820])
        sides.setStretchFactor(1, 1)
        self.states = ContentStates(sides)
        self.setLayout(column(top, line(), self.states, spacing=0, fill=self.states))

    def show_detail(self, detail: Detail, rows: Sequence[TaskExecution]) -> None:
        execution, before = detail.execution, self._execution
        asked, self._asked = self._asked, ""
        if before is not None and (before.id, before.status) == (execution.id, execution.status):
            if asked:
                self.compare_with(asked)
            return
        if asked or before is None or before.id != execution.id:
            self._wanted = asked
        self._execution, self._comparison = execution, None
        self.this.setText(
            tr(
                "#{number} this execution · {status}",
                number=execution.number,
                status=execution_style(execution).in_text,
            )
        )
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
        self.states.show_content()
        self._tasks.show_pairs(found)
        self._same.setText("\n".join(f"✓  {translate(each)}" for each in found.same) or tr("Nothing"))
        self._show_logs([*found.log.items()])
        self.findings.show_findings(found.findings)

    def _show_logs(self, found: list[tuple[str, LineDifference]]) -> None:
        self._log_title.setVisible(bool(found))
        for at, (name, change) in enumerate(zip(self._log_names, self.logs, strict=True)):
            for each in (name, change):
                each.setVisible(at < len(found))
            if at < len(found):
                task, difference = found[at]
                name.setText(tr("{task}, line {line}", task=task, line=number(difference.line)))
                change.show_change(log_line(difference.old), log_line(difference.new))

    def _show_finding(self, finding: Finding | None) -> None:
        found = self._comparison
        if found is None:
            return
        self._headline.setText(sentence_of(finding) if finding else tr("No difference was found"))
        self._why.setText(
            tr("{likelihood}: {why}.", likelihood=LIKELIHOOD_WORDS[finding.likelihood], why=finding.why)
            if finding
            else tr("Files, network and other programs are not recorded: look there.")
        )
        kind = finding.kind if finding else ""
        self.action_button.setVisible(kind in ("setting", "definition"))
        self.action_button.setText(tr("Open Config") if kind == "setting" else tr("Open Versions"))
        self._show_value(found, finding)
        shown = kind == "definition" and bool(found.lines)
        self._diff_title.setVisible(shown)
        self.diff.setVisible(shown)
        if shown:
            self._context.run(self, partial(_sources, found), self._show_sources)

    def _show_sources(self, texts: tuple[str, str]) -> None:
        self.diff.show_texts(*texts)
        self.diff.setFixedHeight(min(420, 12 + 21 * self.diff.row_count))

    def _show_value(self, found: Comparison, finding: Finding | None) -> None:
        """Of a setting or an input: as it was and as it is, and for a setting the way back."""
        has_values = (
            finding is not None and finding.key != "" and not any(map(is_secret_reference, (finding.old, finding.new)))
        )
        self.value.setVisible(has_values)
        can_go_back = has_values and finding is not None and finding.kind == "setting" and finding.old is not None
        self.put_back.setVisible(can_go_back and found.new.workflow is not None)
        if finding is not None and has_values:
            names = (f"#{found.old.number}", f"#{found.new.number}")
            self.value.show_change(_value_text(finding.old), _value_text(finding.new), names)
            self.put_back.setText(tr("Use {value} again", value=one_line(_value_text(finding.old), 24)))

    def _put_back(self) -> None:
        """The setting gets the value that it had; Undo gives it back the one of now."""
        found, finding, workspace = self._comparison, self.findings.finding, self._context.workspace
        if found is None or finding is None or found.new.workflow is None:
            return
        workflow, key = found.new.workflow, finding.key
        told = tr("{key} is {value} again", key=key, value=one_line(_value_text(finding.old), 40))

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


def _value_text(value: Json) -> str:
    return tr("nothing") if value is None else value if isinstance(value, str) else dump(value)


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
