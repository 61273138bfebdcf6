"""What a pause of a schedule leaves in its ledger: one row for every due time that came meanwhile."""

from __future__ import annotations

from datetime import datetime

from smartspec.commands.schedule_plan import plan_of
from smartspec.domain.schedule.decide import decide
from smartspec.domain.schedule.due_runs import Kind
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.long_absence import oldest
from smartspec.domain.schedule.policy import Misfire
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import GRACE, Absence, AbsenceKind, Pause, Situation
from smartspec.store import firings, schedules
from smartspec.value import replace


def pass_over_until(schedule: Schedule, now: datetime) -> None:
    """Of a paused one, inside a transaction: nothing of it is made up for. Raises Invalid for an unreadable rule."""
    if schedule.next_run_at is None:
        return
    since, by = schedules.pause_of(schedule)
    before = Absence(min(schedule.next_run_at, since), since, AbsenceKind.OFF)
    pause = Pause(since, None, by)
    situation = Situation(now=now, serving_since=now + 2 * GRACE, absences=(before,), pauses=(pause,))
    plan, first = replace(plan_of(schedule), misfire=Misfire.SKIP), schedule.next_run_at
    if (many := oldest(plan, first, now)) is not None:
        firings.add(schedule, many.row(Kind(Decision.SKIPPED_PAUSED, pause)), now)
        first = many.following
    for each in decide(plan, first, situation).firings:
        firings.add(schedule, each, now)
