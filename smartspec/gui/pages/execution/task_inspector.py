"""Beside the graph of an execution: the chosen task, its attempts or items, and where its failure went."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.domain.engine.states import TASK_PROBLEM
from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.reasons import error_in_text, reason_in_text
from smartspec.domain.task_path import prevented_tasks
from smartspec.domain.task_run import TaskRun
from smartspec.formatting import DASH
from smartspec.gui.pages.execution.attempt_list import AttemptList
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.pages.execution.task_facts import facts_of, waits_of
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import execution_style, status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import scrolled
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, frame, line, restyle, row
from smartspec.messages import tr, translate

WIDTH = 296


class TaskInspector(QWidget):
    """`chosen` carries an attempt, `task_asked` the name of another task, `execution_asked` an id."""

    chosen = Signal(object)
    task_asked = Signal(str)
    execution_asked = Signal(str)
    tab_asked = Signal(str)
    rerun_asked = Signal()
    definition_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("inspector")
        self.setMinimumWidth(WIDTH)
        self._icon, self.name, self._took = Icon(size=16), Elided("title"), label("", "heading")
        self._facts, self._error = label("", "secondary"), label("", "")
        for each in (self._facts, self._error):
            each.setWordWrap(True)
        self._error.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._heading, self._waits = label("", "heading"), label("", "caption")
        self.attempts = AttemptList()
        self.attempts.chosen.connect(self.chosen)
        self._went_heading = label(tr("Where the failure went"), "heading")
        self._went = QVBoxLayout()
        self._went.setSpacing(0)
        self.child = button("", "link", "tree-structure", self._open_child)
        self.data = button(tr("Inputs and outputs"), "link", "brackets-curly", lambda: self.tab_asked.emit("data"))
        self.rerun = button(tr("Re-run from here…"), "", "arrow-clockwise", self.rerun_asked.emit)
        self.definition = button(tr("Definition"), "", "code", self.definition_asked.emit)
        self._child: Execution | None = None
        self._lay_out()

    def _lay_out(self) -> None:
        pane, foot = frame("pane"), frame("pane")
        top = row(self._icon, self.name, self._took, margins=(15, 12, 14, 0))
        top.setStretchFactor(self.name, 1)
        head = row(self._heading, None, self._waits, margins=(15, 4, 14, 0))
        links = column(self.child, self.data, spacing=2, margins=(11, 2, 14, 6))
        links.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self._went_heading.setContentsMargins(9, 0, 0, 0)
        went = column(self._went_heading, self._went, spacing=2, margins=(6, 4, 6, 4))
        words = column(self._facts, self._error, spacing=4, margins=(15, 0, 14, 0))
        pane.setLayout(column(top, words, head, self.attempts, went, links, None, spacing=6))
        scroll = scrolled(pane)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot.setLayout(row(self.rerun, self.definition, None, margins=(11, 9, 11, 9)))
        inner = column(scroll, line(), foot, spacing=0, fill=scroll)
        outer = row(line(vertical=True), spacing=0)
        outer.addLayout(inner, 1)
        self.setLayout(outer)

    def show_task(self, detail: Detail, run: TaskRun, rows: Sequence[TaskExecution]) -> None:
        status = run.status
        shown = status_style(status) if status else None
        self._icon.show_icon(*((shown.icon, shown.colour) if shown else ("circle-dashed", "text2")))
        self.name.setText(run.task.removeprefix("handlers."))
        took = run.duration_ms(times.now())
        self._took.setText(DASH if took is None else duration(took))
        restyle(self._took, tone=shown.colour if shown and status in TASK_PROBLEM else "text2")
        self._facts.setText(facts_of(detail, run, shown.word if shown else tr("Not run")))
        self._show_error(run, rows)
        self._show_attempts(run, rows)
        self._show_where_it_went(detail, run)
        child = run.latest.child_execution if run.latest is not None else None
        self._child = detail.children.get(child) if child is not None else None
        self.child.setVisible(self._child is not None)
        if self._child is not None:
            told = f"{self._child.label} · {execution_style(self._child).in_text}"
            self.child.setText(told.replace("&", "&&"))
        self.definition.setVisible(bool(detail.workflow) and detail.definition is not None)

    def show_unbegun(self, detail: Detail, task: str) -> None:
        """A handler that was not wanted."""
        self.show_task(detail, TaskRun(task), ())

    def show_rerun(self, can: bool) -> None:
        self.rerun.setVisible(can)

    def _show_error(self, run: TaskRun, rows: Sequence[TaskExecution]) -> None:
        failed = next((row for row in reversed(rows) if row.error and row.status in TASK_PROBLEM), None)
        row_ = failed if run.status in TASK_PROBLEM and failed is not None else run.latest
        said = ""
        if row_ is not None and run.status != "completed":
            reason = row_.status_reason
            said = translate(error_in_text(row_.error)) if row_.error else translate(reason_in_text(reason or ""))
        self._error.setText(said)
        self._error.setVisible(bool(said))

    def _show_attempts(self, run: TaskRun, rows: Sequence[TaskExecution]) -> None:
        begun = [each for each in rows if each.started_at is not None]
        if run.has_items:
            told = tr("Items · {ok}/{all} ok", ok=number(run.ok), all=number(run.items))
            listed = len({each.item_index for each in begun})
            waits = tr("{n} listed, what went wrong first", n=number(listed)) if listed < run.items else ""
        else:
            told, waits = tr("Attempts"), waits_of(begun)
        self._heading.setText(told)
        self._waits.setText(waits)
        self.attempts.show_attempts(run, begun)
        for each in (self._heading, self._waits):
            each.setVisible(bool(begun))

    def _show_where_it_went(self, detail: Detail, run: TaskRun) -> None:
        """What did not run for it, and what ran because of it."""
        clear_layout(self._went)
        led_to = [*_led_to(detail, run)] if run.status in TASK_PROBLEM else []
        for name, status, told in led_to[:8]:
            self._went.addWidget(self._link(name, status, told), 0, Qt.AlignmentFlag.AlignLeft)
        self._went_heading.setVisible(bool(led_to))

    def _link(self, name: str, status: str, told: str) -> QPushButton:
        shown = status_style(status)
        words = f"{name.removeprefix('handlers.')}  {told}".replace("&", "&&")
        made = button(words, "ghost", then=lambda: self.task_asked.emit(name))
        made.setIcon(icons.icon(shown.icon, shown.colour))
        made.setIconSize(QSize(19, 14))
        return made

    def _open_child(self) -> None:
        if self._child is not None:
            self.execution_asked.emit(self._child.id)


def _led_to(detail: Detail, run: TaskRun) -> list[tuple[str, str, str]]:
    runs = {each.task: each for each in detail.tasks}
    prevented = prevented_tasks(detail.edges, runs)
    found = [(name, "skipped", tr("not reached")) for name, cause in prevented.items() if cause == run.task]
    for each in detail.tasks:
        if each.task.startswith("handlers.") and each.status is not None:
            took = each.duration_ms(times.now())
            found.insert(0, (each.task, each.status, tr("ran, {duration}", duration=duration(took))))
    return found
