"""What the schedules of a workspace would do in the days to come, as a runner would decide."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time

from smartspec.commands import metrics, settings
from smartspec.commands.machine_zone import machine_zone
from smartspec.commands.registry import command
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.ranges import RANGES
from smartspec.domain.schedule import simulate
from smartspec.domain.schedule.firing import Firing
from smartspec.domain.schedule.simulate import NightlySleep, SimulatedSchedule
from smartspec.errors import Invalid
from smartspec.messages import _
from smartspec.store import schedules, workspaces
from smartspec.value import frozen


@frozen
class DayLoad:
    """`hours` are the executions that begin in each hour of the local day."""

    day: str
    starts: int
    hours: tuple[int, ...]
    overlaps: int


@frozen
class ScheduleLoad:
    """Of one schedule: executions, due times that found one that still ran, and those that were passed over."""

    name: str
    starts: int
    overlaps: int
    passed_over: int


@frozen
class LoadForecast:
    """`until` is earlier than was asked for where there are too many. Executions take as long as they usually do, a
    minute where they have never run.
    """

    start: datetime
    until: datetime
    starts: int
    overlaps: int
    most_at_once: int
    run_time_ms: int
    days: tuple[DayLoad, ...]
    schedules: tuple[ScheduleLoad, ...]


@command
def simulate_schedules(days: int = 30, *, sleep: str | None = None, workspace: str = DEFAULT) -> LoadForecast:
    """What would run, what would overlap, and how much in each hour; `sleep` is when the machine is off: 23:00-07:00.

    Raises Invalid for days out of 1 to 366, and what are no two times.
    """
    RANGES["schedule.days"].check(days, _("The number of days"))
    active = [each for each in schedules.all_(workspaces.get(workspace).pk) if each.status == "active"]
    usual = metrics.usual_durations({each.workflow for each in active})
    simulated = [
        SimulatedSchedule(each.workflow, plan_of(each), usual[each.workflow][0] if each.workflow in usual else None)
        for each in active
    ]
    zone, places = machine_zone(), settings.get_setting("runner.at_once")
    lived = simulate.simulate(simulated, times.now(), days, zone, places, _sleep(sleep))
    starts = Counter(each.schedule for each in lived.starts)
    of_each = tuple(
        ScheduleLoad(each.name, starts[number], *_beside(lived.firings[number]))
        for number, each in enumerate(active)
    )  # fmt: skip
    of_days = tuple(
        DayLoad(each.day.isoformat(), each.starts, each.hours, each.overlaps) for each in simulate.by_day(lived, zone)
    )
    return LoadForecast(
        lived.start, lived.until, len(lived.starts), simulate.overlap_count(lived), simulate.most_at_once(lived),
        round(simulate.run_time(lived).total_seconds() * 1000), of_days, of_each,
    )  # fmt: skip


def _beside(rows: tuple[Firing, ...]) -> tuple[int, int]:
    """How many found one that still ran, and how many were passed over."""
    overlaps = sum(each.count for each in rows if each.reason.startswith("overlap"))
    passed = sum(each.count for each in rows if each.decision.startswith("skipped"))
    return overlaps, passed


def _sleep(text: str | None) -> NightlySleep | None:
    if text is None:
        return None
    begin, dash, end = (part.strip() for part in text.partition("-"))
    try:
        if not dash or begin == end:
            raise ValueError
        return NightlySleep(time.fromisoformat(begin), time.fromisoformat(end))
    except ValueError:
        raise Invalid(_("“{text}” are no two times of day: write them as 23:00-07:00.", text=text[:40])) from None
