"""What the schedules of a workspace would do in the days to come, in numbers: for the terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from smartspec.commands.machine_sleep import read_sleep
from smartspec.commands.registry import command
from smartspec.commands.schedule_forecasts import (
    ScheduleForecast,
    SimulatedLane,
    SimulationRequest,
    forecast_schedules,
)
from smartspec.commands.workflows import DEFAULT
from smartspec.domain.schedule import simulated_load
from smartspec.errors import Invalid
from smartspec.messages import _
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
    """Of one schedule: executions, due times that found one that still ran, and those that were passed over. `problem`
    is why it cannot be simulated, else empty.
    """

    name: str
    starts: int
    overlaps: int
    passed_over: int
    problem: str = ""


@frozen
class LoadForecast:
    """`until` is earlier than was asked for where there are too many. Executions take as long as they usually do, a
    minute where they have never run. `slept_over` are due times that came in sleep, `caught_up` the executions that
    make up for such; `findings` are in words.
    """

    start: datetime
    until: datetime
    starts: int
    overlaps: int
    most_at_once: int
    limit: int
    run_time_ms: int
    slept_over: int
    caught_up: int
    days: tuple[DayLoad, ...]
    schedules: tuple[ScheduleLoad, ...]
    findings: tuple[str, ...]


@command
def simulate_schedules(
    days: int = 30, *, first: str | None = None, sleep: str | None = None, which: Sequence[str] = (),
    workspace: str = DEFAULT,
) -> LoadForecast:  # fmt: skip
    """What would run, what would overlap, and how much in each hour; `first` is the first day, `sleep` when the machine
    is off: 23:00-07:00, or `usual`; `which` schedules, else all that are on.

    Raises Invalid for days out of 1 to 366, a first day that is over, and what are no two times.
    """
    request = SimulationRequest(tuple(which), _day(first), days, read_sleep(sleep) if sleep is not None else None)
    return _load(forecast_schedules(request, workspace))


def _load(found: ScheduleForecast) -> LoadForecast:
    lived, sums = found.simulation, found.sums
    of_days = tuple(DayLoad(each.day.isoformat(), each.starts, each.hours, each.overlaps) for each in found.days)
    said = tuple(_("{headline}. {detail}", headline=each.headline, detail=each.detail) for each in found.findings)
    return LoadForecast(
        lived.start, lived.until, sums.starts, sums.overlaps, sums.most_at_once, lived.places,
        round(sums.run_time.total_seconds() * 1000), sums.slept_over, sums.caught_up, of_days,
        tuple(_schedule_load(each, found) for each in found.lanes), said,
    )  # fmt: skip


def _schedule_load(lane: SimulatedLane, found: ScheduleForecast) -> ScheduleLoad:
    if lane.number is None:
        return ScheduleLoad(lane.schedule.name, 0, 0, 0, lane.problem or "")
    rows = found.simulation.firings[lane.number]
    return ScheduleLoad(
        lane.schedule.name, sum(each.execution is not None for each in rows),
        sum(each.count for each in rows if each.decision in simulated_load.BESIDE),
        sum(each.count for each in rows if each.decision.startswith("skipped")),
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(_("“{text}” is no day: write it as 2027-03-25.", text=text[:40])) from None
