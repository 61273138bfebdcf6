"""What is told of alerts: each once, with the others in one message where they are many, and not in quiet hours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import alerts, channels, deliveries, notifications, settings, starting
from smartspec.domain import times
from smartspec.domain.alert.alert import AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.ids import AlertPk
from smartspec.domain.notification.action import MessageAction
from smartspec.domain.notification.channel import Channel, ChannelKind
from smartspec.errors import AlertNotFound, Conflict
from smartspec.store import alerts as stored
from smartspec.store import database

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR_MS = 3_600_000
K, A = AlertKind, MessageAction


@pytest.fixture(autouse=True)
def told(db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(times, "now", lambda: NOON)
    channels.add_channel(Channel("bell", ChannelKind.COMMAND, command="true"))


def raised(kind: AlertKind = K.MISSED, subject: str = "schedule:1", name: str = "nightly") -> AlertPk:
    evidence = Evidence(
        value=36 * HOUR_MS, limit=26 * HOUR_MS, since=NOON - timedelta(hours=36), name=name, failed=9, total=31, size=9
    )
    with database.transaction():
        pk = stored.add(Breach(kind=kind, subject=subject, evidence=evidence), NOON)
    assert pk is not None
    return pk


def titles(now: datetime = NOON) -> list[str]:
    return [each.title for each in notifications.collect(now)]


def test_each_is_told_once_and_that_is_an_event_of_it() -> None:
    assert not notifications.has_news()
    pk = raised()
    assert notifications.has_news()
    (message,) = notifications.collect(NOON)
    assert message.title == "nightly should have run by now"
    assert message.body == "No success for 1 d 12 h; the longest is 1 d 2 h."
    assert titles() == [] and not notifications.has_news()
    detail = alerts.get_alert(stored.get(pk).id)
    assert detail.alert.told_at == NOON
    assert [each.type.value for each in detail.history] == ["alert_raised", "alert_told"]


def test_what_is_acknowledged_snoozed_or_over_is_not_told() -> None:
    known, later, over = raised(), raised(subject="schedule:2"), raised(subject="schedule:3")
    alerts.acknowledge_alert(stored.get(known).id)
    alerts.snooze_alert(stored.get(later).id)
    with database.transaction():
        stored.close(stored.get(over), "over", NOON)
    assert titles() == []


def test_many_are_one_with_a_count() -> None:
    for number in range(4):
        raised(subject=f"schedule:{number}", name=f"w{number}")
    raised(K.DISK_LOW, "folder:/data", "/data")
    assert titles() == ["4 should have run, 1 alert"]


def test_quiet_hours_hold_them_and_their_end_lets_them_go() -> None:
    settings.set_setting("notifications.quiet", "22:00-07:00")
    raised()
    night = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)
    assert titles(night) == []
    assert stored.untold(9), "it waits"
    assert titles(night + timedelta(hours=8)) == ["nightly should have run by now"]


@pytest.mark.parametrize(
    ("kind", "setting"),
    [(K.MISSED, "missed"), (K.LONG_RUNNING, "long"), (K.HIGH_FAILURE, "alert"), (K.BACKUP_OLD, "alert")],
)
def test_a_kind_that_nobody_wants_waits_for_being_wanted(kind: AlertKind, setting: str) -> None:
    settings.set_setting(f"notifications.{setting}", False)
    raised(kind)
    assert titles() == [] and not notifications.has_news(), "no runner is started for it"
    settings.set_setting(f"notifications.{setting}", True)
    assert len(titles()) == 1


def test_what_runs_long_is_all_right_from_its_message(store: Callable[..., object]) -> None:
    store({"name": "slow", "tasks": {"a": {"run": "true"}}})
    waits = starting.start_execution("slow")
    assert deliveries.message_actions(waits.pk) == (A.OPEN, A.STOP)
    evidence = Evidence(value=2 * HOUR_MS, limit=HOUR_MS, since=NOON, name="slow", execution_id=waits.id)
    with database.transaction():
        breach = Breach(
            kind=K.LONG_RUNNING, subject=f"execution:{waits.pk}", evidence=evidence, execution=waits.pk
        )  # fmt: skip
        pk = stored.add(breach, NOON)
    assert pk is not None
    assert deliveries.message_actions(waits.pk) == (A.OPEN, A.STOP, A.ALL_RIGHT)
    deliveries.accept_running_long(waits.id)
    assert stored.get(pk).acknowledged_at == NOON
    with pytest.raises(Conflict, match="acknowledged already"):
        deliveries.accept_running_long(waits.id)
    with database.transaction():
        stored.close(stored.get(pk), "over", NOON)
    with pytest.raises(AlertNotFound, match="slow #1 is no alert any more"):
        deliveries.accept_running_long(waits.id)
    assert deliveries.message_actions(None) == (A.QUIET,)
