"""How rules, due times and decisions of schedules are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from smartspec.commands.schedule_conditions import ConditionCheck
from smartspec.commands.schedule_plan import conditions_of
from smartspec.domain.schedule.conditions import Conditions, conditions_in_short, conditions_in_words
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.summary import DueMark, FiringEntry
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.formatting import format_clock, format_due
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.style.status import status_style
from smartspec.messages import Message, _, tr, translate
from smartspec.value import frozen

D = Decision
_LONGEST_ERROR = _LONGEST_CONDITIONS = 200
_DECISIONS = {
    D.RAN: (_("Ran"), "check-circle-fill", "completed"),
    D.CAUGHT_UP: (_("Caught up"), "moon", "running"),
    D.QUEUED: (_("Queued"), "queue", "pending"),
    D.REPLACED: (_("Replaced one"), "repeat", "running"),
    D.SKIPPED_OVERLAP: (_("Skipped"), "skip-forward-circle", "skipped"),
    D.SKIPPED_MISSED: (_("Missed"), "x", "skipped"),
    D.SKIPPED_ASLEEP: (_("Missed"), "moon", "skipped"),
    D.SKIPPED_PAUSED: (_("Paused"), "pause-circle-fill", "paused"),
    D.SKIPPED_CONDITION: (_("Skipped"), "skip-forward-circle", "skipped"),
    D.SKIPPED_BLACKOUT: (_("Skipped"), "skip-forward-circle", "skipped"),
    D.COULD_NOT_START: (_("Not started"), "x-circle-fill", "failed"),
}


@frozen
class DecisionStyle:
    """Word, icon and colour token of a decision."""

    word: str
    icon: str
    colour: str


def decision_style(decision: Decision, status: str = "") -> DecisionStyle:
    """What ran has the icon of how it ended; what a condition held up and was made up for was caught up."""
    is_made_up_for = decision is D.SKIPPED_CONDITION and status
    word, icon, colour = _DECISIONS[D.CAUGHT_UP if is_made_up_for else decision]
    if status and decision in (D.RAN, D.QUEUED, D.REPLACED):
        icon, colour = status_style(status).icon, status_style(status).colour
    return DecisionStyle(translate(word), icon, colour)


def until(moment: datetime, now: datetime) -> str:
    """in 28 m, in 1 h 30 m, in 11 h, in 3 d."""
    seconds = max(0, int((moment - now).total_seconds()))
    if seconds < 60:
        return tr("now")
    for least, unit in ((86_400, 86_400), (36_000, 3_600)):
        if seconds >= least:
            seconds = seconds // unit * unit
            break
    return tr("in {duration}", duration=duration(seconds // 60 * 60_000))


def next_text(schedule: Schedule, now: datetime) -> str:
    """What the column Next says."""
    if schedule.status is ScheduleStatus.PAUSED:
        return tr("paused")
    if schedule.status is ScheduleStatus.ERROR:
        return tr("cannot fire: {why}", why=schedule.error or "")
    if schedule.next_run_at is None:
        return translate(_WITHOUT_TIME.get(schedule.trigger_type, _("never again")))
    at = schedule.next_run_at
    return f"{translate(format_due(at, now))} · {until(at, now)}"


def result_text(entry: FiringEntry | None) -> str:
    """How what ran last ended, with its error; where nothing ran, what was decided and why."""
    if entry is None:
        return tr("not due yet")
    if entry.execution is None:
        word, reason = decision_style(entry.firing.decision).word, translate(explain(entry.firing.firing))
        return f"{word}: {reason}" if reason else word
    word, error = status_style(entry.execution.status).in_text, entry.execution.error
    return f"{word}: {one_line(error, _LONGEST_ERROR)}" if error else word


def counts_text(schedule: Schedule) -> str:
    """How its executions ended, and what was missed."""
    said = [
        tr("{n} completed", n=number(schedule.success_count)), tr("{n} failed", n=number(schedule.failure_count)),
    ]  # fmt: skip
    if schedule.missed_count:
        said.append(tr("{n} missed", n=number(schedule.missed_count)))
    return ", ".join(said)


_WITHOUT_TIME = {"event": _("on its event"), "manual": _("by hand")}


def mark_text(mark: DueMark, now: datetime) -> str:
    """The tooltip of a mark."""
    at = translate(format_due(mark.at, now))
    if mark.decision is None:
        return tr("{at}: due, {until}", at=at, until=until(mark.at, now))
    if mark.until is not None:
        at = tr("{first} to {last}", first=at, last=format_clock(mark.until))
    word = decision_style(mark.decision).word
    return f"{at}: {word}" if not mark.status else f"{at}: {word}, {status_style(mark.status).in_text}"


def conditions_text(schedule: Schedule) -> str:
    """What has to hold on the machine; empty: nothing, or another version of the program wrote it."""
    return _in_words(schedule, conditions_in_words)


def conditions_in_column(schedule: Schedule) -> str:
    """As `conditions_text`, where there is little room."""
    return _in_words(schedule, conditions_in_short)


def _in_words(schedule: Schedule, words: Callable[[Conditions], Message | None]) -> str:
    try:
        only = words(conditions_of(schedule))
    except Invalid:
        return ""
    return one_line(translate(only), _LONGEST_CONDITIONS) if only else ""


def check_text(found: ConditionCheck, schedule: Schedule) -> str:
    """Whether that is so now."""
    if found.unmet:
        return tr("does not hold: {why}", why=translate(found.unmet))
    is_known = not found.untold and not conditions_of(schedule).command
    return tr("holds") if is_known else tr("holds, as far as is known")


MISFIRES = {
    Misfire.SKIP: _("not made up for"),
    Misfire.ONCE: _("run once when back"),
    Misfire.ALL: _("run all when back"),
}
OVERLAPS = {
    Overlap.SKIP: _("skip"), Overlap.QUEUE: _("wait for it"), Overlap.ALLOW: _("run beside it"),
    Overlap.REPLACE: _("replace it"),
}  # fmt: skip
