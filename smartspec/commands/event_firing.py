"""The verbs of a runner about schedules that wait for something else than a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime, timedelta

from smartspec.commands import firing_starts
from smartspec.commands.file_chains import in_a_row
from smartspec.commands.firing import AGAIN_S, begun
from smartspec.commands.firing_situation import Service, situation_of, workflow_if_unchanged
from smartspec.commands.schedule_events import cause_of, event_of, names_of
from smartspec.commands.schedule_plan import conditions_of, plan_of
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.event import Event, EventType
from smartspec.domain.execution import Trigger
from smartspec.domain.ids import EventPk, ExecutionPk, SchedulePk
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.schedule import events as kinds
from smartspec.domain.schedule.event_decision import DEEPEST, EventOrigin, decide_event
from smartspec.domain.schedule.event_matching import fits_end
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import EventRule
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import ALL_HOLD
from smartspec.domain.workflow import Workflow
from smartspec.errors import Invalid
from smartspec.store import database, event_cursor, events, executions, firings, outcomes, schedules, workflows
from smartspec.value import frozen

_TYPES = (
    EventType.EXECUTION_COMPLETED, EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMEOUT, EventType.SCHEDULE_EVENT,
    EventType.SCHEDULE_FILE,
)  # fmt: skip
_MANY = 10_000
_HOUR = timedelta(hours=1)
_Moment = kinds.ApplicationStarted | kinds.ComputerWoke
_TIMES = 5  # that something is planned again because what is active has changed meanwhile


@frozen
class _Waiting:
    """A schedule, and what it waits for."""

    schedule: Schedule
    workflow: Workflow
    plan: Plan
    event: kinds.Event


def look_at_events(now: datetime, service: Service) -> None:
    """Start what waits for anything that is in the ledger since the last look. Raises StorageError."""
    waiting = tuple(_waiting())
    if not waiting:
        return
    newest, seen = events.newest(), event_cursor.get()
    if seen is None or newest - seen > _MANY:  # nobody waited for a long time
        seen = max(seen or EventPk(0), min(schedules.last_change(each.schedule) for each in waiting))
    if seen < newest:
        asking, undecided = set[SchedulePk](), newest + 1
        for event in events.after(seen, newest, _TYPES):
            of = [each for each in waiting if each.schedule.pk not in asking]  # an event waits for the one before
            if found := _fire_all(of, event.at, cause_of(event), _fits(event), event, now, service):
                asking |= found
                undecided = min(undecided, event.pk)
        event_cursor.advance(EventPk(undecided - 1))


def fire_moment(kind: type[_Moment], cause: str, at: datetime, now: datetime, service: Service) -> bool:
    """Start what waits for this moment; `cause` is the same for every runner that sees it.

    False: a schedule waits for an answer of the machine, and it is to be called again.
    """
    return not _fire_all(tuple(_waiting()), at, cause, lambda each: isinstance(each.event, kind), None, now, service)


def _waiting() -> Iterator[_Waiting]:
    for schedule in schedules.waiting_for_events():
        try:
            plan = plan_of(schedule)
            conditions_of(schedule)
        except Invalid:  # of another version of the program
            continue
        if isinstance(plan.rule, EventRule):
            yield _Waiting(schedule, workflows.get(schedule.workflow), plan, plan.rule.event)


def _fits(event: Event) -> Callable[[_Waiting], bool]:
    """Whether a schedule waits for what the ledger has a line about; not for what was before its last change."""
    if event.type is EventType.SCHEDULE_EVENT:
        said = as_mapping(event.data)

        def fits(each: _Waiting) -> bool:
            is_here = each.workflow.workspace == said.get("workspace")
            return is_here and each.event == kinds.NamedEvent(str(said.get("name")))

        return fits
    if event.type is EventType.SCHEDULE_FILE:
        return lambda each: each.schedule.pk == event.schedule
    ended = executions.get(event.execution) if event.execution is not None else None
    if ended is None or ended.workflow is None:
        return lambda each: False
    of, status = workflows.get(ended.workflow), ExecutionStatus(event.type.removeprefix("execution_"))
    before = outcomes.before(ended.workflow, ended.pk)

    def fits_ended(each: _Waiting) -> bool:
        is_here = each.workflow.workspace == of.workspace
        return is_here and isinstance(each.event, kinds.WorkflowEvent) and fits_end(each.event, of.ref, status, before)

    return fits_ended


def _fire_all(
    waiting: Sequence[_Waiting], at: datetime, cause: str, fits: Callable[[_Waiting], bool], event: Event | None,
    now: datetime, service: Service,
) -> set[SchedulePk]:  # fmt: skip
    """Those that wait for an answer of the machine."""
    return {
        each.schedule.pk
        for each in waiting
        if each.plan.may_start(at)
        and fits(each)
        and _is_later(each.schedule, event, at)
        and not _fire(each, at, cause, event, now, service)
    }


def _is_later(schedule: Schedule, event: Event | None, at: datetime) -> bool:
    """Than its last change: by their order in the ledger, whatever the clock said."""
    return at >= schedule.updated_at if event is None else event.pk > schedules.last_change(schedule)


def _fire(each: _Waiting, at: datetime, cause: str, event: Event | None, now: datetime, service: Service) -> bool:
    """The row and what it starts are one transaction; somebody else may have made it.

    False: the machine is being asked for its conditions.
    """
    schedule, workflow = each.schedule, each.workflow
    for _attempt in range(_TIMES):
        if firings.is_decided(schedule.pk, at, cause):
            return True
        origin = _origin(schedule, event, now, service)
        firing, _ends = decide_event(each.plan, at, cause, origin, situation_of(schedule, workflow, now, service))
        answer = ALL_HOLD
        if firing.decision.starts:
            told = service.ask(schedule, workflow, now, AGAIN_S)
            if told is None:
                return False
            answer = told
            situation = situation_of(schedule, workflow, now, service, answer)
            firing, _ends = decide_event(each.plan, at, cause, origin, situation)
        names = names_of(event)
        start = (
            firing_starts.plan(schedule, workflow, at, Trigger.EVENT, names) if firing.decision.starts_at_once else None
        )
        with start.kept(schedule) if start else nullcontext(None) as ready, database.transaction():
            if (current := workflow_if_unchanged(schedule)) is None:
                return True  # what was before its last change does not count
            workflow = current
            origin = _origin(schedule, event, now, service)
            situation = situation_of(schedule, workflow, now, service, answer)
            firing, ends = decide_event(each.plan, at, cause, origin, situation)
            if firings.is_decided(schedule.pk, at, cause):
                return True
            if firing.decision.starts_at_once and ready is None:
                continue  # what was in its way has ended just now
            if event is not None and not firings.take_event(schedule.pk, event.pk):
                return True
            firings.add(schedule, begun(firing, ready) if firing.decision.starts_at_once else firing, now)
            for execution in ends:
                firing_starts.make_room(execution)
            return True
    return True


def _origin(schedule: Schedule, event: Event | None, now: datetime, service: Service) -> EventOrigin:
    """What a decision depends on beside the schedule's situation; inside a transaction it stays so."""
    this_hour = 0
    if schedule.events_per_hour is not None:
        this_hour = firings.started_since(schedule.pk, now - _HOUR, now)
    said = as_mapping(event.data) if event is not None and event.type is EventType.SCHEDULE_FILE else {}
    was_missed = said.get("was_missed") is True
    made_up_for = firings.caught_up_since(schedule.pk, service.since) if was_missed else 0
    depth = _depth(event.execution) if event is not None else 0
    return EventOrigin(depth, in_a_row(said), this_hour, schedule.events_per_hour, was_missed, made_up_for)


def _depth(execution: ExecutionPk | None) -> int:
    """By how many executions, each started by the end of the one before, it came about."""
    depth = 0
    while execution is not None and depth < DEEPEST:
        event = event_of(firings.cause_of(execution))
        depth, execution = depth + (event is not None), event.execution if event is not None else None
    return depth
