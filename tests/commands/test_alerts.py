"""Alerts as a person works through them: seen, acknowledged, put off, raised again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import alerts
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence, from_json, to_json
from smartspec.domain.event import EventType
from smartspec.domain.ids import ExecutionPk, WorkflowPk
from smartspec.errors import AlertNotFound, Conflict, Invalid, QueryFailed
from smartspec.store import alerts as stored
from smartspec.store import database

NOW = datetime(2026, 11, 20, 14, 12, tzinfo=UTC)
K, S = AlertKind, AlertState
HOUR = 3_600_000
LATE = Evidence(
    value=6 * HOUR // 5, limit=82 * 60_000, since=NOW - timedelta(minutes=72), name="corpus", number=97,
    workflow_id="w", execution_id="e", usual_ms=26 * 60_000, p95_ms=41 * 60_000, completed=200,
)  # fmt: skip


def breach(kind: AlertKind = K.LONG_RUNNING, subject: str = "execution:7", evidence: Evidence = LATE) -> Breach:
    return Breach(kind=kind, subject=subject, evidence=evidence, workflow=WorkflowPk(1), execution=ExecutionPk(7))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def is_set(now: datetime) -> None:
        monkeypatch.setattr(times, "now", lambda: now)

    is_set(NOW)
    return is_set


def raised(given: Breach | None = None, at: datetime = NOW) -> Alert:
    with database.transaction():
        pk = stored.add(given or breach(), at)
    assert pk is not None
    return stored.get(pk)


def types_of(alert: Alert) -> list[str]:
    return [each.type.value for each in alerts.get_alert(alert.id).history]


@pytest.mark.usefixtures("db", "clock")
def test_one_of_a_kind_and_subject_is_open() -> None:
    first = raised()
    with database.transaction():
        assert stored.add(breach(), NOW) is None, "it is raised already"
    raised(breach(subject="execution:8"))
    raised(breach(K.HIGH_FAILURE))
    with database.transaction():
        stored.close(first, "ended: completed", NOW)
        stored.close(first, "ended: failed", NOW)
    again = raised()
    assert again.pk != first.pk and len(alerts.list_alerts()) == 3
    assert types_of(first) == ["alert_raised", "alert_closed"], "it was closed once"
    with pytest.raises(QueryFailed), database.transaction():
        database.execute(
            "INSERT INTO alerts (id, kind, subject, evidence, raised_at) VALUES ('x', 'long_running', 'execution:7', '{}', 1)"
        )


@pytest.mark.usefixtures("db")
def test_what_is_known_is_acknowledged_with_a_note_and_can_be_raised_again(clock: Callable[[datetime], None]) -> None:
    alert = raised()
    done = alerts.acknowledge_alert(alert.id[:18], "  as it should  ")
    assert done.state_at(NOW) is S.ACKNOWLEDGED and done.note == "as it should" and done.acknowledged_by
    assert not stored.untold(9)
    with pytest.raises(Conflict, match="already, by"):
        alerts.acknowledge_alert(alert.id)
    again = alerts.reopen_alert(alert.id)
    assert again.state_at(NOW) is S.RAISED and again.note is None
    with pytest.raises(Conflict, match="It is raised"):
        alerts.reopen_alert(alert.id)
    assert types_of(alert) == ["alert_raised", "alert_acknowledged", "alert_reopened"]


@pytest.mark.usefixtures("db")
def test_a_snooze_ends_at_its_time_whether_anybody_looks_or_not(clock: Callable[[datetime], None]) -> None:
    alert = raised()
    done = alerts.snooze_alert(alert.id, NOW + timedelta(hours=1))
    assert done.state_at(NOW + timedelta(minutes=59)) is S.SNOOZED and alerts.count_raised(NOW) == 0
    later = NOW + timedelta(hours=1)
    assert done.state_at(later) is S.RAISED and alerts.count_raised(later) == 1
    for_ever = alerts.snooze_alert(alert.id)
    assert for_ever.state_at(NOW + timedelta(days=900)) is S.SNOOZED
    known = alerts.acknowledge_alert(alert.id)
    assert known.snoozed_at is None and known.state_at(NOW) is S.ACKNOWLEDGED, "who knows needs no snooze"
    assert alerts.snooze_alert(alert.id, later).acknowledged_at is None


@pytest.mark.usefixtures("db")
def test_what_cannot_be_is_refused_in_a_sentence(clock: Callable[[datetime], None]) -> None:
    alert = raised()
    with pytest.raises(Invalid, match="ends later than now"):
        alerts.snooze_alert(alert.id, NOW)
    with pytest.raises(Invalid, match="ten years"):
        alerts.snooze_alert(alert.id, NOW + timedelta(days=4_000))
    disk = raised(breach(K.DISK_LOW, "folder:/x", Evidence(value=1, limit=2, since=NOW, name="/x", size=9)))
    with pytest.raises(Invalid, match="nothing that succeeds"):
        alerts.snooze_alert(disk.id)
    with pytest.raises(Invalid, match="control character"):
        alerts.acknowledge_alert(alert.id, "\x1b[31m")
    with pytest.raises(Invalid, match="no kind of alert “loud”"):
        alerts.list_alerts(["loud"])
    with pytest.raises(AlertNotFound, match="no alert “nothing”"):
        alerts.get_alert("nothing")
    with pytest.raises(Conflict, match="could be any of"):
        alerts.get_alert(alert.id[:4])
    with database.transaction():
        stored.close(alert, "over", NOW)
    for act in (alerts.acknowledge_alert, alerts.snooze_alert, alerts.reopen_alert):
        with pytest.raises(Conflict, match="It is closed"):
            act(alert.id)


@pytest.mark.usefixtures("db", "clock")
def test_who_was_told_is_told_no_more() -> None:
    alert = raised()
    assert [each.pk for each in stored.untold(9)] == [alert.pk]
    with database.transaction():
        stored.note_told(alert, NOW)
    assert stored.untold(9) == () and types_of(alert) == ["alert_raised", "alert_told"]


@pytest.mark.usefixtures("db", "clock")
def test_of_two_who_look_the_second_is_told_that_it_has_changed() -> None:
    alert = raised()
    alerts.acknowledge_alert(alert.id)
    with pytest.raises(Conflict, match="changed meanwhile"), database.transaction():
        stored.change(alert, EventType.ALERT_REOPENED, NOW, snoozed_at=None)


@pytest.mark.usefixtures("db", "clock")
def test_those_that_are_closed_come_page_by_page_and_by_kind() -> None:
    for number in range(5):
        alert = raised(breach(K.HIGH_FAILURE if number % 2 else K.LONG_RUNNING, f"workflow:{number}"))
        with database.transaction():
            stored.close(alert, "over", NOW + timedelta(minutes=number))
    page = alerts.list_closed_alerts(limit=2)
    rest = alerts.list_closed_alerts(after=page.next, limit=3)
    assert [each.subject[-1] for each in (*page.rows, *rest.rows)] == list("43210") and rest.next is None
    assert {each.kind for each in alerts.list_closed_alerts([K.HIGH_FAILURE]).rows} == {K.HIGH_FAILURE}
    assert alerts.list_alerts() == ()


def test_evidence_is_kept_as_it_was_and_what_is_unknown_is_passed_over() -> None:
    kept = to_json(LATE)
    assert from_json({**kept, "of a later program": 1}) == LATE
    assert "due" not in kept, "what is not known takes no room"
    with pytest.raises(TypeError):
        from_json({"value": 1})


def test_a_figure_that_runs_is_as_it_is_now_and_stands_still_once_it_is_over(db: Path) -> None:
    alert = raised()
    later = NOW + timedelta(minutes=30)
    assert str(words.headline(alert)) == "corpus #97 runs long"
    assert str(words.reason(alert, later)) == "running for 1 h 42 m, usually 26 m"
    assert str(words.figure(alert, later)) == "3.9 ×"
    with database.transaction():
        stored.close(alert, "ended: completed", later)
    over = stored.get(alert.pk)
    assert str(words.reason(over, later + timedelta(days=1))) == "ran for 1 h 42 m, usually 26 m"
    assert str(words.closed(over)) == "it ended: completed"
