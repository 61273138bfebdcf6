"""What a user can do with schedules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from smartspec.commands import calendars, file_watches, schedule_input
from smartspec.commands.actor import user
from smartspec.commands.environment import asking, home
from smartspec.commands.registry import command
from smartspec.commands.schedule_lookup import get_schedule, removed_schedule
from smartspec.commands.schedule_pauses import pass_over_until
from smartspec.commands.schedule_plan import plan_of, zone_of
from smartspec.commands.workflows import DEFAULT, get_workflow
from smartspec.domain import times
from smartspec.domain.event import EventType
from smartspec.domain.ids import SchedulePk
from smartspec.domain.invisible import check_one_line
from smartspec.domain.jsontext import Json, JsonObject, dump
from smartspec.domain.ranges import RANGES
from smartspec.domain.schedule import saved_environment
from smartspec.domain.schedule.blackouts import parse_blackout
from smartspec.domain.schedule.conditions import parse_conditions
from smartspec.domain.schedule.decide import reschedule
from smartspec.domain.schedule.events import FileEvent, WorkflowEvent, with_folder
from smartspec.domain.schedule.policy import CATCH_UP_CAP, Misfire, Overlap
from smartspec.domain.schedule.rule import EventRule, TriggerType, parse_rule, rule_expression
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid
from smartspec.messages import _
from smartspec.store import database, schedules, versions, workflows, workspaces
from smartspec.value import field_names, replace

_TIMED = frozenset({TriggerType.CRON, TriggerType.INTERVAL, TriggerType.ONCE})
_RULE = frozenset({"trigger_type", "expression", "timezone", "start_at", "end_at"})
_LONGEST_NAME = 200
S = ScheduleStatus


class ScheduleOptions(TypedDict, total=False):
    """What a schedule may have beside its rule; what is left out stays, or has its default.

    `version`: a label or number that is pinned. `jitter` is in milliseconds. `variables` are names of this process's
    environment that are kept beside PATH and the locale; `folder` is where it runs instead of the workflow's.
    `conditions` are all that have to hold, as `parse_conditions` reads them; None or empty takes them back.
    `events_per_hour` is the most that events start within an hour, None for no limit.
    """

    name: str
    timezone: str | None
    start_at: datetime | None
    end_at: datetime | None
    input: Mapping[str, Json] | None
    version: str | None
    misfire: Misfire
    catch_up_cap: int
    overlap: Overlap
    events_per_hour: int | None
    jitter: int
    blackouts: Sequence[str]
    calendars: Sequence[str]
    conditions: Mapping[str, Json] | None
    variables: Sequence[str]
    folder: str | None


@command
def create_schedule(
    ref: str, expression: str = "", *, trigger_type: TriggerType = TriggerType.CRON, workspace: str = DEFAULT,
    **options: Unpack[ScheduleOptions],
) -> Schedule:  # fmt: skip
    """Let a workflow run by itself: `cron`, `interval`, `once`, `event`, or `manual`, which is an input with a name.

    Raises Invalid for a rule that cannot be read or never comes and an input that does not fit, Conflict where the name
    is taken, or the workflow has no version.
    """
    workflow, now = get_workflow(ref, workspace), times.now()
    wanted = with_options(workflow, blank_schedule(workflow, expression, trigger_type, now), options)
    wanted = _with_name(workflow, replace(wanted, expression=stored_expression(wanted, workflow)))
    wanted = _with_next(workflow, wanted, now)
    sight = file_watches.first_sight(wanted)
    with database.transaction():
        made = schedules.add(wanted, user())
        file_watches.begin(made, sight, now)
    return made


def blank_schedule(workflow: Workflow, expression: str, trigger_type: TriggerType, now: datetime) -> Schedule:
    """One that has only its rule, and no key or id yet."""
    overlap = Overlap.QUEUE if trigger_type is TriggerType.EVENT else Overlap.SKIP  # each event is about another thing
    return Schedule(
        pk=SchedulePk(0), id="", workflow=workflow.pk, version=None, name="", trigger_type=trigger_type,
        expression=expression, timezone=None, input=None, status=S.ACTIVE, error=None, misfire=Misfire.ONCE,
        catch_up_cap=CATCH_UP_CAP, overlap=overlap, jitter=0, conditions=None, blackouts=None,
        environment=saved_environment.save(asking(), (), None), events_per_hour=None, start_at=None, end_at=None,
        next_run_at=None, last_run_at=None, run_count=0, success_count=0, failure_count=0, missed_count=0,
        row_version=1, created_at=now, updated_at=now, deleted_at=None,
    )  # fmt: skip


@command
def update_schedule(
    which: str, expression: str | None = None, *, trigger_type: TriggerType | None = None,
    row_version: int | None = None, workspace: str = DEFAULT, **options: Unpack[ScheduleOptions],
) -> Schedule:  # fmt: skip
    """Change what is named; the rest stays. From now on the new rule holds.

    Raises as `create_schedule`, and Conflict where it was changed since `row_version`, the one that was looked at.
    """
    schedule, now = get_schedule(which, workspace), times.now()
    if row_version is not None:
        schedule = replace(schedule, row_version=row_version)
    workflow = workflows.get(schedule.workflow)
    wanted = with_options(workflow, schedule, options)
    if trigger_type is not None or expression is not None:
        wanted = replace(wanted, trigger_type=trigger_type or schedule.trigger_type)
        wanted = replace(wanted, expression=schedule.expression if expression is None else expression)
        wanted = replace(wanted, expression=stored_expression(wanted, workflow))
    wanted = _with_name(workflow, wanted)
    keeps_still = schedule.status is S.PAUSED or (schedule.status is S.EXPIRED and _has_rule_of(wanted, schedule))
    if not keeps_still:
        before = schedule.next_run_at if schedule.status is S.ACTIVE else None
        wanted = _with_next(workflow, replace(wanted, status=S.ACTIVE, error=None), now, before)
    else:
        _check_input(workflow, wanted, now)
    begins = (wanted.expression, wanted.status) != (schedule.expression, schedule.status)
    sight = file_watches.first_sight(wanted) if begins else None
    with database.transaction():
        if keeps_still:
            wanted = replace(wanted, next_run_at=_passed_over(schedule, wanted, now))
        changed = {
            name: new for name in field_names(Schedule) if (new := getattr(wanted, name)) != getattr(schedule, name)
        }
        if not changed:
            return schedule
        if changed.keys() & _RULE:  # also where a runner has moved it on meanwhile, by the rule that was
            changed["next_run_at"] = wanted.next_run_at
        told: Json = {"name": wanted.name, "changed": sorted(changed.keys() - {"next_run_at"})}
        updated = schedules.update(schedule, EventType.SCHEDULE_UPDATED, by=user(), data=told, **changed)
        file_watches.begin(updated, sight, now)
        return updated


def with_options(workflow: Workflow, schedule: Schedule, options: ScheduleOptions) -> Schedule:
    """With what was given of them. Raises Invalid."""
    if unknown := options.keys() - ScheduleOptions.__annotations__.keys():
        raise Invalid(_("A schedule has no “{key}” that can be set.", key=min(unknown)))
    if "name" in options:
        name = check_one_line(options["name"].strip(), _("The name of a schedule"), _LONGEST_NAME)
        schedule = replace(schedule, name=name)
    if "version" in options:
        label = options["version"]
        schedule = replace(schedule, version=versions.find(workflow.pk, label).pk if label else None)
    if "input" in options:
        schedule = replace(schedule, input=_input(options["input"]))
    if "variables" in options or "folder" in options:
        schedule = replace(schedule, environment=_environment(schedule, options))
    return _with_policies(_with_times(schedule, options), options)


def _with_times(schedule: Schedule, options: ScheduleOptions) -> Schedule:
    if "timezone" in options:
        schedule = replace(schedule, timezone=options["timezone"] or None)
        zone_of(schedule.timezone)
    if "start_at" in options:
        schedule = replace(schedule, start_at=options["start_at"])
    if "end_at" in options:
        schedule = replace(schedule, end_at=options["end_at"])
    if schedule.start_at is not None and schedule.end_at is not None and schedule.end_at <= schedule.start_at:
        raise Invalid(_("The end of a schedule is later than its start."))
    return schedule


def _with_policies(schedule: Schedule, options: ScheduleOptions) -> Schedule:
    cap, jitter = options.get("catch_up_cap", schedule.catch_up_cap), options.get("jitter", schedule.jitter)
    RANGES["schedule.catch_up_cap"].check(cap, _("The most that is caught up"))
    RANGES["schedule.jitter"].check(jitter, _("The jitter in milliseconds"))
    if (most := options.get("events_per_hour")) is not None:
        RANGES["schedule.events_per_hour"].check(most, _("The most that events start within an hour"))
    if "events_per_hour" in options:
        schedule = replace(schedule, events_per_hour=most)
    if "blackouts" in options:
        blackouts: Json = [parse_blackout(each).name for each in options["blackouts"] if each]
        schedule = replace(schedule, blackouts=blackouts or None)
    if "calendars" in options:
        paths: Json = [calendars.keep(each, times.now()) for each in options["calendars"] if each]
        schedule = replace(schedule, calendars=paths or None)
    if "conditions" in options:
        schedule = replace(schedule, conditions=parse_conditions(options["conditions"]).as_json() or None)
    return replace(
        schedule, catch_up_cap=cap, jitter=jitter, misfire=options.get("misfire", schedule.misfire),
        overlap=options.get("overlap", schedule.overlap),
    )  # fmt: skip


def _input(given: Mapping[str, Json] | None) -> JsonObject | None:
    if given is not None and not isinstance(given, dict):
        raise Invalid(_("The input must be a JSON object: the parameters by name."))
    dump(given)
    return given or None


def _environment(schedule: Schedule, options: ScheduleOptions) -> JsonObject:
    """PATH and locale of this process, with what is ticked now; a folder alone changes nothing of them."""
    before = schedule.environment
    folder = options.get("folder", saved_environment.folder_of(before))
    if "variables" not in options:
        return saved_environment.with_folder(before, folder)
    return saved_environment.save(asking(), options["variables"], folder, saved_environment.variables_of(before))


def stored_expression(schedule: Schedule, workflow: Workflow) -> str | None:
    """As it is stored: a program in another language reads the same. Raises Invalid, WorkflowNotFound."""
    rule = parse_rule(schedule.trigger_type, schedule.expression, schedule.created_at)
    match rule:
        case EventRule(FileEvent() as event):
            rule = EventRule(file_watches.check_event(with_folder(event, home())))
        case EventRule(WorkflowEvent(end, ref)):
            rule = EventRule(WorkflowEvent(end, get_workflow(ref, workspaces.slug_of(workflow.workspace)).ref))
    return rule_expression(rule) or None


def _with_next(workflow: Workflow, schedule: Schedule, now: datetime, before: datetime | None = None) -> Schedule:
    """With its next due time; where that of `before` has come and nobody has looked, it is still to be decided.

    Raises Invalid where it has none any more, or the input would not be taken then.
    """
    plan = plan_of(schedule)
    due = plan.next_due(now)
    if due is None and schedule.trigger_type in _TIMED:
        raise Invalid(_("“{expression}” does not come any more.", expression=schedule.expression))
    _check_input(workflow, schedule, due or now)
    is_timed = schedule.trigger_type in _TIMED
    return replace(schedule, next_run_at=reschedule(plan, before, now) if is_timed else None)


def _check_input(workflow: Workflow, schedule: Schedule, due: datetime) -> None:
    schedule_input.check(workflow, schedule, due)


def _with_name(workflow: Workflow, schedule: Schedule) -> Schedule:
    """One without a name takes its rule as such."""
    if schedule.name:
        return schedule
    taken = {each.name for each in schedules.of_workflow(workflow.pk)}
    wanted, number = (schedule.expression or schedule.trigger_type.value)[: _LONGEST_NAME - 10], 1
    while (name := wanted if number == 1 else f"{wanted} ({number})") in taken:
        number += 1
    return replace(schedule, name=name)


# Its life


@command
def pause_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """It fires no more until it is resumed. Raises Conflict for one that does not fire anyway."""
    schedule = get_schedule(which, workspace)
    if schedule.status is not S.ACTIVE:
        raise Conflict(_("“{name}” does not fire at this moment.", name=schedule.name))
    return schedules.update(schedule, EventType.SCHEDULE_PAUSED, by=user(), status=S.PAUSED)


@command
def resume_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """It fires again from its next due time on; what came meanwhile is not made up for.

    Raises Conflict for one that is active, Invalid where it does not come any more.
    """
    schedule, now = get_schedule(which, workspace), times.now()
    if schedule.status is S.ACTIVE:
        raise Conflict(_("“{name}” is active.", name=schedule.name))
    wanted = _with_next(workflows.get(schedule.workflow), replace(schedule, status=S.ACTIVE), now)
    sight = file_watches.first_sight(wanted)
    with database.transaction():
        if schedule.status is S.PAUSED:
            pass_over_until(schedule, now)
        resumed = schedules.update(
            schedule, EventType.SCHEDULE_RESUMED, by=user(), status=S.ACTIVE, error=None,
            next_run_at=wanted.next_run_at,
        )  # fmt: skip
        file_watches.begin(resumed, sight, now)
    return resumed


@command
def delete_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """Into the trash: it fires no more; what it has started goes on."""
    schedule = get_schedule(which, workspace)
    return schedules.update(schedule, EventType.SCHEDULE_DELETED, by=user(), deleted_at=times.now())


@command
def restore_schedule(which: str, workspace: str = DEFAULT) -> Schedule:
    """Out of the trash, paused. Raises Conflict where its name is taken by now."""
    schedule = removed_schedule(which, workspace)
    status = S.PAUSED if schedule.status is S.ACTIVE else schedule.status
    return schedules.update(
        schedule, EventType.SCHEDULE_RESTORED, by=user(), deleted_at=None, status=status, name=schedule.name,
        next_run_at=None,
    )  # fmt: skip


def _has_rule_of(one: Schedule, other: Schedule) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in _RULE)


def _passed_over(schedule: Schedule, wanted: Schedule, now: datetime) -> datetime | None:
    """Of a paused one whose rule may change: what came by the old rule is written down, the new one counts from now."""
    if _has_rule_of(wanted, schedule):
        return schedule.next_run_at
    pass_over_until(schedule, now)
    return plan_of(wanted).next_due(now)
