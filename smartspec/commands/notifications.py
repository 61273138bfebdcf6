"""Who is told what: collected from what has ended, handed out once, and what came of it written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from smartspec.changes import Topic
from smartspec.commands import alert_news, channels, notification_policies, quiet, settings
from smartspec.domain import times
from smartspec.domain.display import display_lines
from smartspec.domain.engine.states import PROBLEM, ExecutionStatus
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Execution
from smartspec.domain.ids import EventPk, ExecutionPk, WorkflowPk, new_id
from smartspec.domain.jsontext import Json, JsonObject, as_list, as_mapping, dump
from smartspec.domain.notification import quiet_hours
from smartspec.domain.notification.rules import Decision, DuringQuiet, News, NewsKind, Notification, Rules, decide
from smartspec.domain.reasons import headline
from smartspec.formatting import format_duration
from smartspec.messages import _n, translate
from smartspec.store import database, events, executions, notifications, tasks
from smartspec.value import frozen

_AT_ONCE = 1_000  # ends that are looked at together
_KEPT = timedelta(days=2)  # moments of messages: the day of any zone is within
_LAST_LINES = 10  # of a failure, in a message that has room for them
_LOST = timedelta(minutes=2)  # then whoever had a message to send is gone


@frozen
class Delivery:
    """One message by one channel. `execution` is None where it is about many."""

    key: str
    channel: str
    title: str
    body: str
    execution: ExecutionPk | None
    execution_id: str


def is_wanted() -> bool:
    """Whether anybody is to be told of anything."""
    return bool(channels.list_channels())


def collect(now: datetime) -> tuple[Delivery, ...]:
    """What is to be sent now, by whoever asks: nobody else gets it, unless that one is gone.

    `now` is of the clock on the wall: quiet hours are.
    """
    if not is_wanted():
        return ()
    with database.transaction():
        state = _state()
        before = dump(state)
        again = _taken_over(state, now)
        seen, news = _news(state)
        rules = _rules()
        alerts = alert_news.untold(rules, now)
        sent = [times.from_ms(int(str(each))) for each in as_list(state.get("sent"))]
        decision = decide([*news, *(each for _alert, each in alerts)], rules, sent, now, _held(state))
        fresh = _deliveries(decision.notifications)
        if decision.until is None:
            alert_news.note_told((alert for alert, each in alerts if each not in decision.held), now)
            of_alerts = [each for _alert, each in alerts]  # they are found again, as long as they are raised
            state["held"] = [_as_json(each) for each in decision.held if each not in of_alerts][-_AT_ONCE:]
            _note(state, seen, fresh, decision, sent, now)
        if dump(state) != before:
            notifications.keep(state)
    return (*again, *fresh)


def has_news() -> bool:
    """Whether somebody could have to be told of something; where not, what has ended counts as seen. What is held in
    quiet hours is news once they are over.
    """
    if not is_wanted():
        return False
    state, rules = _state(), _rules()
    seen, news = _news(state)
    if not news and seen != state.get("seen"):
        with database.transaction():
            state = _state()
            notifications.keep({**state, "seen": max(seen, _seen(state))})  # somebody may have seen more meanwhile
    is_over = rules.quiet_until(times.now().astimezone()) is None
    return bool(news) or (is_over and bool(_held(state) or alert_news.untold(rules, times.now())))


def note_delivery(delivery: Delivery, error: str | None) -> None:
    """What came of it; `error` is a sentence."""
    with database.transaction():
        state = _state()
        state["pending"] = [
            each for each in as_list(state.get("pending")) if as_mapping(each).get("key") != delivery.key
        ]
        at = times.to_ms(times.now())
        state["last"] = {**as_mapping(state.get("last")), delivery.channel: {"at": at, "error": error and str(error)}}
        notifications.keep(state)
        about = executions.by_keys([] if delivery.execution is None else [delivery.execution])
        execution = next(iter(about.values()), None)  # None, too, where it was deleted for good meanwhile
        events.add(
            EventType.NOTIFICATION_FAILED if error else EventType.NOTIFICATION_SENT,
            workflow=execution.workflow if execution is not None else None,
            execution=execution.pk if execution is not None else None,
            level=Level.WARN if error else Level.INFO,
            message=f"{delivery.channel}: {error}" if error else delivery.channel,
            data={"channel": delivery.channel, "title": delivery.title},
        )
        database.record_change(Topic.SETTINGS, 0)
        if execution is not None:
            database.record_change(Topic.EXECUTIONS, execution.pk)


def last_lines(execution: ExecutionPk | None) -> str:
    """What the attempt that failed said last, as it is stored: masked. Empty where none failed."""
    if execution is None or executions.get(execution).status not in PROBLEM:
        return ""
    return "\n".join(display_lines(tasks.excerpt_of_failure(execution) or "")[-_LAST_LINES:])


def _state() -> dict[str, Json]:
    return dict(as_mapping(notifications.state()))


def _rules() -> Rules:
    kinds = frozenset(kind for kind in NewsKind if settings.get_setting(f"notifications.{kind}"))
    return Rules(
        kinds=kinds,
        together=settings.get_setting("notifications.together"),
        within=timedelta(milliseconds=settings.get_setting("notifications.within_ms")),
        a_day=settings.get_setting("notifications.a_day"),
        quiet=quiet_hours.parse(settings.get_setting("notifications.quiet")),
        breaks_quiet=settings.get_setting("notifications.during_quiet") == DuringQuiet.IMPORTANT,
        summary=settings.get_setting("notifications.summary"),
        policies=notification_policies.policies(),
        important=notification_policies.important_ones(),
        muted_until=quiet.quiet_now(),
    )


def _news(state: Mapping[str, Json]) -> tuple[EventPk, list[News]]:
    """Up to which event, and what is worth telling of it."""
    ended = notifications.ended_after(_seen(state), _AT_ONCE)
    found = executions.by_keys(execution for _pk, execution in ended)
    about = [found[execution] for _pk, execution in ended if execution in found]
    news = [each for execution in about if (each := _ended(execution)) is not None]
    return (ended[-1][0] if ended else _seen(state)), news


def _seen(state: Mapping[str, Json]) -> EventPk:
    return EventPk(int(str(state.get("seen", 0))))


def _ended(execution: Execution) -> News | None:
    if execution.status in PROBLEM:
        return _about(NewsKind.FAILED, execution, headline(execution))
    if execution.status is not ExecutionStatus.COMPLETED:
        return None
    failures = notifications.failures_before(execution.pk, execution.workflow) if execution.workflow else 0
    if not failures:
        return None
    took = format_duration(execution.duration_ms)
    said = _n(
        "Completed in {time}, after {n} failure.", "Completed in {time}, after {n} failures.", failures, time=took
    )
    return _about(NewsKind.RECOVERED, execution, said)


def _about(kind: NewsKind, execution: Execution, said: str) -> News:
    name = execution.workflow_name
    return News(kind, execution.workflow, name, execution.pk, execution.id, said)


def _deliveries(told: Iterable[Notification]) -> list[Delivery]:
    names = [each.name for each in channels.list_channels()]
    return [
        Delivery(new_id(), name, translate(each.title), translate(each.body), each.execution, each.execution_id)
        for each in told
        for name in names
    ]


def _note(
    state: dict[str, Json],
    seen: EventPk,
    fresh: list[Delivery],
    decision: Decision,
    sent: list[datetime],
    now: datetime,
) -> None:
    kept = [each for each in sent if now - each < _KEPT] + [now] * len(decision.notifications)
    state |= {"seen": seen, "sent": [times.to_ms(each) for each in kept]}
    waiting: list[Json] = [
        {
            "key": each.key, "channel": each.channel, "title": each.title, "body": each.body,
            "execution": each.execution, "execution_id": each.execution_id, "at": times.to_ms(now),
        }
        for each in fresh
    ]  # fmt: skip
    state["pending"] = [*as_list(state.get("pending")), *waiting]
    if decision.unsaid:
        text = f"{decision.unsaid} not told: the most of a day are sent"
        events.add(EventType.NOTIFICATION_FAILED, level=Level.WARN, message=text)


def _held(state: Mapping[str, Json]) -> list[News]:
    """What waits for the end of the quiet."""
    return [_from_json(as_mapping(each)) for each in as_list(state.get("held"))]


def _as_json(news: News) -> Json:
    return {
        "kind": news.kind, "workflow": news.workflow, "name": news.workflow_name, "execution": news.execution,
        "execution_id": news.execution_id, "said": translate(news.said), "headline": translate(news.headline),
    }  # fmt: skip


def _from_json(found: JsonObject) -> News:
    workflow, execution = found["workflow"], found["execution"]
    return News(
        NewsKind(str(found["kind"])), None if workflow is None else WorkflowPk(int(str(workflow))), str(found["name"]),
        None if execution is None else ExecutionPk(int(str(execution))), str(found["execution_id"]),
        str(found["said"]), str(found["headline"]),
    )  # fmt: skip


def _taken_over(state: dict[str, Json], now: datetime) -> list[Delivery]:
    """What somebody who is gone had to send."""
    pending, found = [dict(as_mapping(each)) for each in as_list(state.get("pending"))], []
    for each in pending:
        if now - times.from_ms(int(str(each["at"]))) > _LOST:
            each["at"] = times.to_ms(now)
            key = int(str(each["execution"])) if each["execution"] is not None else None
            found.append(
                Delivery(
                    str(each["key"]), str(each["channel"]), str(each["title"]), str(each["body"]),
                    None if key is None else ExecutionPk(key), str(each["execution_id"]),
                )
            )  # fmt: skip
    if found:
        state["pending"] = [*pending]
    return found
