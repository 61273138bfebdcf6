"""`alerts`: what a person should know of until it is over."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import click

from smartspec.cli.options import DURATION, MOMENT, WORKFLOW, Group, command
from smartspec.cli.output import marked, moment, record, short, show, show_next_page, table
from smartspec.cli.session import session, shared_options
from smartspec.commands import alert_look, alert_rules, alerts
from smartspec.commands.alert_rules import RuleOptions
from smartspec.commands.result_json import to_json
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.alert.rules import SWITCHED, WorkflowRules
from smartspec.domain.event import Event, EventType
from smartspec.domain.jsontext import Json, as_mapping
from smartspec.domain.quantities import parse_number
from smartspec.domain.text import one_line
from smartspec.errors import Invalid, SmartSpecError, StorageError
from smartspec.formatting import format_duration
from smartspec.messages import Message, _, join, listed, tr, translate
from smartspec.runner import background
from smartspec.vocabulary import ALERT_KIND_WORDS, ALERT_STATE_WORDS, EVENT_WORDS

_RAISED_CODE = SmartSpecError.exit_code
_COLOURS = {"raised": "failed", "acknowledged": "pending", "snoozed": "paused", "closed": "completed"}
_SWITCHED = click.Choice([each.value for each in SWITCHED])
_WHICH = click.argument("which", metavar="ID")


@click.group(
    "alerts",
    cls=Group,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.option("--all", "with_closed", is_flag=True, help="Those that are closed, too.")
@click.option(
    "--kind", "kinds", type=click.Choice([each.value for each in AlertKind]), multiple=True,
    help="Of this kind; several are one or the other.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="With --all: so many closed."
)
@click.option("--after", metavar="KEY", help="With --all: where the page before ended.")
@shared_options
@click.pass_context
def alerts_group(
    context: click.Context, with_closed: bool, kinds: tuple[str, ...], limit: int, after: str | None
) -> None:
    """What should have run, fails often, runs long, and a disk or a backup that needs care: of all workspaces.

    A runner looks each minute; where none is, this looks itself. The exit code is 1 where one is raised, 0 where none
    is, or each is acknowledged or snoozed.

    \b
    Examples:
      smartspec alerts
      smartspec alerts --all --kind missed --json
      smartspec alerts > /dev/null || echo "something needs attention"
    """
    if context.invoked_subcommand is not None:
        if with_closed or kinds or after:
            raise Invalid(
                _("{options} are for {way} alone.", options="--all, --kind, --limit, --after", way="`smartspec alerts`")
            )
        return
    if after and not with_closed:
        raise Invalid(_("{option} goes on with {other}.", option="--after", other="--all"))
    session()
    now = times.now()
    if not background.is_there():  # it looks each minute, and knows from when on
        with suppress(StorageError):  # of a ledger that cannot be written to, what it has is listed
            alert_look.look(now)
    found = list(alerts.list_alerts(kinds))
    closed = alerts.list_closed_alerts(kinds, after=after, limit=limit) if with_closed else None
    shown = [*([] if after else found), *(closed.rows if closed else ())]
    show([_as_json(each, now) for each in shown], _table(shown, now))
    show_next_page(closed.next if closed else None)
    if any(each.state_at(now) is AlertState.RAISED for each in found):
        raise SystemExit(_RAISED_CODE)


@command("show")
@_WHICH
def show_command(which: str) -> None:
    """Everything about an alert: its figures, its rule, and what became of it.

    \b
    Example:
      smartspec alerts show 019ac3f2-1b7d
    """
    session()
    found, now = alerts.get_alert(which), times.now()
    alert = found.alert
    head = record((
        (tr("alert"), words.headline(alert)), (tr("id"), alert.id), (tr("kind"), ALERT_KIND_WORDS[alert.kind]),
        (tr("state"), _state(alert, now)), (tr("why"), words.reason(alert, now)), (tr("rule"), words.rule(alert)),
        (tr("workflow"), alert.evidence.workflow_id), (tr("execution"), alert.evidence.execution_id),
        (tr("schedule"), alert.evidence.schedule_id), (tr("note"), alert.note), (tr("closed"), words.closed(alert)),
    ))  # fmt: skip
    history = table((tr("AT"), tr("WHAT"), tr("BY"), tr("SAID")), map(_history_row, found.history))
    as_json = {**_as_json(alert, now), "history": [_event_json(each) for each in found.history]}
    show(as_json, f"{head}\n\n{history}")


@command("acknowledge")
@_WHICH
@click.option("--note", metavar="TEXT", help="Why it may be so, for whoever looks next.")
def acknowledge_command(which: str, note: str | None) -> None:
    """Say that somebody knows: it is told no more, and stays in the list until it closes by itself.

    \b
    Example:
      smartspec alerts acknowledge 019ac3f2-1b7d --note "as it should while it trains"
    """
    session()
    done = alerts.acknowledge_alert(which, note)
    show(_as_json(done, times.now()), tr("Acknowledged: {alert}.", alert=words.headline(done)))


@command("snooze")
@_WHICH
@click.option("--for", "lasts", type=DURATION, metavar="DURATION", help="So long: 1h, 2d.")
@click.option("--until", type=MOMENT, metavar="TIME", help="Until then: 2026-11-20T08:00.")
@click.option("--until-success", is_flag=True, help="Until what it is about succeeds, or ends.")
def snooze_command(which: str, lasts: int | None, until: datetime | None, until_success: bool) -> None:
    """Put an alert off; where it still holds then, it is told again.

    \b
    Examples:
      smartspec alerts snooze 019ac3f2-1b7d --for 1h
      smartspec alerts snooze 019ac3f2-1b7d --until-success
    """
    if sum((lasts is not None, until is not None, until_success)) != 1:
        raise Invalid(_("Say one of {options}.", options="--for, --until, --until-success"))
    session()
    now = times.now()
    end = now + timedelta(milliseconds=lasts) if lasts is not None else until
    done = alerts.snooze_alert(which, end)
    show(_as_json(done, now), tr("{alert}: {state}.", alert=words.headline(done), state=_snoozed(done)))


@command("reopen")
@_WHICH
def reopen_command(which: str) -> None:
    """Raise an alert again that is acknowledged or snoozed.

    \b
    Example:
      smartspec alerts reopen 019ac3f2-1b7d
    """
    session()
    done = alerts.reopen_alert(which)
    show(_as_json(done, times.now()), tr("Raised again: {alert}.", alert=words.headline(done)))


@command("rules")
@click.argument("ref", type=WORKFLOW)
@click.option("--every", metavar="DURATION", help="It is to succeed so often (1d, 90m), whoever starts it.")
@click.option("--long-running", metavar="DURATION", help="An execution runs long after it (2h).")
@click.option("--failures", metavar="PERCENT", help="Failures are many above it.")
@click.option("--without", type=_SWITCHED, multiple=True, help="No alert of this kind; several.")
@click.option("--with", "with_", type=_SWITCHED, multiple=True, help="Alerts of this kind again; several.")
def rules_command(ref: str, without: tuple[str, ...], with_: tuple[str, ...], **given: str | None) -> None:
    """What a workflow says of its own alerts; an empty text takes back what was said.

    \b
    Examples:
      smartspec alerts rules nightly --every 1d
      smartspec alerts rules train --long-running 12h --without high_failure
      smartspec alerts rules nightly --every ""
    """
    here = session()
    before = alert_rules.get_alert_rules(ref, here.workspace)
    wanted: RuleOptions = {}
    if (every := given["every"]) is not None:
        wanted["every_ms"] = times.parse_duration_ms(every) if every else None
    if (longest := given["long_running"]) is not None:
        wanted["long_running_ms"] = times.parse_duration_ms(longest) if longest else None
    if (failures := given["failures"]) is not None:
        wanted["failure_percent"] = parse_number(failures.strip().removesuffix("%")) if failures else None
    if without or with_:
        wanted["off"] = [each for each in {*before.off, *without} if each not in with_]
    found = alert_rules.set_alert_rules(ref, here.workspace, **wanted) if wanted else before
    show(found, _rules_record(found))


def _rules_record(found: WorkflowRules) -> str:
    percent = _("{number} %", number=found.failure_percent) if found.failure_percent is not None else None
    said = (
        (tr("succeeds every"), format_duration(found.every_ms) if found.every_ms is not None else None),
        (tr("runs long after"), format_duration(found.long_running_ms) if found.long_running_ms is not None else None),
        (tr("failures are many above"), percent), (tr("no alert of"), listed(found.off) if found.off else None),
    )  # fmt: skip
    return record(said) or tr("It is as the settings say.")


def _table(found: Iterable[Alert], now: datetime) -> str:
    rows = (
        (short(each.id), _state_word(each, now), ALERT_KIND_WORDS[each.kind], each.evidence.label,
         words.reason(each, now), moment(each.raised_at), one_line(translate(_more(each)), 60))
        for each in found
    )  # fmt: skip
    headings = (tr("ID"), tr("STATE"), tr("KIND"), tr("OF"), tr("WHY"), tr("RAISED"), tr("MORE"))
    return table(headings, rows, tr("Nothing needs attention."))


def _state_word(alert: Alert, now: datetime) -> str:
    state = alert.state_at(now)
    return marked(_COLOURS[state], translate(ALERT_STATE_WORDS[state]))


def _state(alert: Alert, now: datetime) -> Message | str:
    word = ALERT_STATE_WORDS[alert.state_at(now)]
    more = _more(alert)
    return join(", ", [word, more]) if more and alert.closed_at is None else word


def _more(alert: Alert) -> Message | str:
    """By whom and until when it is put aside, or why it was closed."""
    if alert.closed_at is not None:
        return words.closed(alert)
    if alert.acknowledged_at is not None:
        by = _("by {name}", name=alert.acknowledged_by)
        return _("{who}: “{reason}”", who=by, reason=alert.note) if alert.note else by
    return _snoozed(alert) if alert.snoozed_at is not None else ""


def _snoozed(alert: Alert) -> Message:
    if alert.snoozed_until is None:
        return _("snoozed until it succeeds or ends")
    return _("snoozed until {moment}", moment=moment(alert.snoozed_until))


def _history_row(event: Event) -> tuple[object, ...]:
    return moment(event.at), EVENT_WORDS[event.type], event.actor or "", _said(event)


def _said(event: Event) -> str:
    until = as_mapping(event.data).get("until")
    if until is not None:
        return tr("until {moment}", moment=moment(times.from_ms(int(str(until)))))
    if event.type is EventType.ALERT_CLOSED:
        return translate(words.closing(event.message or ""))
    return event.message or ""


def _as_json(alert: Alert, now: datetime) -> dict[str, Json]:
    """With its state and its figure as they are now; keys of rows stay inside."""
    kept = {name: value for name, value in to_json(alert).items() if name not in ("workflow", "execution", "schedule")}
    told = {"state": alert.state_at(now).value, "value": alert.value_at(now), "headline": words.headline(alert)}
    return {**told, "reason": words.reason(alert, now), **kept}


def _event_json(event: Event) -> dict[str, Json]:
    return {"at": to_json(event.at), "type": event.type.value, "by": event.actor, "message": event.message,
            "data": event.data}  # fmt: skip


for _each in (show_command, acknowledge_command, snooze_command, reopen_command, rules_command):
    alerts_group.add_command(_each)
COMMANDS = (alerts_group,)
