"""What a pause of a schedule, or of its workflow, leaves in the ledger: a row for each due time that came meanwhile."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from smartspec.commands.schedule_plan import plan_of
from smartspec.domain.schedule.decide import decide
from smartspec.domain.schedule.due_runs import Kind
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.long_absence import oldest
from smartspec.domain.schedule.policy import Misfire
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.situation import GRACE, Absence, AbsenceKind, Pause, Situation
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.store import firings, schedules
from smartspec.value import replace


def pass_over_until(schedule: Schedule, now: datetime) -> None:
    """Of a paused one, inside a transaction: nothing of it is made up for. Raises Invalid for an unreadable rule."""
    since, by = schedules.pause_of(schedule)
    _pass_over(schedule, now, Pause(since, None, by))


def pass_over_of(workflow: Workflow, now: datetime) -> None:
    """Of a workflow that is in use again, inside a transaction: what came meanwhile, where no runner has noted it."""
    since = schedules.put_away_at(workflow.pk)
    for schedule in schedules.of_workflow(workflow.pk):
        due = schedule.next_run_at
        if schedule.status is not ScheduleStatus.ACTIVE or due is None or due > now:
            continue
        with suppress(Invalid):  # its rule is of another version of the program: it is said when it is looked at
            following = plan_of(schedule).next_due(now)
            _pass_over(schedule, now, Pause(since or due))
            schedules.move_or_end(schedule, following)


def _pass_over(schedule: Schedule, now: datetime, pause: Pause) -> None:
    if schedule.next_run_at is None:
        return
    before = Absence(min(schedule.next_run_at, pause.start), pause.start, AbsenceKind.OFF)
    situation = Situation(now=now, serving_since=now + 2 * GRACE, absences=(before,), pauses=(pause,))
    plan, first = replace(plan_of(schedule), misfire=Misfire.SKIP), schedule.next_run_at
    if (many := oldest(plan, first, now)) is not None:
        firings.add(schedule, many.row(Kind(Decision.SKIPPED_PAUSED, pause)), now)
        first = many.following
    for each in decide(plan, first, situation).firings:
        firings.add(schedule, each, now)
