"""What was sent to people, and what could not be delivered: as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from smartspec.commands.alerts import acknowledge_alert
from smartspec.commands.executions import get_execution
from smartspec.commands.registry import command
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.event import EventType
from smartspec.domain.execution import Execution
from smartspec.domain.ids import EventPk, ExecutionPk
from smartspec.domain.jsontext import JsonObject, as_mapping
from smartspec.domain.notification.action import MessageAction, actions_about
from smartspec.errors import AlertNotFound, Invalid
from smartspec.messages import _
from smartspec.store import alerts, executions, notifications
from smartspec.value import frozen


@frozen
class SentMessage:
    """`error` is a sentence, None where it arrived; `execution` is an id, empty where it was about many, or none."""

    at: datetime
    channel: str
    title: str
    error: str | None
    execution: str


@frozen
class Undelivered:
    """A message that did not arrive: its event, by what it was sent and why it failed. `execution` is None where it was
    about many.
    """

    event: EventPk
    execution: Execution | None
    said: str


@command
def list_messages(limit: int = 50) -> tuple[SentMessage, ...]:
    """What was sent or could not be delivered, the newest first. Raises Invalid for a limit out of 1 to 1,000."""
    if not 1 <= limit <= 1_000:
        raise Invalid(_("From 1 to 1,000 messages are listed, not {n}.", n=limit))
    found = notifications.deliveries(limit)
    about = executions.by_keys(execution for _pk, execution, *_rest in found if execution is not None)
    return tuple(_message(each, about) for each in found)


def _message(
    row: tuple[EventPk, ExecutionPk | None, int, str, str, object], about: Mapping[ExecutionPk, Execution]
) -> SentMessage:
    _pk, execution, at, type_, said, data = row
    told = as_mapping(data)
    channel, title = str(told.get("channel") or ""), str(told.get("title") or "")
    error = said.removeprefix(f"{channel}: ") if type_ == EventType.NOTIFICATION_FAILED else None
    known = about.get(execution) if execution is not None else None
    return SentMessage(times.from_ms(at), channel, title, error, known.id if known is not None else "")


def message_actions(execution: ExecutionPk | None) -> tuple[MessageAction, ...]:
    """What a person can do from a message about it, as it is now."""
    found = executions.by_keys([] if execution is None else [execution])
    is_alert = execution is not None and any(
        each.execution == execution and each.acknowledged_at is None
        for each in alerts.open_alerts((AlertKind.LONG_RUNNING,))
    )
    return actions_about(next(iter(found.values()), None), is_alert=is_alert)


def accept_running_long(execution: str) -> None:
    """That it runs so long is all right: its alert is acknowledged. Raises ExecutionNotFound, and AlertNotFound where
    it is none any more.
    """
    found = get_execution(execution)
    alert = next((each for each in alerts.open_alerts((AlertKind.LONG_RUNNING,)) if each.execution == found.pk), None)
    if alert is None:
        raise AlertNotFound(_("{execution} is no alert any more.", execution=found.label))
    acknowledge_alert(alert.id)


def undelivered_since(of: Iterable[ExecutionPk], moment: datetime) -> list[Undelivered]:
    """The messages about executions that did not arrive since then, oldest first."""
    found = notifications.undelivered(of, times.to_ms(moment))
    about = executions.by_keys(execution for _pk, execution, _said in found)
    return [Undelivered(pk, about[execution], said) for pk, execution, said in found if execution in about]


def undelivered_summaries_since(moment: datetime) -> list[Undelivered]:
    """Of the messages about many executions those that did not arrive since then, oldest first."""
    return [Undelivered(pk, None, said) for pk, said in notifications.undelivered_summaries(times.to_ms(moment))]


def last_deliveries() -> Mapping[str, JsonObject]:
    """By channel when something was sent last, and the error, null where it arrived."""
    found = as_mapping(as_mapping(notifications.state()).get("last"))
    return {name: as_mapping(each) for name, each in found.items()}
