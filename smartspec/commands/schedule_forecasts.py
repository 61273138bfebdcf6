"""What the schedules of a workspace would do in the days to come, as a runner would decide. Nothing is run."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo

from smartspec.commands import metrics, settings
from smartspec.commands.machine_zone import machine_zone
from smartspec.commands.schedule_lookup import get_schedule
from smartspec.commands.schedule_plan import plan_of
from smartspec.commands.workflows import DEFAULT
from smartspec.domain import times
from smartspec.domain.progress_callback import ProgressCallback, ignore_progress
from smartspec.domain.ranges import RANGES
from smartspec.domain.schedule import simulate, simulated_findings, simulated_load
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.simulate import NightlySleep, SimulatedSchedule, Simulation
from smartspec.domain.schedule.simulated_findings import Finding, FindingKind, some_of
from smartspec.domain.schedule.simulated_load import HourLoad, SimulatedDay, SimulatedSums, day_begin
from smartspec.domain.schedule.words import rule_in_words
from smartspec.errors import Invalid
from smartspec.messages import Message, _, _n
from smartspec.store import schedule_summaries, schedules, workspaces
from smartspec.value import field, frozen

_WITH_TIMES = (TriggerType.CRON, TriggerType.INTERVAL, TriggerType.ONCE)


@frozen
class SimulationRequest:
    """`which` are ids of schedules, empty for all that are on. `first` is the first day, None: from now on."""

    which: tuple[str, ...] = ()
    first: date | None = None
    days: int = 30
    sleep: NightlySleep | None = None


@frozen
class SimulatedLane:
    """A schedule that was asked for. `number` is its place in the simulation, None where it has none: `problem` says
    why it cannot be read, or it has no times of its own.
    """

    schedule: Schedule
    workflow_id: str
    workflow_name: str
    when: Message
    number: int | None = None
    problem: str | None = None


@frozen
class ScheduleForecast:
    """`zone` is this machine's: days and hours are by its clock. `schedules` are those of `simulation`, in its order.
    `paused` of this workspace were left out.
    """

    request: SimulationRequest
    zone: tzinfo = field(repr=False)
    lanes: tuple[SimulatedLane, ...]
    schedules: tuple[SimulatedSchedule, ...]
    simulation: Simulation
    days: tuple[SimulatedDay, ...]
    hours: tuple[HourLoad, ...]
    sums: SimulatedSums
    findings: tuple[Finding, ...]
    paused: int

    def lane_of(self, number: int) -> SimulatedLane:
        """The schedule of a start or finding."""
        return next(each for each in self.lanes if each.number == number)


def forecast_schedules(
    request: SimulationRequest, workspace: str = DEFAULT, *, on_progress: ProgressCallback = ignore_progress
) -> ScheduleForecast:
    """What would run, what would overlap, and how much in each hour.

    Raises Invalid for days out of 1 to 366 and a first day that is over, ScheduleNotFound, and Stopped.
    """
    RANGES["schedule.days"].check(request.days, _("The number of days"))
    zone, now = machine_zone(), times.now()
    start = _start(request.first, now, zone)
    wanted, paused = _wanted(request.which, workspace)
    lanes, simulated = _simulated(wanted, workspace)
    lived = simulate.simulate(
        simulated, start, request.days, zone, settings.get_setting("runner.at_once"), request.sleep, on_progress
    )
    names = [(each.schedule.name, each.workflow_name) for each in lanes if each.number is not None]
    found = (*simulated_findings.findings(lived, simulated, names, zone), *_of_lanes(lanes))
    kinds = list(FindingKind)
    return ScheduleForecast(
        request, zone, lanes, simulated, lived, simulated_load.by_day(lived, zone),
        simulated_load.by_hour(lived, zone), simulated_load.sums(lived),
        tuple(sorted(found, key=lambda each: kinds.index(each.kind))), paused,
    )  # fmt: skip


def schedule_versions(workspace: str = DEFAULT) -> tuple[tuple[str, int, str], ...]:
    """What a forecast depends on: where this differs from before, another one is wanted."""
    here = workspaces.get(workspace).pk
    rows = sorted((each.id, each.row_version, str(each.status)) for each in schedules.all_(here))
    return (*rows, ("runner.at_once", settings.get_setting("runner.at_once"), ""))


def _start(first: date | None, now: datetime, zone: tzinfo) -> datetime:
    today = now.astimezone(zone).date()
    if first is None or first == today:
        return now
    if first < today:
        raise Invalid(_("{day} is over: what was then is in the ledger. Begin today or later.", day=first.isoformat()))
    return day_begin(first, zone)


def _wanted(which: Sequence[str], workspace: str) -> tuple[tuple[Schedule, ...], int]:
    """With the number of those that are left out because they are off."""
    if which:
        return tuple({found.pk: found for found in (get_schedule(each, workspace) for each in which)}.values()), 0
    known = schedules.all_(workspaces.get(workspace).pk)
    paused = sum(each.status is ScheduleStatus.PAUSED for each in known)
    return tuple(each for each in known if each.status in (ScheduleStatus.ACTIVE, ScheduleStatus.ERROR)), paused


def _simulated(
    wanted: Sequence[Schedule], workspace: str
) -> tuple[tuple[SimulatedLane, ...], tuple[SimulatedSchedule, ...]]:
    usual = metrics.usual_durations({each.workflow for each in wanted})
    facts = schedule_summaries.of_workspace(workspaces.get(workspace).pk)
    lanes: list[SimulatedLane] = []
    simulated: list[SimulatedSchedule] = []
    for each in wanted:
        if each.pk not in facts:
            continue  # its workflow is in the trash by now
        _version, id_, name, _last = facts[each.pk]
        try:
            plan = plan_of(each)
        except Invalid as error:
            lanes.append(SimulatedLane(each, id_, name, Message(each.expression or ""), None, error.sentence))
            continue
        when, has_times = rule_in_words(plan.rule, plan.zone), each.trigger_type in _WITH_TIMES
        lanes.append(SimulatedLane(each, id_, name, when, len(simulated) if has_times else None))
        if has_times:
            takes = usual[each.workflow][0] if each.workflow in usual else None
            simulated.append(SimulatedSchedule(each.workflow, plan, takes))
    return tuple(lanes), tuple(simulated)


def _of_lanes(lanes: Sequence[SimulatedLane]) -> list[Finding]:
    """What a simulation says nothing of."""
    found = [
        Finding(
            FindingKind.UNREADABLE, _("{name} cannot be simulated", name=each.schedule.name), each.problem,
            lane=number,
        )
        for number, each in enumerate(lanes) if each.problem is not None
    ]  # fmt: skip
    without = [each.schedule.name for each in lanes if each.number is None and each.problem is None]
    if without:
        headline = _n("{n} schedule has no times", "{n} schedules have no times", len(without))
        detail = _("They start on an event, or by hand: {names}.", names=some_of(without))
        found.append(Finding(FindingKind.WITHOUT_TIMES, headline, detail))
    conditional = [each.schedule.name for each in lanes if each.schedule.conditions and each.number is not None]
    if conditional:
        headline = _n("{n} schedule has conditions", "{n} schedules have conditions", len(conditional))
        detail = _("They are taken to hold: {names}.", names=some_of(conditional))
        found.append(Finding(FindingKind.CONDITIONS, headline, detail))
    return found
