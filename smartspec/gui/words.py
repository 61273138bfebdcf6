"""What the window calls things: statuses, triggers, moments, durations, sizes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from smartspec.domain import display, times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.text import one_line
from smartspec.messages import tr as tr
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution, TaskExecution


@frozen
class StatusStyle:
    """How a status is shown: word, icon (every status has its own shape) and colour token."""

    word: str
    icon: str
    colour: str


_STYLES = {
    "pending": StatusStyle("Pending", "circle-dashed", "pending"),
    "running": StatusStyle("Running", "play-circle", "running"),
    "retrying": StatusStyle("Retrying", "arrow-clockwise", "retrying"),
    "paused": StatusStyle("Paused", "pause-circle-fill", "paused"),
    "interrupted": StatusStyle("Interrupted", "lightning-fill", "interrupted"),
    "completed": StatusStyle("Completed", "check-circle-fill", "completed"),
    "failed": StatusStyle("Failed", "x-circle-fill", "failed"),
    "cancelled": StatusStyle("Cancelled", "prohibit", "cancelled"),
    "timeout": StatusStyle("Timeout", "hourglass-medium-fill", "timeout"),
    "skipped": StatusStyle("Skipped", "skip-forward-circle", "skipped"),
}  # the words go through tr where they are shown
_TRIGGERS = {
    "manual": ("By hand", "hand-pointing"),
    "cron": ("Schedule", "calendar-blank"),
    "interval": ("Schedule", "calendar-blank"),
    "once": ("Schedule", "calendar-blank"),
    "event": ("Event", "lightning"),
    "catchup": ("Catch-up", "moon"),
    "replay": ("Replay", "clock-counter-clockwise"),
    "sub_workflow": ("Workflow", "tree-structure"),
    "cli": ("Terminal", "terminal-window"),
    "api": ("Program", "code"),
    "external": ("Outside", "globe"),
}
DASH = "–"


def status_style(status: str) -> StatusStyle:
    found = _STYLES[status]
    return StatusStyle(tr(found.word), found.icon, found.colour)


def execution_style(execution: Execution) -> StatusStyle:
    """With what was asked of it and has not come about."""
    found = status_style(execution.status)
    if execution.status is ExecutionStatus.RUNNING and execution.requested is not None:
        cancels = execution.requested == "cancel"
        target = status_style("cancelled" if cancels else "paused")
        return StatusStyle(tr("Cancelling…") if cancels else tr("Pausing…"), target.icon, target.colour)
    return found


def task_status(row: TaskExecution) -> str:
    """The word of a row: one that waits for its next attempt is retrying."""
    return "retrying" if row.status == "pending" and row.next_retry_at else row.status.value


def trigger(name: str) -> tuple[str, str]:
    """Word and icon."""
    word, icon = _TRIGGERS[name]
    return tr(word), icon


def duration(ms: int | None) -> str:
    """12 ms, 1.5 s, 3 m 20 s, 2 h 5 m: as the terminal says it."""
    return DASH if ms is None else times.format_duration(ms)


def ago(moment: datetime | None, now: datetime) -> str:
    """A moment of the past as a person says it, with the time of day where that tells more."""
    if moment is None:
        return DASH
    local, today = moment.astimezone(), now.astimezone()
    clock, age = f"{local:%H:%M}", now - moment
    if timedelta() <= age < timedelta(minutes=1):
        return tr("just now")
    if timedelta() <= age < timedelta(hours=1):
        return tr("{0} min ago").format(int(age.total_seconds() // 60))
    days = (today.date() - local.date()).days
    if days == 0:
        return tr("today {0}").format(clock)
    if days == 1:
        return tr("yesterday {0}").format(clock)
    if 1 < days < 7:
        return f"{local:%a} {clock}"
    return f"{local.day} {local:%b} {clock}" if local.year == today.year else f"{local.day} {local:%b %Y}"


def exact(moment: datetime | None) -> str:
    """To the second, local."""
    return f"{moment.astimezone():%a %d %b %Y, %H:%M:%S}" if moment else DASH


def number(value: int) -> str:
    """With the separators of the user's language."""
    return QLocale().toString(value)


def size(value: int | None) -> str:
    """12 B, 1.5 KiB: as the terminal says it."""
    return DASH if value is None else display.format_size(value)


def several(value: int, one: str, many: str) -> str:
    """`1 workflow`, `12 workflows`: the number with the word that fits it."""
    return f"{number(value)} {one if value == 1 else many}"


def count(value: int, exactly: int = 10_000) -> str:
    """A count that stops at a limit."""
    return f"{number(exactly)}+" if value > exactly else number(value)


def result(execution: Execution) -> str:
    """What came of an execution, in one line: what failed and why, what it waits for, else its note."""
    if execution.error:
        return one_line(execution.error, 300)
    if execution.status == "interrupted":
        return tr("its runner ended; it can be resumed")
    if execution.status == "paused":
        return execution.pause_reason or tr("paused; it can be resumed")
    if execution.status == "pending":
        return tr("waits for a runner")
    if execution.status == "running" and execution.tasks_total:
        ended = sum((execution.tasks_completed, execution.tasks_failed, execution.tasks_tolerated,
                     execution.tasks_skipped, execution.tasks_cancelled))  # fmt: skip
        return tr("{0} of {1} tasks").format(ended, execution.tasks_total)
    if execution.status_reason and execution.status not in ("completed",):
        return one_line(execution.status_reason, 300)
    return one_line(execution.note, 300) if execution.note else ""


def usual_end(values: tuple[int | None, int | None]) -> str:
    """The tooltip of a duration."""
    median, p95 = values
    if median is None:
        return ""
    return tr("usually {0}, 95 % within {1}").format(duration(median), duration(p95))
