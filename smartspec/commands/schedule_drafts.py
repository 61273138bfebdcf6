"""A schedule as a person writes it in a form: its texts, what is wrong with each, and what it would come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import TypeVar

from smartspec.commands import schedule_input, schedules
from smartspec.commands.schedule_plan import conditions_of, plan_of, zone_of
from smartspec.commands.schedule_previews import moment_in
from smartspec.commands.schedule_texts import read_duration, written_duration, written_moment
from smartspec.commands.schedules import ScheduleOptions, blank_schedule, stored_expression, with_options
from smartspec.commands.workflows import get_workflow
from smartspec.domain import quantities, times
from smartspec.domain.jsontext import Json, JsonObject, as_mapping, strings, texts
from smartspec.domain.schedule import saved_environment
from smartspec.domain.schedule.conditions import conditions_in_words
from smartspec.domain.schedule.cron import CronRule
from smartspec.domain.schedule.cron_warnings import CronWarning, cron_warnings
from smartspec.domain.schedule.policy import CATCH_UP_CAP, Misfire, Overlap, Plan
from smartspec.domain.schedule.rule import OnceRule, TriggerType, parse_rule
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.words import rule_in_words
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, Problem, SmartSpecError
from smartspec.messages import Message, _
from smartspec.store import schedules as rows
from smartspec.store import versions
from smartspec.value import field_names, frozen, replace

TIMED = (TriggerType.CRON, TriggerType.INTERVAL, TriggerType.ONCE)
_T = TypeVar("_T")


@frozen(kw_only=True)
class ScheduleDraft:
    """The fields of the form, as they are written; an empty text is none. `workflow` is an id, `version` a label.

    `start` and `end` are by the clocks of the schedule's zone.
    """

    workflow: str = ""
    name: str = ""
    is_active: bool = True
    version: str = ""
    trigger_type: TriggerType = TriggerType.CRON
    expression: str = ""
    timezone: str = ""
    start: str = ""
    end: str = ""
    jitter: str = ""
    misfire: Misfire = Misfire.ONCE
    catch_up_cap: str = str(CATCH_UP_CAP)
    overlap: Overlap = Overlap.SKIP
    events_per_hour: str = ""
    blackouts: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    conditions: JsonObject | None = None
    variables: tuple[str, ...] = ()
    folder: str = ""
    input: JsonObject | None = None


@frozen
class DraftCheck:
    """`problems` have the field as their path, of the input and the conditions with the name of one behind it. The rest
    is of a rule that can be read: in words, its plan, what may not be meant, what templates of the input come to the
    next time, and what has to hold, in words."""

    problems: tuple[Problem, ...]
    when: Message | None = None
    plan: Plan | None = None
    next_due: datetime | None = None
    warnings: tuple[CronWarning, ...] = ()
    rendered: Mapping[str, Json] | None = None
    only: Message | None = None


def draft_of(schedule: Schedule, workflow_id: str, version: str) -> ScheduleDraft:
    """What the form shows of one that there is. Raises nothing: a zone that is not there any more stands as it is."""
    environment = schedule.environment
    kept = saved_environment.variables_of(environment)
    return ScheduleDraft(
        workflow=workflow_id, name=schedule.name, is_active=schedule.status is not ScheduleStatus.PAUSED,
        version=version, trigger_type=schedule.trigger_type, expression=schedule.expression or "",
        timezone=schedule.timezone or "", start=written_moment(schedule.start_at, schedule.timezone),
        end=written_moment(schedule.end_at, schedule.timezone), jitter=written_duration(schedule.jitter),
        misfire=schedule.misfire, catch_up_cap=str(schedule.catch_up_cap), overlap=schedule.overlap,
        events_per_hour=str(schedule.events_per_hour or ""), blackouts=tuple(texts(schedule.blackouts)),
        calendars=tuple(texts(schedule.calendars)),
        conditions=as_mapping(schedule.conditions) or None,
        variables=tuple(sorted(name for name in kept if not saved_environment.is_kept_anyway(name))),
        folder=saved_environment.folder_of(environment) or "", input=schedule.input,
    )  # fmt: skip


def changed_fields(before: ScheduleDraft, after: ScheduleDraft) -> tuple[str, ...]:
    """The names of the fields that are not the same; of the rule, `expression` stands for its kind too."""
    found = [name for name in field_names(ScheduleDraft) if getattr(before, name) != getattr(after, name)]
    if "trigger_type" in found:
        found = [name for name in found if name not in ("trigger_type", "expression")]
        found.append("expression")
    return tuple(found)


def rebased(mine: ScheduleDraft, before: ScheduleDraft, theirs: ScheduleDraft) -> ScheduleDraft:
    """What was saved elsewhere meanwhile, with what was changed here."""
    changed = changed_fields(before, mine)
    names = {*changed, *(("trigger_type",) if "expression" in changed else ())}
    return replace(theirs, **{name: getattr(mine, name) for name in names})


# What it would come to


def check_draft(draft: ScheduleDraft, schedule: Schedule | None, workspace: str) -> DraftCheck:
    """Everything that is wrong with it at once. `schedule` is the one that is edited, None for a new one.

    A calendar that it names is read, and kept until nobody has named it for a while: its days are left out.
    """
    if not draft.workflow:
        return _without_workflow(draft)
    now, workflow = times.now(), get_workflow(draft.workflow, workspace)
    reading = _Reading(draft, schedule, workflow, now)
    wanted = reading.schedule()
    return _come_to(workflow, draft, wanted, reading, now)


def _without_workflow(draft: ScheduleDraft) -> DraftCheck:
    """The rule alone: what it says can be looked at before anything is chosen that it starts."""
    missing, now = Problem("workflow", _("Choose a workflow.")), times.now()
    try:
        zone = zone_of(draft.timezone.strip() or None)
        ends = [moment_in(text, zone) if text.strip() else None for text in (draft.start, draft.end)]
        rule = parse_rule(draft.trigger_type, draft.expression, ends[0] or now)
    except Invalid:
        return DraftCheck((missing,))
    plan = Plan(rule=rule, zone=zone, start_at=ends[0], end_at=ends[1])
    warnings = cron_warnings(rule) if isinstance(rule, CronRule) else ()
    return DraftCheck((missing,), rule_in_words(rule, zone), plan, plan.next_due(now), warnings)


def save_draft(draft: ScheduleDraft, schedule: Schedule | None, workspace: str) -> Schedule:
    """A new schedule, or what was changed of one; switched on or off with it.

    Raises Invalid with every problem at once, and Conflict where it was changed since `schedule` was read.
    """
    found = check_draft(draft, schedule, workspace)
    if found.problems:
        raise Invalid(found.problems[0].sentence, found.problems)
    now, workflow = times.now(), get_workflow(draft.workflow, workspace)
    options = _Reading(draft, schedule, workflow, now).options()
    rule = (draft.expression, draft.trigger_type)
    if schedule is None:
        made = schedules.create_schedule(workflow.id, rule[0], trigger_type=rule[1], workspace=workspace, **options)
    elif rule == (schedule.expression or "", schedule.trigger_type):
        made = schedules.update_schedule(schedule.id, row_version=schedule.row_version, workspace=workspace, **options)
    else:
        made = schedules.update_schedule(
            schedule.id, rule[0], trigger_type=rule[1], row_version=schedule.row_version, workspace=workspace, **options
        )
    return _switched(made, draft.is_active, workspace)


def _switched(schedule: Schedule, is_active: bool, workspace: str) -> Schedule:
    before = ScheduleStatus.PAUSED if is_active else ScheduleStatus.ACTIVE
    if schedule.status is not before:
        return schedule
    # In a transaction of its own: each of them looks at files first, and that may take a while.
    switch = schedules.resume_schedule if is_active else schedules.pause_schedule
    return switch(schedule.id, workspace)


class _Reading:
    """The texts of a draft as values. `problems` grows with each that is none."""

    def __init__(self, draft: ScheduleDraft, schedule: Schedule | None, workflow: Workflow, now: datetime) -> None:
        self._draft, self._schedule, self._workflow, self._now = draft, schedule, workflow, now
        label = versions.get(schedule.version).version if schedule is not None and schedule.version else ""
        self._before = ScheduleDraft() if schedule is None else draft_of(schedule, draft.workflow, label)
        self._changed = changed_fields(self._before, draft)
        self.problems: list[Problem] = []

    def _try(self, field: str, read: Callable[[], _T]) -> _T | None:
        try:
            return read()
        except Invalid as error:
            self.problems += [
                Problem(f"{field}.{each.path}" if each.path else field, each.sentence) for each in error.problems
            ]
        except SmartSpecError as error:
            self.problems.append(Problem(field, error.sentence))
        return None

    def options(self) -> ScheduleOptions:
        """Of what was changed only: what is not sent stays exactly as it is stored."""
        options: ScheduleOptions = {}
        for name, value in self._values():
            options[name] = value  # type: ignore[literal-required]
        return options

    def _values(self) -> Iterator[tuple[str, object]]:
        draft, changed = self._draft, self._changed
        for name in ("name", "misfire", "overlap", "blackouts", "calendars"):
            if name in changed or (self._schedule is None and name == "overlap"):  # events have another default
                yield name, getattr(draft, name)
        for name in ("version", "timezone", "folder"):
            if name in changed:
                yield name, getattr(draft, name).strip() or None
        if "conditions" in changed and (asked := self._conditions()) is not None:
            yield "conditions", asked
        if "variables" in changed:
            yield "variables", draft.variables
        if "input" in changed:
            yield "input", draft.input
        if "jitter" in changed and (jitter := self._try("jitter", lambda: read_duration(draft.jitter))) is not None:
            yield "jitter", jitter
        if "catch_up_cap" in changed and (cap := self._try("catch_up_cap", self._cap)) is not None:
            yield "catch_up_cap", cap
        if "events_per_hour" in changed:
            yield from self._most()
        yield from self._moments()

    def _conditions(self) -> JsonObject | None:
        """None where one that is asked for has nothing to ask."""
        given: dict[str, Json] = {**(self._draft.conditions or {})}
        empty = [key for key, value in given.items() if not value]
        self.problems += [Problem(f"conditions.{key}", _EMPTY_CONDITIONS[key]) for key in empty]
        if isinstance(idle := given.get("idle"), str) and idle:
            ms = self._try("conditions.idle", lambda: read_duration(idle))
            given["idle"] = f"{ms}ms"
            empty += ["idle"] if ms is None else []
        return None if empty else given

    def _most(self) -> Iterator[tuple[str, int | None]]:
        text = self._draft.events_per_hour.strip()
        most = self._try("events_per_hour", lambda: quantities.parse_number(text) if text else 0)
        if most is not None:
            yield "events_per_hour", most if text else None

    def _cap(self) -> int:
        return quantities.parse_number(self._draft.catch_up_cap)

    def _moments(self) -> Iterator[tuple[str, datetime | None]]:
        """By the clocks of another zone the same text is another moment."""
        draft, changed = self._draft, self._changed
        zone = self._zone()
        for name in ("start", "end"):
            text = getattr(draft, name).strip()
            if zone is None or not (name in changed or (text and "timezone" in changed)):
                continue
            if not text:
                yield f"{name}_at", None
            elif (moment := self._try(name, lambda text=text: moment_in(text, zone))) is not None:  # type: ignore[misc]
                yield f"{name}_at", moment

    def _zone(self) -> tzinfo | None:
        try:
            return zone_of(self._draft.timezone.strip() or None)
        except Invalid:
            return None  # told where it is set

    def schedule(self) -> Schedule:
        """As it would be stored, as far as each field can be."""
        draft, workflow = self._draft, self._workflow
        found = self._schedule or blank_schedule(workflow, draft.expression, draft.trigger_type, self._now)
        for name, value in self.options().items():
            one: ScheduleOptions = {name: value}  # type: ignore[misc]
            found = self._try(_FIELDS.get(name, name), lambda: with_options(workflow, found, one)) or found  # noqa: B023
        self._check_name(found)
        return replace(found, trigger_type=draft.trigger_type, expression=draft.expression)

    def plan(self, wanted: Schedule) -> Plan | None:
        """None where rule or zone cannot be read."""
        if not any(each.path == "timezone" for each in self.problems):
            self._try("timezone", lambda: zone_of(wanted.timezone))
        rule = self._try("expression", lambda: Message(stored_expression(wanted, self._workflow) or ""))
        if rule is None or any(each.path == "timezone" for each in self.problems):
            return None
        return self._try("expression", lambda: plan_of(replace(wanted, expression=str(rule) or None)))

    @property
    def has_to_come(self) -> bool:
        """Whether it has to be due once more: what has expired may be called otherwise."""
        schedule = self._schedule
        is_other = {"expression", "timezone", "start", "end"} & {*self._changed}
        is_resumed = schedule is not None and schedule.status is ScheduleStatus.PAUSED and self._draft.is_active
        return schedule is None or bool(is_other) or is_resumed

    def _check_name(self, schedule: Schedule) -> None:
        taken = (each for each in rows.of_workflow(self._workflow.pk) if each.pk != schedule.pk)
        if schedule.name and any(each.name == schedule.name for each in taken):
            sentence = _("There is already a schedule “{name}” of this workflow.", name=schedule.name)
            self.problems.append(Problem("name", sentence))


_EMPTY_CONDITIONS = {
    "mains": _("Say whether it has to be on mains power."),
    "networks": _("Name a network, or do not ask for one."),
    "idle": _("Say for how long it has to be idle, as in 10 m."),
    "path": _("Name the path that has to be there, or do not ask for one."),
    "command": _("Write the command that has to succeed, or do not ask for one."),
}  # fmt: skip
_FIELDS = {"start_at": "start", "end_at": "end"}


def _come_to(
    workflow: Workflow, draft: ScheduleDraft, wanted: Schedule, reading: _Reading, now: datetime
) -> DraftCheck:  # fmt: skip
    problems = reading.problems
    plan = reading.plan(wanted)
    due = plan.next_due(now) if plan is not None else None
    if plan is not None and due is None and draft.trigger_type in TIMED and reading.has_to_come:
        problems.append(_never(plan, draft))
    rendered = _check_input(workflow, wanted, due or now, problems)
    if plan is None:
        return DraftCheck(tuple(problems))
    warnings = cron_warnings(plan.rule) if isinstance(plan.rule, CronRule) else ()
    only = conditions_in_words(conditions_of(wanted))
    return DraftCheck(tuple(problems), rule_in_words(plan.rule, plan.zone), plan, due, warnings, rendered, only)


def _never(plan: Plan, draft: ScheduleDraft) -> Problem:
    """Of one that was and comes no more; what never comes at all its rule has refused."""
    if plan.end_at is not None:
        return Problem("end", _("It is never due between its start and its end."))
    if isinstance(plan.rule, OnceRule):
        return Problem("expression", _("That is past: choose a moment that is still to come."))
    return Problem("expression", _("“{expression}” does not come any more.", expression=draft.expression))


def _check_input(
    workflow: Workflow, wanted: Schedule, due: datetime, problems: list[Problem]
) -> Mapping[str, Json] | None:
    """The values that templates come to, by parameter."""
    try:
        schedule_input.check(workflow, wanted, due)
    except Invalid as error:
        problems += [Problem(f"input.{each.path}".removesuffix("."), each.sentence) for each in error.problems]
        return None
    except Conflict as error:
        problems.append(Problem("version", error.sentence))
        return None
    given = {key: value for key, value in (wanted.input or {}).items() if any("{{" in text for text in strings(value))}
    if not given or wanted.trigger_type is TriggerType.EVENT:
        return {}
    return schedule_input.render_input(given, due, wanted.timezone, wanted.name)
