"""The lines of a timeline: a task, and below it its attempts and items."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from smartspec.domain.execution import Execution, TaskExecution
from smartspec.domain.reasons import reason_in_text
from smartspec.domain.task_duration import task_duration_ms
from smartspec.domain.task_run import TaskRun
from smartspec.domain.task_status import word_of
from smartspec.formatting import DASH
from smartspec.gui.pages.execution.detail import Detail
from smartspec.gui.style.formatting import duration, exact, number
from smartspec.messages import tr, translate, trn
from smartspec.value import field, mutable

MOST_LISTED = 2_000  # below one task: what is open is laid out anew with each page


@mutable
class Line:
    """A row: a task with those of its attempts that were read, or one of these. `most` is how many are below it.

    `usual` is when it usually ends (ms after its start). Of a task that a re-run kept, no bar is drawn.
    """

    name: str
    note: str
    status: str
    rows: list[TaskExecution]
    run: TaskRun | None = None
    most: int = 0
    children: list[Line] = field(default_factory=list)
    usual: tuple[int, int] | None = None

    @property
    def key(self) -> object:
        """What it is of."""
        return self.rows[0].pk if self.run is None and self.rows else self.name

    @property
    def row(self) -> TaskExecution | None:
        """The attempt that speaks for it: of a task one that runs or went wrong, else its last."""
        if self.run is None:
            return self.rows[0] if self.rows else None
        return next((row for row in reversed(self.rows) if word_of(row) == self.status), self.run.latest)

    @property
    def begun(self) -> str:
        """When; "" where it has not."""
        of = self.run or self.row
        return "" if of is None or of.started_at is None else exact(of.started_at)

    def took_ms(self, now: datetime) -> int | None:
        """As long as its bar: of a task all its attempts and the waits between them."""
        if self.run is not None:
            return self.run.duration_ms(now)
        return task_duration_ms(self.rows)

    def took(self, now: datetime) -> str:
        ms = self.took_ms(now)
        return DASH if ms is None else duration(ms)

    def took_words(self) -> str:
        """What the duration takes in."""
        run = self.run
        if run is None or run.attempts < 2:
            return tr("From its start to its end")
        if run.has_items:
            return tr("From the start of the first item to the end of the last")
        return tr("From the start of the first attempt to the end of the last, with the waits between them")


def lines(detail: Detail) -> list[Line]:
    """The tasks in the order of the file, begun or not; several attempts or items open below."""
    by_task: dict[str, list[TaskExecution]] = {}
    for row in detail.rows:
        by_task.setdefault(row.task, []).append(row)
    return [_line(detail, run, by_task.get(run.task, [])) for run in detail.tasks]


def _line(detail: Detail, run: TaskRun, rows: list[TaskExecution]) -> Line:
    opens = run.attempts > 1 or run.has_items
    is_whole = len(rows) >= run.attempts
    children = child_lines(rows, run) if opens and is_whole else []
    usual = None if run.has_items else detail.usual.get(run.task)  # what is usual of an item says nothing of all
    return Line(
        run.task.removeprefix("handlers."), _note(detail, run), run.status or not_begun(detail.execution), rows, run,
        run.attempts if opens else 0, children, usual,
    )  # fmt: skip


def not_begun(execution: Execution) -> str:
    """How a task stands of which nothing was decided: it has its turn still to come, or never had."""
    return "pending" if execution.completed_at is None else "skipped"


def _note(detail: Detail, run: TaskRun) -> str:
    parts = []
    if run.task.startswith("handlers."):
        parts.append(tr("on {state}", state=run.task.partition(".")[2]))
    if run.has_items:
        parts.append(tr("{ok}/{all} ok", ok=number(run.ok), all=number(run.items)))
    elif run.attempts > 1:
        parts.append(trn("{n} attempt", "{n} attempts", run.attempts))
    if run.status is None and detail.execution.completed_at is not None:
        parts.append(tr("not reached"))
    if run.is_kept:
        parts.append(tr("kept"))
    child = run.latest.child_execution if run.latest is not None else None
    if child in detail.children and child is not None and not run.has_items:
        parts.append(detail.children[child].label)
    return " · ".join(parts)


def child_lines(rows: Iterable[TaskExecution], run: TaskRun) -> list[Line]:
    """A line for each attempt."""
    rows = [*rows]
    if len(rows) >= run.attempts:
        rows.sort(key=lambda row: (row.item_index, row.pk))
    several = run.attempts > run.items or not run.has_items
    return [Line(_child_name(row, run.has_items, several), _child_note(row), word_of(row), [row]) for row in rows]


def rest_line(count: int) -> Line:
    """In the place of those that are not listed."""
    told = trn("{n} more that is not listed", "{n} more that are not listed", count)
    return Line(told, tr("what went wrong comes first"), "completed", [])


def _child_name(row: TaskExecution, has_items: bool, several: bool) -> str:
    item = tr("Item {number}", number=row.item_index) if has_items else ""
    attempt = tr("Attempt {number}", number=row.attempt) if several else ""
    return " · ".join(filter(None, (item, attempt)))


def _child_note(row: TaskExecution) -> str:
    if row.exit_code is not None:
        return tr("exit {code}", code=row.exit_code)
    return translate(reason_in_text(row.status_reason)) if row.status_reason else ""


def same_shape(one: Sequence[Line], other: Sequence[Line]) -> bool:
    """Whether they are of the same tasks, so that what is open may stay so."""
    return [(each.name, each.most > 0) for each in one] == [(each.name, each.most > 0) for each in other]
