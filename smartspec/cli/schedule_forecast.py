"""`schedule preview` and `schedule simulate`: what is to come."""

from __future__ import annotations

import click

from smartspec.cli.echo import echo_notice
from smartspec.cli.event_option import read_event
from smartspec.cli.options import command
from smartspec.cli.output import moment, show, table
from smartspec.cli.session import closed_session, session
from smartspec.commands import event_previews, schedule_previews, schedule_simulation
from smartspec.commands.schedule_simulation import LoadForecast
from smartspec.domain.schedule.cron import CronRule
from smartspec.domain.schedule.cron_warnings import cron_warnings
from smartspec.domain.schedule.events import WORDS, FileEvent, event_expression
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import EventRule, TriggerType
from smartspec.domain.schedule.upcoming import upcoming
from smartspec.domain.schedule.words import rule_in_words
from smartspec.errors import Invalid
from smartspec.formatting import format_duration, format_number
from smartspec.messages import tr, translate, trn

_SHOWN_TIMES = 5


@command("preview")
@click.argument("expression", metavar="EXPRESSION|NAME")
@click.option("--timezone", metavar="ZONE", help="Whose clocks it goes by; else this machine's.")
@click.option("--from", "after", metavar="TIME", help="After this time, by the clocks of the zone; else from now.")
@click.option("--count", type=click.IntRange(1, 10_000), default=_SHOWN_TIMES, show_default=True, help="How many.")
def preview_command(expression: str, timezone: str | None, after: str | None, count: int) -> None:
    """When an expression of cron, or a schedule, is due next, with its changes of the clock.

    Of an event it says when it would have been in the last days.

    \b
    Examples:
      smartspec schedule preview "30 7 * * 1-5"
      smartspec schedule preview "file appeared ~/papers/*.pdf"
      smartspec schedule preview "30 2 * * *" --timezone America/New_York --from 2026-03-07T12:00:00 --count 2 --json
    """
    plan = _plan(expression, timezone)
    begin = schedule_previews.moment_in(after, plan.zone)
    times = schedule_previews.shown_times(plan, begin, count)
    noted = upcoming(plan.rule, plan.zone, begin, count).changes
    lines = [translate(rule_in_words(plan.rule, plan.zone)), *times]
    lines += [f"{translate(each.headline)}. {translate(each.effect)}" for each in noted]
    if isinstance(plan.rule, EventRule):
        lines += _happened(plan.rule, count)
    show(times, "\n".join(lines))
    warn_of(plan)


def _happened(rule: EventRule, count: int) -> list[str]:
    """What would have started it, and what of it is there already."""
    found = event_previews.preview_event(event_expression(rule.event), session().workspace)
    lines = [translate(found.problem)] if found.problem is not None else []
    if found.past and isinstance(rule.event, FileEvent):
        lines.append(trn("{n} file that fits was changed in the last 7 days:",
                         "{n} files that fit were changed in the last 7 days:", len(found.past)))  # fmt: skip
    elif found.past:
        lines.append(trn("In the last 7 days it would have been {n} time:",
                         "In the last 7 days it would have been {n} times:", len(found.past)))  # fmt: skip
    elif found.past is not None:
        lines.append(tr("In the last 7 days it would not have been."))
    lines += [f"{moment(each.at)}  {each.what}".rstrip() for each in (found.past or ())[:count]]
    if found.fitting:
        lines.append(trn("{n} file that fits lies there already; only what comes from now on counts.",
                         "{n} files that fit lie there already; only what comes from now on counts.",
                         len(found.fitting)))  # fmt: skip
    return lines


def _plan(expression: str, timezone: str | None) -> Plan:
    """An expression needs no ledger."""
    is_event = expression.partition(" ")[0].lower() in WORDS
    try:
        if is_event:
            return schedule_previews.plan_for(read_event(expression), TriggerType.EVENT, timezone)
        return schedule_previews.plan_for(expression, TriggerType.CRON, timezone)
    except Invalid:
        if timezone is not None or not closed_session().file.exists():
            raise
        return _plan_named(expression, is_event=is_event)


def _plan_named(name: str, *, is_event: bool) -> Plan:
    """A schedule may be called as an event begins; else what is wrong with the event is said."""
    try:
        return schedule_previews.plan_named(name, None, session().workspace)
    except Invalid:
        if is_event:
            read_event(name)
        raise


@command("simulate")
@click.option("--days", type=click.IntRange(1, 366), default=30, show_default=True, help="How far.")
@click.option("--from", "first", metavar="DAY", help="The first day, as 2027-03-25; else from now.")
@click.option(
    "--sleep", metavar="TIMES", help="When the computer is off each night, as 23:00-07:00; `usual`: as it was."
)
@click.argument("which", nargs=-1, metavar="[SCHEDULE]…")
def simulate_command(days: int, first: str | None, sleep: str | None, which: tuple[str, ...]) -> None:
    """What schedules would do in the days to come: how many run, what overlaps, when it is busiest. Nothing is run.

    Without a schedule: all that are on.

    \b
    Examples:
      smartspec schedule simulate
      smartspec schedule simulate --days 7 --sleep 23:00-07:00 --json
      smartspec schedule simulate night --from 2027-03-25 --sleep usual
    """
    found = schedule_simulation.simulate_schedules(
        days, first=first, sleep=sleep, which=which, workspace=session().workspace
    )
    of_each = (
        (each.name, format_number(each.starts), format_number(each.overlaps), format_number(each.passed_over))
        for each in found.schedules
    )
    headings = (tr("NAME"), tr("RUNS"), tr("OVERLAPS"), tr("PASSED OVER"))
    show(found, "\n".join([*_told(found), "", table(headings, of_each, tr("There is no schedule."))]))


def _told(found: LoadForecast) -> list[str]:
    busiest, day, hour = max(
        ((starts, each.day, hour) for each in found.days for hour, starts in enumerate(each.hours)),
        key=lambda load: load[0], default=(0, "", 0),
    )  # fmt: skip
    lines = [
        tr("Until {moment}: {n} executions, {duration} in all.",
           moment=moment(found.until), n=format_number(found.starts), duration=format_duration(found.run_time_ms)),
        trn("{n} overlap.", "{n} overlaps.", found.overlaps),
        tr("At most {n} at once; {limit} may run.", n=format_number(found.most_at_once),
           limit=format_number(found.limit)),
    ]  # fmt: skip
    if found.slept_over:
        lines.append(trn("{n} due time comes in sleep, {starts} makes up for it.",
                         "{n} due times come in sleep, {starts} make up for them.", found.slept_over,
                         starts=format_number(found.caught_up)))  # fmt: skip
    if busiest:
        lines.append(tr("Busiest on {day} at {hour}: {n}.", day=day, hour=f"{hour:02d}:00", n=format_number(busiest)))
    return [*lines, *map(translate, found.findings)]


def warn_of(plan: Plan) -> None:
    """Say on standard error what most people do not expect of it."""
    for warning in cron_warnings(plan.rule) if isinstance(plan.rule, CronRule) else ():
        echo_notice(warning.sentence)
