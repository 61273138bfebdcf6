"""`schedule`: what runs by itself, when, and what became of every due time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

import click

from smartspec.cli.crontab_import import import_crontab_command
from smartspec.cli.detached import hand_over
from smartspec.cli.echo import echo, echo_notice
from smartspec.cli.options import WORKFLOW, Group, command, read_json
from smartspec.cli.output import moment, record, show, show_next_page, table
from smartspec.cli.schedule_calendars import days_without
from smartspec.cli.schedule_check import check_command, now_in_words, warn_of_networks
from smartspec.cli.schedule_forecast import preview_command, simulate_command, warn_of
from smartspec.cli.schedule_options import read_options, read_rule, schedule_options
from smartspec.cli.session import session
from smartspec.commands import (
    calendars,
    database,
    file_watches,
    schedule_events,
    schedule_lookup,
    schedule_previews,
    schedule_runs,
    schedules,
    versions,
)
from smartspec.commands.result_json import to_json
from smartspec.commands.schedule_plan import conditions_of, plan_of
from smartspec.commands.workflows import get_workflow_by_key
from smartspec.domain.schedule.conditions import conditions_in_words
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.stored_firing import StoredFiring
from smartspec.domain.schedule.words import rule_in_words
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.formatting import DASH, format_number
from smartspec.messages import N_, _, tr, translate, trn
from smartspec.runner import background
from smartspec.vocabulary import DECISION_IN_TEXT, SCHEDULE_STATUS_IN_TEXT

_WHICH = click.argument("which", metavar="NAME|ID|REF/NAME")
_UNSERVED = _(
    "No runner is there, so nothing starts by itself: `{install}` keeps one, `{run}` serves while it runs.",
    install="smartspec runner install", run="smartspec runner",
)  # fmt: skip
_SHOWN_TIMES = 5


@click.group("schedule", cls=Group)
def schedule_group() -> None:
    """What runs by itself, and what became of every due time."""


@command("add")
@click.argument("ref", type=WORKFLOW)
@click.argument("expression", required=False)
@schedule_options
def add_command(ref: str, expression: str | None, **given: object) -> None:
    """Let a workflow run by itself: at the times of an expression of cron, in an interval, once, or on an event.

    Unless told otherwise the newest of what was missed is made up for, and nothing starts while the workflow runs;
    what an event would start waits for that. PATH and the language of this terminal are kept with it. A runner starts
    it: smartspec runner.

    --on takes `file changed PATH` (a file was written to, or is new), `file appeared PATH` (a file that was not there,
    or a folder), `file quiet PATH` (anything in a folder changed, came or went: once for all of it),
    `workflow completed|failed|recovered REF`, `application started`, `computer woke` and `event NAME`. Behind a path
    stand `named '*.pdf'`, `recursive` (the folders in it, too) and `quiet 30s`: how long nothing may have changed any
    more, else 5 s, behind `file quiet` 30 s.

    \b
    Examples:
      smartspec schedule add nightly "30 2 * * *" --name night --timezone Europe/Berlin
      smartspec schedule add nightly --every 90m --overlap queue
      smartspec schedule add nightly --at 2026-12-24T18:00 -p day=2026-12-24
      smartspec schedule add index --on "file appeared ~/papers/*.pdf" -p "file={{ event.path }}"
      smartspec schedule add tell-me --on "workflow failed nightly"
      smartspec schedule add nightly "0 12 * * *" --not-on-battery --path-exists /media/backup
    """
    workspace = session().workspace
    trigger, text = read_rule(expression, given) or (TriggerType.CRON, "")
    options = read_options(given, ref, workspace)
    made = schedules.create_schedule(ref, text, trigger_type=trigger, workspace=workspace, **options)
    _show_made(made, tr("“{name}” runs {when}.", name=made.name, when=_when(made)))
    warn_of_networks(made)


@command("edit")
@_WHICH
@click.argument("expression", required=False)
@schedule_options
def edit_command(which: str, expression: str | None, **given: object) -> None:
    """Change what is named; an empty text takes back a zone, a start, an end, a version, a folder or a condition.

    \b
    Examples:
      smartspec schedule edit night "0 3 * * 1-5"
      smartspec schedule edit night --timezone "" --overlap queue
      smartspec schedule edit night --not-on-battery --network home --network office
    """
    workspace = session().workspace
    schedule = schedule_lookup.get_schedule(which, workspace)
    workflow = get_workflow_by_key(schedule.workflow)
    rule = read_rule(expression, given)
    changes = read_options(given, workflow.id, workspace, schedule)
    if not (changes or rule):
        raise click.UsageError(_("Say what is to change."))
    trigger, text = rule or (None, None)
    changed = schedules.update_schedule(
        schedule.id, text, trigger_type=trigger, row_version=schedule.row_version, workspace=workspace, **changes
    )
    _show_made(changed, tr("“{name}” runs {when}.", name=changed.name, when=_when(changed)))
    warn_of_networks(changed)


def _show_made(schedule: Schedule, done: str) -> None:
    """With what a person would not expect of it, and whether anybody starts it."""
    show(schedule, done)
    plan = plan_of(schedule)
    warn_of(plan)
    _warn_of_files([schedule])
    if schedule.status is ScheduleStatus.ACTIVE and schedule_lookup.is_unserved():
        echo_notice(_UNSERVED)


def _warn_of_files(those: Iterable[Schedule]) -> None:
    """Say on standard error which of them cannot see what they wait for."""
    for each in those:
        if (problem := file_watches.problem(each)) is not None:
            echo_notice(tr("“{name}”: {problem}", name=each.name, problem=translate(problem)))


def _when(schedule: Schedule) -> str:
    """The rule in words, and the next time."""
    plan = plan_of(schedule)
    words = _with_conditions(schedule, plan)
    if schedule.next_run_at is None:
        return words
    return tr("{rule}; next {moment}", rule=words, moment=_in_zone(schedule.next_run_at, plan))


def _in_zone(at: datetime, plan: Plan) -> str:
    return f"{at.astimezone(plan.zone):%Y-%m-%d %H:%M:%S %z}"


@command("list")
@click.argument("ref", required=False, type=WORKFLOW)
def list_command(ref: str | None) -> None:
    """Every schedule, or those of a workflow: the next to be due first.

    \b
    Examples:
      smartspec schedule list
      smartspec schedule list nightly --json
    """
    here = session()
    found = schedule_lookup.list_schedules(ref, here.workspace)
    if schedule_lookup.is_unserved():  # first of all
        if here.json:
            echo_notice(_UNSERVED)
        else:
            echo(translate(_UNSERVED))
    for problem in calendars.problems():
        echo_notice(problem)
    refs = {each: get_workflow_by_key(each).ref for each in {each.workflow for each in found}}
    rows = (
        (each.name, refs[each.workflow], _rule_words(each), _status(each), moment(each.next_run_at)
         if each.status is ScheduleStatus.ACTIVE else DASH, moment(each.last_run_at), _counts(each))
        for each in found
    )  # fmt: skip
    headings = (tr("NAME"), tr("WORKFLOW"), tr("WHEN"), tr("STATUS"), tr("NEXT"), tr("LAST"), tr("RUNS"))
    as_json = [to_json(each) | {"workflow": refs[each.workflow]} for each in found]
    show(as_json, table(headings, rows, tr("There is no schedule.")))
    _warn_of_files(found)


def _rule_words(schedule: Schedule) -> str:
    try:
        return one_line(_with_conditions(schedule, plan_of(schedule)), 70)
    except Invalid:
        return schedule.expression or ""


def _with_conditions(schedule: Schedule, plan: Plan) -> str:
    """Its rule in words, and what has to hold. Raises Invalid."""
    when, only = translate(rule_in_words(plan.rule, plan.zone)), conditions_in_words(conditions_of(schedule))
    return when if only is None else tr("{rule}, only {conditions}", rule=when, conditions=translate(only))


def _status(schedule: Schedule) -> str:
    return translate(SCHEDULE_STATUS_IN_TEXT.get(schedule.status, schedule.status))


def _counts(schedule: Schedule) -> str:
    words = [format_number(schedule.run_count)]
    if schedule.failure_count:
        words.append(trn("{n} failed", "{n} failed", schedule.failure_count))
    if schedule.missed_count:
        words.append(trn("{n} missed", "{n} missed", schedule.missed_count))
    return ", ".join(words)


@command("show")
@_WHICH
def show_command(which: str) -> None:
    """Everything about a schedule, its next times and what became of the last ones.

    \b
    Example:
      smartspec schedule show night
    """
    workspace = session().workspace
    schedule = schedule_lookup.get_schedule(which, workspace)
    workflow, page = get_workflow_by_key(schedule.workflow), schedule_lookup.list_firings(schedule.id, limit=10)
    plan, only = plan_of(schedule), conditions_in_words(conditions_of(schedule))
    due = schedule.next_run_at if schedule.status is ScheduleStatus.ACTIVE else None
    unseen, most = file_watches.problem(schedule), schedule.events_per_hour
    head = record((
        (tr("schedule"), schedule.name), (tr("id"), schedule.id), (tr("workflow"), workflow.ref),
        (tr("status"), _status(schedule)), (tr("why"), schedule.error),
        (tr("when"), translate(rule_in_words(plan.rule, plan.zone))), (tr("only"), translate(only) if only else None),
        (tr("now"), now_in_words(schedule)),
        (tr("unseen"), translate(unseen) if unseen else None),
        (tr("expression"), schedule.expression), (tr("time zone"), schedule.timezone),
        (tr("starts"), moment(schedule.start_at) if schedule.start_at else None),
        (tr("ends"), moment(schedule.end_at) if schedule.end_at else None),
        (tr("next"), _in_zone(due, plan) if due else None),
        (tr("version"), versions.get_version_by_key(schedule.version).version if schedule.version else None),
        (tr("input"), one_line(str(to_json(schedule.input)), 300) if schedule.input else None),
        (tr("missed"), schedule.misfire.value), (tr("overlap"), schedule.overlap.value),
        (tr("days without"), days_without(schedule, plan)),
        (tr("limit"), most and trn("{n} an hour", "{n} an hour", most)),
        (tr("runs"), _counts(schedule)),
        (tr("last"), moment(schedule.last_run_at) if schedule.last_run_at else None),
    ))  # fmt: skip
    show(to_json(schedule) | {"workflow": workflow.ref, "unseen": unseen}, f"{head}\n\n{_firings_table(page.rows)}")


def _firings_table(rows: Sequence[StoredFiring]) -> str:
    headings = (tr("DUE"), tr("UNTIL"), tr("TIMES"), tr("DECISION"), tr("WHY"))
    lines = (
        (moment(each.scheduled_for), moment(each.until) if each.until else "", format_number(each.count),
         translate(DECISION_IN_TEXT.get(each.decision, each.decision)), one_line(_why(each), 100))
        for each in rows
    )  # fmt: skip
    return table(headings, lines, tr("Nothing was due yet."))


def _why(row: StoredFiring) -> str:
    """With what happened, of an event."""
    why, what = translate(explain(row.firing)), translate(schedule_events.what_happened(row))
    return tr("{what}: {reason}", what=what, reason=why) if what and why else what or why


@command("firings")
@_WHICH
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@click.option("--after", metavar="KEY", help="Go on where a page ended.")
def firings_command(which: str, limit: int, after: str | None) -> None:
    """What was decided about every due time, the latest first, and why.

    \b
    Examples:
      smartspec schedule firings night
      smartspec schedule firings night --json
    """
    page = schedule_lookup.list_firings(which, after=after, limit=limit, workspace=session().workspace)
    show(page.rows, _firings_table(page.rows))
    show_next_page(page.next)


def _verb(name: str, act: Callable[[str, str], Schedule], done: str, words: str) -> click.Command:
    def verb(which: str) -> None:
        schedule = act(which, session().workspace)
        _show_made(schedule, tr(done, name=schedule.name))

    verb.__doc__ = f"{words}\n\n\b\nExample:\n  smartspec schedule {name} night"
    return command(name)(_WHICH(verb))


@command("run")
@_WHICH
@click.option("--from", "first", metavar="TIME", help="For every due time of a past period, from here on …")
@click.option("--to", "end", metavar="TIME", help="… up to here, both ends among them.")
@click.option("--for", "file", metavar="FILE", help="As if this file had been noticed: {{ event.path }} of its input.")
def run_command(which: str, first: str | None, end: str | None, file: str | None) -> None:
    """Run it now with its input, or for every due time of a past period, one after another, as catch-ups.

    \b
    Examples:
      smartspec schedule run night
      smartspec schedule run papers --for ~/papers/attention.pdf
      smartspec schedule run night --from 2026-11-20 --to 2026-11-22T23:59
    """
    workspace = session().workspace
    if first is None and end is None:
        path = None if file is None else str(Path(file).absolute())
        hand_over(schedule_runs.run_schedule(which, workspace, file=path))
        return
    if file is not None:
        raise click.UsageError(_("A file has no due times: leave {options} out.", options="--from, --to"))
    if first is None or end is None:
        raise click.UsageError(_("Give both, {first} and {end}.", first="--from", end="--to"))
    zone = plan_of(schedule_lookup.get_schedule(which, workspace)).zone
    begin, last = (schedule_previews.moment_in(each, zone) for each in (first, end))
    count = schedule_runs.backfill_schedule(which, begin, last, workspace)
    launch = background.ensure(database.database_path())
    show({"due_times": count}, trn("{n} due time is made up for.", "{n} due times are made up for.", count))
    background.check(launch)


@command("event")
@click.argument("name")
@click.option("--data", metavar="JSON|@FILE", help="What inputs can name as {{ event.data }}.")
def event_command(name: str, data: str | None) -> None:
    """Say that something happened: schedules that wait for this name start.

    \b
    Examples:
      smartspec schedule add inbox --on "event paper-arrived" -p "file={{ event.data.file }}"
      smartspec event paper-arrived --data '{"file": "/scans/7.pdf"}'
    """
    here = session()
    count = schedule_events.fire_event(name, read_json(data, "--data") if data else None, here.workspace)
    show({"schedules": count}, trn("{n} schedule waits for it.", "{n} schedules wait for it.", count))
    if count and schedule_lookup.is_unserved():
        echo_notice(_UNSERVED)


for each in (
    add_command, list_command, show_command, edit_command,
    _verb("pause", schedules.pause_schedule, N_("“{name}” is paused."), N_("Let it start nothing.")),
    _verb("resume", schedules.resume_schedule, N_("“{name}” is active."), N_("Let it start again.")),
    _verb("remove", schedules.delete_schedule, N_("“{name}” is in the trash."), N_("Put a schedule into the trash.")),
    _verb("restore", schedules.restore_schedule, N_("“{name}” is back, and paused."), N_("Take one out of the trash.")),
    firings_command, run_command, check_command, preview_command, simulate_command,
    import_crontab_command,
):  # fmt: skip
    schedule_group.add_command(each)
COMMANDS = (schedule_group, event_command)
