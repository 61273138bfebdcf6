"""How statuses and triggers are shown: word, icon and colour; and what came of an execution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.reasons import headline
from smartspec.domain.task_status import word_of
from smartspec.domain.text import one_line
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen
from smartspec.vocabulary import REQUEST_IN_TEXT, REQUEST_WORDS, STATUS_IN_TEXT, STATUS_WORDS, TRIGGER_WORDS

if TYPE_CHECKING:
    from smartspec.domain.execution import Execution, TaskExecution

from smartspec.gui.style.formatting import number


@frozen
class StatusStyle:
    """How a status is shown: word, icon (every status has its own shape), colour token, and the word in a sentence."""

    word: str
    icon: str
    colour: str
    in_text: str


_STYLES = {
    "pending": ("circle-dashed", "pending"),
    "running": ("play-circle", "running"),
    "retrying": ("arrow-clockwise", "retrying"),
    "paused": ("pause-circle-fill", "paused"),
    "interrupted": ("lightning-fill", "interrupted"),
    "completed": ("check-circle-fill", "completed"),
    "failed": ("x-circle-fill", "failed"),
    "cancelled": ("prohibit", "cancelled"),
    "timeout": ("hourglass-medium-fill", "timeout"),
    "skipped": ("skip-forward-circle", "skipped"),
    "damaged": ("warning", "failed"),
}  # icon and colour
_TRIGGER_ICONS = {
    "manual": "hand-pointing", "cron": "calendar-blank", "interval": "calendar-blank", "once": "calendar-blank",
    "event": "lightning", "catchup": "moon", "replay": "clock-counter-clockwise", "sub_workflow": "tree-structure",
    "cli": "terminal-window", "api": "code", "external": "globe",
}  # fmt: skip


def status_style(status: str) -> StatusStyle:
    icon, colour = _STYLES[status]
    return StatusStyle(translate(STATUS_WORDS[status]), icon, colour, translate(STATUS_IN_TEXT[status]))


def execution_style(execution: Execution) -> StatusStyle:
    """With what was asked of it and has not come about."""
    found = status_style(execution.status)
    if execution.status is ExecutionStatus.RUNNING and execution.requested is not None:
        target = status_style("cancelled" if execution.requested == "cancel" else "paused")
        word, in_text = REQUEST_WORDS[execution.requested], REQUEST_IN_TEXT[execution.requested]
        return StatusStyle(translate(word), target.icon, target.colour, translate(in_text))
    return found


def task_status(row: TaskExecution) -> str:
    """The word of a row: one that waits for its next attempt is retrying."""
    return word_of(row)


def trigger(name: str) -> tuple[str, str]:
    """Word and icon; of a word that is none (the row is damaged) that itself."""
    return translate(TRIGGER_WORDS.get(name, name)), _TRIGGER_ICONS.get(name, "warning")


def result(execution: Execution) -> str:
    """What came of an execution, in one line: what failed and why, what it waits for, else its note."""
    from smartspec.commands.actor import user  # styles are there before the commands

    if execution.error:
        return one_line(translate(headline(execution)), 300)
    if execution.status == "interrupted":
        return tr("its runner ended; it can be resumed")
    if execution.status == "paused":
        return execution.pause_reason or tr("paused; it can be resumed")
    if execution.status == "pending":
        return tr("waits for a runner")
    if execution.status == "running" and execution.tasks_total:
        ended = sum((execution.tasks_completed, execution.tasks_failed, execution.tasks_tolerated,
                     execution.tasks_skipped, execution.tasks_cancelled))  # fmt: skip
        return trn("{ended} of {n} task", "{ended} of {n} tasks", execution.tasks_total, ended=number(ended))
    if execution.status != "completed" and (said := headline(execution, user())):
        return one_line(translate(said), 300)
    return one_line(execution.note, 300) if execution.note else ""
