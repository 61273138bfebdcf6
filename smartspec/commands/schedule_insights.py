"""What is worth knowing of a schedule before it is saved: who starts beside it, how long it takes, what was missed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice, pairwise

from smartspec.commands import metrics, settings
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain.ids import WorkflowPk
from smartspec.domain.schedule.day_starts import DayStarts, free_minute, starts_of_day
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.errors import Invalid
from smartspec.store import firings, schedules, workspaces
from smartspec.value import frozen

_LOOKED_AHEAD = 25
_LOOKED_BACK = 20  # due times
_MOST_KEPT = 20_000
_kept: dict[tuple[object, ...], DayStarts] = {}  # of schedules as they are stored: they are asked for at each key


@frozen
class ScheduleInsights:
    """Of the day of the next due time: starts by hour, its own and those of the `schedules` others that are on.

    `beside` are the names of those that start in the minute of the next due time, `free` a minute of that day near to
    it in which nothing starts; None: there is none, or nothing is beside it. `places` is how many run at once.
    `usual_ms` and `most_ms` are the median and 95 % value of its workflow, `gap_ms` the shortest time between two of
    the next due times. `on_battery` of its last `looked_at` due times were passed over for the battery.
    """

    day: date
    own: tuple[int, ...]
    others: tuple[int, ...]
    schedules: int
    beside: tuple[str, ...]
    free: int | None
    places: int
    usual_ms: int | None = None
    most_ms: int | None = None
    gap_ms: int | None = None
    on_battery: int = 0
    looked_at: int = 0


def schedule_insights(
    plan: Plan, due: datetime, schedule: Schedule | None, workflow: str, *, asks_for_mains: bool = False,
    workspace: str = DEFAULT,
) -> ScheduleInsights:  # fmt: skip
    """Of a plan that is due then. `schedule` is what is stored of it, `workflow` what it starts, an id or empty."""
    day, minute = _day_and_minute(due, plan.zone)
    others = dict(_others(day, plan.zone, schedule, workspace))
    own = starts_of_day(plan, day, plan.zone)
    beside = tuple(name for name, starts in others.items() if minute in starts.minutes)
    taken = set().union(*(starts.minutes for starts in others.values())) if beside else set()
    hours = tuple(map(sum, zip(*(each.hours for each in others.values()), strict=True))) if others else (0,) * 24
    usual_ms, most_ms = _usual(workflow, workspace) or (None, None)
    on_battery, looked_at = _passed_over(schedule) if asks_for_mains else (0, 0)
    return ScheduleInsights(
        day, own.hours, hours, len(others), beside, free_minute(taken, minute) if beside else None,
        settings.get_setting("runner.at_once"), usual_ms, most_ms, _shortest_gap(plan, due),
        on_battery, looked_at,
    )  # fmt: skip


def _day_and_minute(due: datetime, zone: tzinfo) -> tuple[date, int]:
    local = due.astimezone(zone)
    return local.date(), local.hour * 60 + local.minute


def _others(
    day: date, zone: tzinfo, schedule: Schedule | None, workspace: str
) -> Iterator[tuple[str, DayStarts]]:  # fmt: skip
    """By name, with the id where two have the same."""
    active = (each for each in schedules.all_(workspaces.get(workspace).pk) if each.status is ScheduleStatus.ACTIVE)
    seen: set[str] = set()
    for each in active:
        if schedule is not None and each.pk == schedule.pk:
            continue
        try:
            starts = _starts(each, day, zone)
        except Invalid:
            continue  # nobody can tell when it would be due
        if not any(starts.hours):
            continue
        name = each.name if each.name not in seen else f"{each.name} ({each.id[:8]})"
        seen.add(name)
        yield name, starts


def _starts(schedule: Schedule, day: date, zone: tzinfo) -> DayStarts:
    """Raises Invalid for what cannot be read."""
    plan = plan_of(schedule)
    key = (schedule.id, schedule.row_version, str(plan.zone), day, str(zone))
    if key not in _kept:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[key] = starts_of_day(plan, day, zone)
    return _kept[key]


def _usual(workflow: str, workspace: str) -> tuple[int, int] | None:
    if not workflow:
        return None
    pk: WorkflowPk = get_workflow(workflow, workspace).pk
    return metrics.usual_durations([pk]).get(pk)


def _shortest_gap(plan: Plan, due: datetime) -> int | None:
    times: Iterable[datetime] = islice(plan.due_times(due - timedelta(milliseconds=1)), _LOOKED_AHEAD)
    gaps = [after - before for before, after in pairwise(times)]
    return round(min(gaps).total_seconds() * 1000) if gaps else None


def _passed_over(schedule: Schedule | None) -> tuple[int, int]:
    """For the battery, of the last due times about which something was decided."""
    rows = firings.newest(schedule.pk, _LOOKED_BACK) if schedule is not None else ()
    is_battery = (each.decision is Decision.SKIPPED_CONDITION and each.firing.reason.startswith("battery")
                  for each in rows)  # fmt: skip
    return sum(is_battery), len(rows)
