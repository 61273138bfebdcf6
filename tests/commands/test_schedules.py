"""Schedules as they are kept: who may change them, what goes with a workflow, what the ledger of due times allows."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from smartspec.commands import calling, files, schedule_lookup, schedules, versions, workflow_trash, workflows
from smartspec.commands.schedule_plan import conditions_of
from smartspec.domain.event import EventType
from smartspec.domain.page import Page
from smartspec.domain.schedule.conditions import Conditions
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import Conflict, QueryFailed, ScheduleNotFound
from smartspec.store import database, firings
from smartspec.store import schedules as stored
from smartspec.store import waiting_firings as waiting
from tests.clock import judge

Store = Callable[..., files.Imported]
DUE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def night(store: Store) -> Schedule:
    store({"name": "job", "tasks": {"a": {"run": "true"}}})
    return schedules.create_schedule("job", "0 3 * * *", name="night")


def events_of(schedule: Schedule) -> list[str]:
    return [each for (each,) in database.rows("SELECT type FROM events WHERE schedule = ? ORDER BY pk", (schedule.pk,))]


def test_every_change_of_a_schedule_is_an_event(night: Schedule) -> None:
    schedules.update_schedule("night", "0 4 * * *")
    schedules.update_schedule("night", "0 4 * * *")  # nothing new
    schedules.pause_schedule("night")
    schedules.resume_schedule("night")
    schedules.delete_schedule("night")
    schedules.restore_schedule("night")
    assert events_of(night) == [
        EventType.SCHEDULE_CREATED, EventType.SCHEDULE_UPDATED, EventType.SCHEDULE_PAUSED, EventType.SCHEDULE_RESUMED,
        EventType.SCHEDULE_DELETED, EventType.SCHEDULE_RESTORED,
    ]  # fmt: skip


def test_conditions_are_kept_as_one_value(night: Schedule) -> None:
    calling.call("update_schedule", {"which": "night", "conditions": {"idle": "10m", "networks": ["home"]}})
    assert conditions_of(schedule_lookup.get_schedule("night")) == Conditions(networks=("home",), idle_ms=600_000)
    schedules.update_schedule("night", conditions=Conditions(mains=True).as_json())
    schedules.update_schedule("night", name="late")
    assert schedule_lookup.get_schedule("late").conditions == {"mains": True}
    calling.call("update_schedule", {"which": "late", "conditions": None})
    assert schedule_lookup.get_schedule("late").conditions is None


def test_due_next_is_one_that_is_on(night: Schedule) -> None:
    schedules.create_schedule("job", "* * * * *", name="often")
    found = schedule_lookup.next_due("job")
    assert found is not None and found.name == "often"
    schedules.pause_schedule("often")
    assert schedule_lookup.next_due() == night
    schedules.pause_schedule("night")
    assert schedule_lookup.next_due() is None


def test_of_two_editors_the_second_is_told(night: Schedule) -> None:
    schedules.update_schedule("night", "0 4 * * *", row_version=night.row_version)
    with pytest.raises(Conflict, match="changed elsewhere"):
        schedules.update_schedule("night", "0 5 * * *", row_version=night.row_version)
    assert schedule_lookup.get_schedule("night").expression == "0 4 * * *"


def test_one_in_the_trash_leaves_its_name_free(night: Schedule) -> None:
    schedules.delete_schedule("night")
    with pytest.raises(ScheduleNotFound):
        schedule_lookup.get_schedule("night")
    schedules.create_schedule("job", "0 5 * * *", name="night")
    with pytest.raises(Conflict, match="already a schedule"):
        schedules.restore_schedule(night.id)


def test_a_workflow_takes_its_schedules_along_and_brings_them_back(night: Schedule) -> None:
    workflow_trash.delete_workflows(["job"])
    assert schedule_lookup.list_schedules() == ()
    workflows.restore_workflow("job")
    assert [each.name for each in schedule_lookup.list_schedules()] == ["night"]


def test_a_purged_workflow_leaves_the_due_times_of_its_schedules(night: Schedule) -> None:
    schedules.update_schedule("night", version="1.0.0")
    with database.transaction():
        firings.add(night, Firing(scheduled_for=DUE, decision=Decision.SKIPPED_MISSED), DUE)
    workflows.delete_workflow("job")
    workflows.purge_workflow("job")
    assert stored.by_id(night.id) is None
    assert len(firings.page(night.pk).rows) == 1


def test_what_was_passed_over_is_no_change_of_the_workflow(night: Schedule) -> None:
    with database.transaction():
        firings.add(night, Firing(scheduled_for=DUE, decision=Decision.SKIPPED_MISSED), DUE)
    trail = [each.type for each in versions.workflow_history("job").rows]
    assert "schedule_created" in trail and "schedule_skipped" not in trail
    assert "schedule_skipped" in events_of(night)


# The ledger of due times


def _fire(schedule: Schedule) -> None:
    with database.transaction():
        firings.add(schedule, Firing(scheduled_for=DUE, decision=Decision.RAN), DUE)


def doubles() -> int:
    sql = "SELECT count(*) FROM (SELECT 1 FROM schedule_firings GROUP BY schedule, scheduled_for, cause HAVING count(*) > 1)"
    return int(database.scalar(sql))


def test_a_due_time_is_decided_once(night: Schedule) -> None:
    _fire(night)
    with pytest.raises(QueryFailed):
        _fire(night)
    assert doubles() == 0


def test_negative_control_without_its_key_the_table_would_take_a_second(night: Schedule) -> None:
    (declared,) = database.rows("SELECT sql FROM sqlite_master WHERE name = 'schedule_firings'")[0]
    with database.transaction():
        for kind, name in database.rows(
            "SELECT type, name FROM sqlite_master WHERE tbl_name = 'schedule_firings' AND type = 'trigger'"
        ):
            database.execute(f"DROP {kind} {name}")
        database.execute("DROP TABLE schedule_firings")
        without = declared.replace(",\n    UNIQUE (schedule, scheduled_for, cause)", "")
        assert without != declared
        database.execute(without)
    _fire(night)
    _fire(night)
    assert doubles() == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE schedule_firings SET decision = 'ran'",
        "UPDATE schedule_firings SET scheduled_for = scheduled_for + 1",
        "UPDATE schedule_firings SET count = 0",
        "DELETE FROM schedule_firings",
    ],
)
def test_what_was_decided_stays(change: str, night: Schedule) -> None:
    with database.transaction():
        firings.add(night, Firing(scheduled_for=DUE, decision=Decision.SKIPPED_MISSED), DUE)
    with pytest.raises(QueryFailed), database.transaction():
        database.execute(change)


def test_consecutive_ones_alike_are_one_row(night: Schedule) -> None:
    hour = timedelta(hours=1)
    with database.transaction():
        for number, decision in enumerate(["skipped_missed", "skipped_missed", "skipped_paused", "skipped_missed"]):
            firings.add(night, Firing(scheduled_for=DUE + number * hour, decision=Decision(decision), reason="x"), DUE)
    page: Page[object] = firings.page(night.pk)  # type: ignore[assignment]
    assert [(each.count, each.until) for each in firings.page(night.pk).rows] == [(1, None), (1, None), (2, DUE + hour)]
    assert page.next is None
    assert schedule_lookup.get_schedule("night").missed_count == 3


def test_pages_of_due_times_follow_one_another(night: Schedule) -> None:
    with database.transaction():
        for number in range(7):
            due = DUE + timedelta(hours=number)
            firings.add(night, Firing(scheduled_for=due, decision=Decision.RAN, reason=str(number)), DUE)
    seen, after = list[str | None](), None
    while True:
        page = schedule_lookup.list_firings("night", after=after, limit=3)
        seen += [each.reason for each in page.rows]
        after = page.next
        if after is None:
            break
    assert seen == [str(number) for number in range(6, -1, -1)]


def test_what_is_due_is_found_by_index_among_five_thousand(night: Schedule, db: Path) -> None:
    names = ", ".join(
        name for (_, name, *_) in database.rows("PRAGMA table_info(schedules)") if name not in ("pk", "id")
    )
    with database.transaction():
        database.execute(
            f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)"
            f" INSERT INTO schedules (id, {names}) SELECT 'copy-' || i, {names} FROM schedules, n WHERE pk = {night.pk}"
        )
    for sql, values in (
        (stored._DUE, (0,)),
        (stored._NEXT, (0,)),
        (f"SELECT 1 {waiting._WAITING}", ()),
        (waiting._HELD_UP, (0,)),
    ):
        plan = " ".join(str(step) for (*_, step) in database.rows(f"EXPLAIN QUERY PLAN {sql}", values))
        assert (
            "SCAN schedules" not in plan
            and "SCAN s USING INDEX schedules_next" not in plan
            and "USE TEMP B-TREE FOR ORDER BY" not in plan
        ), plan
    best = min(_one_look(night.created_at) for _ in range(20))
    judge("one look at 5,000 schedules", best, 0.005)


def _one_look(now: datetime) -> float:
    before = time.thread_time()
    assert stored.due(now) == ()
    assert stored.next_due(now) is not None and not waiting.any_()
    assert not waiting.first_on_time() and not waiting.held_up(now)
    return time.thread_time() - before


def test_a_name_that_several_have_is_told_with_their_workflows(night: Schedule, store: Callable[..., object]) -> None:
    store({"name": "other", "tasks": {"a": {"run": "true"}}})
    schedules.create_schedule("other", "0 3 * * *", name="night")
    with pytest.raises(Conflict) as refused:
        schedule_lookup.get_schedule("night")
    offered = re.findall(r"default\.[\w-]+/night", str(refused.value.sentence))
    assert len(offered) == 2
    assert {schedule_lookup.full_name(schedule_lookup.get_schedule(each)) for each in offered} == set(offered)
    schedules.create_schedule("other", "*/10 * * * *")
    with pytest.raises(Conflict, match=r"default\.other/\*/10 \* \* \* \*"):
        schedule_lookup.get_schedule("other")
    assert schedule_lookup.get_schedule("other/*/10 * * * *").expression == "*/10 * * * *"
    with pytest.raises(ScheduleNotFound):
        schedule_lookup.get_schedule("other/none")
