"""A look at all limits: what is raised by what, and what closes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from smartspec.commands import (
    alert_breaches,
    alert_look,
    alert_rules,
    alerts,
    database,
    files,
    firing,
    recording,
    schedules,
    settings,
    workflows,
)
from smartspec.commands.recording import Report
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.event import EventType
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.errors import Invalid
from smartspec.store import database as stored
from smartspec.store import events, firings
from smartspec.store import schedules as schedule_rows
from tests.commands.alert_world import NOW, World, decided, hourly

K, S, E, D = AlertKind, AlertState, ExecutionStatus, Decision
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OK, BAD = Report(E.COMPLETED), Report(E.FAILED)
Store = Callable[..., files.Imported]


@pytest.fixture
def world(store: Store, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(monkeypatch)
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    settings.set_setting("alerts.backup_age_ms", 3_000 * 86_400_000)
    alert_breaches._learned.cache_clear()
    return made


def only() -> Alert:
    (found,) = alerts.list_alerts()
    return found


def last_closed() -> Alert:
    return alerts.list_closed_alerts().rows[0]


def ran(world: World, report: Report = OK, ago: timedelta = MINUTE, took: timedelta = SECOND, ref: str = "job") -> None:
    recording.record_execution(ref, world.now - ago, world.now - ago + took, report)


# What runs long


def test_what_runs_longer_than_an_hour_is_raised_once_and_closes_with_its_end(world: World) -> None:
    began = recording.begin_execution("job")
    world.goes_on(HOUR)
    assert not world.looks()
    world.goes_on(SECOND)
    assert world.looks() == {(K.LONG_RUNNING, f"execution:{began.pk}")}
    alert = only()
    assert str(words.headline(alert)) == "job #1 runs long" and alert.evidence.execution_id == began.id
    assert str(words.reason(alert, world.now + 42 * MINUTE)) == "running for 1 h 42 m, limit 1 h"
    world.goes_on(HOUR)
    world.looks()
    assert only() == alert, "raised once"
    recording.end_execution(began.id, OK)
    assert not world.looks()
    assert str(words.closed(last_closed())) == "it ended: completed"
    assert [each.type.value for each in alerts.get_alert(alert.id).history] == ["alert_raised", "alert_closed"]


def test_what_is_usual_is_known_after_five(world: World) -> None:
    for number in range(5):
        ran(world, ago=DAY + number * HOUR, took=10 * MINUTE)
    recording.begin_execution("job")
    world.goes_on(20 * MINUTE)
    assert not world.looks()
    world.goes_on(SECOND)
    assert world.looks()
    assert str(words.figure(only(), world.now)) == "2.0 ×" and "95 % mark" in words.rule(only())
    alert_rules.set_alert_rules("job", long_running_ms=3_600_000)
    assert not world.looks(), "the workflow says what is long"
    assert str(words.closed(last_closed())) == "the limit is not passed any more"
    alert_rules.set_alert_rules("job", long_running_ms=None, off=["long_running"])
    assert not world.looks(), "and that it wants no such alert"


def test_a_run_counts_from_its_last_beginning(world: World) -> None:
    """What was paused over night, or is run again, has not run since it first began."""
    began = recording.begin_execution("job")
    world.goes_on(10 * HOUR)
    with stored.transaction():
        events.add(EventType.EXECUTION_STARTED, execution=began.pk)
    assert not world.looks()
    world.goes_on(61 * MINUTE)
    assert world.looks()


def test_while_the_machine_sleeps_nothing_runs(world: World) -> None:
    firing.note_sleep(world.now - 9 * HOUR, world.now - HOUR)  # of a night before
    recording.begin_execution("job")
    world.goes_on(10 * MINUTE)
    firing.note_sleep(world.now, world.now + 8 * HOUR)
    world.goes_on(8 * HOUR + 50 * MINUTE)
    assert not world.looks()
    world.goes_on(2 * MINUTE)
    assert world.looks()
    assert str(words.reason(only(), world.now)) == "running for 1 h 2 m, limit 1 h"


# What fails often


def test_more_than_a_fifth_of_ten_failed_within_a_day(world: World) -> None:
    for _number in range(7):
        ran(world)
    for _number in range(2):
        ran(world, BAD)
    assert not world.looks(), "nine say nothing"
    ran(world)
    assert not world.looks(), "two of ten are a fifth, not more"
    ran(world, BAD)
    assert world.looks() == {(K.HIGH_FAILURE, "workflow:1")}
    assert str(words.reason(only(), world.now)) == "3 of 11 failed in 24 h, limit 20 %"
    ran(world, BAD)
    world.looks()
    assert (only().evidence.failed, only().evidence.total) == (4, 12), "as it is now"
    alert_rules.set_alert_rules("job", failure_percent=50)
    assert not world.looks()
    alert_rules.set_alert_rules("job", failure_percent=None)
    assert world.looks()
    world.goes_on(DAY)
    assert not world.looks()


def test_one_snoozed_until_it_succeeds_wakes_with_the_next_success_and_is_told_again(world: World) -> None:
    for _number in range(11):
        ran(world, BAD)
    world.looks()
    with stored.transaction():
        told = only()
        stored.execute("UPDATE alerts SET told_at = 1")
    alerts.snooze_alert(told.id)
    world.goes_on(HOUR)
    ran(world, BAD)
    world.looks()
    assert only().state_at(world.now) is S.SNOOZED
    ran(world)
    world.looks()
    assert only().state_at(world.now) is S.RAISED and only().told_at is None
    assert [each.type.value for each in alerts.get_alert(only().id).history][-1] == "alert_reopened"


# What should have run


def test_nothing_has_succeeded_though_there_was_time_for_it(world: World) -> None:
    schedule = hourly(world)  # due at one, two, three ...
    world.goes_on(2 * HOUR)
    decided(schedule, NOW + HOUR, status=E.COMPLETED)
    decided(schedule, NOW + 2 * HOUR, status=E.FAILED)
    world.now = NOW + 2 * HOUR + 70 * MINUTE
    assert not world.looks(), "an hour to run, and ten minutes of grace"
    world.goes_on(SECOND)
    assert world.looks() == {(K.MISSED, f"schedule:{schedule.pk}")}
    alert = only()
    assert str(words.headline(alert)) == "job should have run by now" and alert.evidence.decision == "ran"
    assert str(words.reason(alert, NOW + 4 * HOUR)) == "no success for 2 h 59 m, limit 2 h 9 m"
    assert str(words.figure(alert, NOW + 4 * HOUR)) == "+50 m"
    decided(schedule, NOW + 3 * HOUR, status=E.FAILED)
    world.looks()
    assert only().evidence == alert.evidence, "it is the first one that was missed"
    decided(schedule, NOW + 4 * HOUR - 30 * MINUTE, status=E.COMPLETED)
    assert not world.looks()
    assert str(words.closed(last_closed())) == "job #4 succeeded"


def test_an_execution_by_hand_makes_up_for_it(world: World) -> None:
    schedule = hourly(world)
    world.goes_on(4 * HOUR)
    decided(schedule, NOW + HOUR, D.COULD_NOT_START)
    assert world.looks() and only().evidence.decision == "could_not_start"
    ran(world)
    assert not world.looks()


def test_while_one_runs_it_is_not_missed(world: World) -> None:
    schedule = hourly(world)
    world.goes_on(HOUR)
    decided(schedule, NOW + HOUR, D.SKIPPED_OVERLAP)
    began = recording.begin_execution("job")
    world.goes_on(2 * HOUR)
    assert world.looks() == {(K.LONG_RUNNING, f"execution:{began.pk}")}, "that it takes long is told once"
    recording.end_execution(began.id, BAD)
    assert world.looks() == {(K.MISSED, f"schedule:{schedule.pk}")}


@pytest.mark.parametrize(
    "act",
    [
        lambda: schedules.pause_schedule("hourly"), lambda: workflows.archive_workflow("job"),
        lambda: workflows.deactivate_workflow("job"), lambda: workflows.delete_workflow("job"),
        lambda: schedules.delete_schedule("hourly"), lambda: alert_rules.set_alert_rules("job", off=["missed"]),
    ],
    ids=["paused", "archived", "inactive", "trashed", "removed", "unwanted"],
)  # fmt: skip
def test_nothing_is_expected_of_what_rests(world: World, act: Callable[[], object]) -> None:
    schedule = hourly(world)
    decided(schedule, NOW + HOUR, status=E.FAILED)
    world.goes_on(4 * HOUR)
    assert world.looks()
    act()
    assert not world.looks()
    assert str(words.closed(last_closed())) in (
        "nothing is expected of it any more", "what it was about is there no more",
    )  # fmt: skip


def test_what_was_due_before_a_pause_is_forgotten_with_it(world: World) -> None:
    schedule = hourly(world)
    decided(schedule, NOW + HOUR, status=E.FAILED)
    world.goes_on(4 * HOUR)
    schedules.pause_schedule("hourly")
    schedules.resume_schedule("hourly")
    assert not world.looks()


@pytest.mark.parametrize("decision", [D.SKIPPED_PAUSED, D.SKIPPED_BLACKOUT])
def test_what_a_person_wanted_to_be_passed_over_is_not_missed(world: World, decision: Decision) -> None:
    schedule = hourly(world)
    for hour in range(1, 9):
        decided(schedule, NOW + hour * HOUR, decision)
    world.goes_on(8 * HOUR + MINUTE)
    assert not world.looks()


def test_a_machine_that_slept_has_time_to_catch_up(world: World) -> None:
    schedule = hourly(world)
    world.goes_on(10 * HOUR)
    for hour in range(1, 10):
        decided(schedule, NOW + hour * HOUR, D.SKIPPED_ASLEEP, world.now)
    decided(schedule, NOW + 10 * HOUR, D.CAUGHT_UP, world.now)
    assert not world.looks()
    world.goes_on(70 * MINUTE + SECOND)
    assert world.looks(), "and then it is missed"


def test_a_runner_that_just_began_gives_what_nobody_decided_about_its_time(world: World) -> None:
    schedule = hourly(world)
    world.goes_on(3 * DAY)
    since = world.now
    assert not world.looks(since)
    world.goes_on(70 * MINUTE)
    assert not world.looks(since)
    world.goes_on(SECOND)
    missed = {(K.MISSED, f"schedule:{schedule.pk}")}
    assert world.looks(since) == missed
    assert world.looks(world.now) == missed, "raised once, a new runner is no excuse"
    assert only().raised_at == world.now


def test_where_no_runner_is_there_is_no_excuse(world: World) -> None:
    hourly(world)
    world.goes_on(HOUR + 70 * MINUTE + SECOND)
    assert world.looks(), "nobody decides about it, and nobody will"


def test_one_that_will_not_be_due_again_is_waited_for_a_week(world: World) -> None:
    once = schedules.create_schedule("job", (NOW + HOUR).isoformat(), trigger_type=TriggerType.ONCE, name="once")
    world.goes_on(HOUR)
    with stored.transaction():
        firings.add(once, Firing(scheduled_for=NOW + HOUR, decision=D.COULD_NOT_START), world.now)
        schedule_rows.end(schedule_rows.get(once.pk), ScheduleStatus.EXPIRED)
    world.goes_on(2 * HOUR)
    assert world.looks() == {(K.MISSED, f"schedule:{once.pk}")}
    world.goes_on(7 * DAY)
    assert not world.looks()


def test_a_stated_rhythm_holds_for_what_cron_starts(world: World) -> None:
    """`smartspec record --every`; what is said twice is said since the first time."""
    workflow = workflows.create_workflow("cron")
    alert_rules.state_rhythm(workflow.pk, 86_400_000)
    world.goes_on(DAY)
    alert_rules.state_rhythm(workflow.pk, 86_400_000)
    assert not world.looks()
    world.goes_on(70 * MINUTE + SECOND)
    assert world.looks() == {(K.MISSED, f"workflow:{workflow.pk}")}
    assert (only().evidence.expected, only().evidence.last_success) == ("stated", None)
    ran(world, ref="cron")
    assert not world.looks()
    world.goes_on(DAY + 6 * MINUTE)
    assert not world.looks(), "its usual time is not known yet"
    world.goes_on(65 * MINUTE)
    assert world.looks()
    alert_rules.set_alert_rules("cron", every_ms=None)
    assert not world.looks()


def test_a_rhythm_is_learned_from_what_was_recorded(world: World) -> None:
    workflows.create_workflow("cron")
    for _day in range(10):
        recording.end_execution(recording.begin_execution("cron").id, OK)
        world.goes_on(DAY)
    assert not world.looks()
    world.goes_on(15 * MINUTE + SECOND)
    assert world.looks() == {(K.MISSED, "workflow:2")}
    assert only().evidence.expected == "learned" and only().evidence.every_ms == 86_400_000
    assert world.looks(world.now) == {(K.MISSED, "workflow:2")}
    ran(world, BAD, ref="cron")
    assert world.looks(), "that it ran is not enough"
    world.goes_on(10 * DAY)
    assert not world.looks(), "after ten times it is over for good"


def test_what_was_imported_or_entered_by_hand_teaches_nothing(world: World) -> None:
    workflows.create_workflow("cron")
    for day in range(10):
        ran(world, ref="cron", ago=(10 - day) * DAY)
    world.goes_on(6 * HOUR)
    assert not world.looks()


def test_a_workflow_with_a_schedule_is_expected_by_that_alone(world: World) -> None:
    schedule = hourly(world)
    alert_rules.set_alert_rules("job", every_ms=3_600_000)
    decided(schedule, NOW + HOUR, status=E.FAILED)
    world.goes_on(5 * HOUR)
    assert world.looks() == {(K.MISSED, f"schedule:{schedule.pk}")}


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"every_ms": 1}, "rhythm in milliseconds must be"), ({"failure_percent": 101}, "percentage of failures"),
        ({"long_running_ms": 0}, "longest in milliseconds"), ({"off": ["disk_low"]}, "not without “disk_low”"),
    ],
)  # fmt: skip
def test_a_rule_that_cannot_be_is_refused(world: World, options: alert_rules.RuleOptions, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        alert_rules.set_alert_rules("job", **options)
    assert alert_rules.get_alert_rules("job").every_ms is None


# The disk, and the backups


def test_little_room_closes_when_there_is_a_tenth_more(world: World, db: Path) -> None:
    world.free = 2 << 30
    assert not world.looks()
    world.free -= 1
    assert world.looks() == {(K.DISK_LOW, f"folder:{db.parent}")}
    world.free = int((2 << 30) * 1.09)
    assert world.looks(), "what is free moves all the time"
    world.free = int((2 << 30) * 1.11)
    assert not world.looks()


def test_a_disk_that_does_not_answer_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.free = 1
    opened = world.looks()

    def refuses(_folder: object) -> None:
        raise OSError(5, "no")

    monkeypatch.setattr(alert_breaches, "shutil", SimpleNamespace(disk_usage=refuses))
    assert opened == world.looks()


def test_a_backup_that_is_old_is_missed_where_anything_was_written(world: World) -> None:
    settings.set_setting("alerts.backup_age_ms", None)
    ran(world)
    world.goes_on(7 * DAY + MINUTE)
    assert not [each for each in world.looks() if each[0] is K.BACKUP_OLD], "the ledger is not so old by its own date"
    with stored.transaction():
        stored.execute("UPDATE metadata SET value = ? WHERE key = 'created_at'", (str(times.to_ms(NOW - HOUR)),))
    assert (K.BACKUP_OLD, "database:backup") in world.looks()
    database.back_up_database()
    assert not world.looks()
    assert str(words.closed(last_closed())) == "a backup was made"


def test_what_is_there_no_more_is_no_alert(world: World) -> None:
    began = recording.begin_execution("job")
    world.goes_on(2 * HOUR)
    world.looks()
    with stored.transaction():
        stored.execute("UPDATE alerts SET execution = ?", (began.pk + 99,))
        stored.execute("UPDATE executions SET status = 'paused' WHERE pk = ?", (began.pk,))
    assert not world.looks()
    assert str(words.closed(last_closed())) == "what it was about is there no more"


def test_two_that_look_raise_one(world: World) -> None:
    recording.begin_execution("job")
    world.goes_on(2 * HOUR)
    first = alert_look._reconciled(world.now, None, tuple(K))
    world.looks()
    with stored.transaction():
        alert_look._write(first, world.now)  # the other one, with what it saw before
    assert len(alerts.list_alerts()) == 1
    assert stored.scalar("SELECT count(*) FROM events WHERE type = 'alert_raised'") == 1


@pytest.fixture(autouse=True)
def nothing_is_learned_twice() -> Iterator[None]:
    yield
    alert_breaches._learned.cache_clear()
