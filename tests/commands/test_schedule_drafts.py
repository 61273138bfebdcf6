"""A schedule as a form has it: everything wrong at once, and nothing changed that was not touched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from smartspec.commands import files, schedule_lookup, schedules, workflows
from smartspec.commands.schedule_drafts import (
    DraftCheck,
    ScheduleDraft,
    changed_fields,
    check_draft,
    draft_of,
    rebased,
    save_draft,
)
from smartspec.domain import times
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.errors import Conflict, Invalid
from smartspec.store import schedules as stored
from smartspec.value import field_names, replace

Store = Callable[..., files.Imported]
JOB = {
    "name": "job",
    "params": {"type": "object", "required": ["day"], "properties": {
        "day": {"type": "string"}, "most": {"type": "integer", "maximum": 500},
    }},
    "tasks": {"a": {"run": "true"}},
}  # fmt: skip
HERE = "default"


@pytest.fixture
def job(store: Store) -> str:
    store(JOB)
    return workflows.get_workflow("job").id


def draft(job: str, **fields: object) -> ScheduleDraft:
    made = ScheduleDraft(workflow=job, expression="30 2 * * *", timezone="Europe/Berlin", input={"day": "x"})
    return replace(made, **fields)  # type: ignore[arg-type]


def told(found: DraftCheck) -> dict[str, str]:
    return {each.path: str(each.sentence) for each in found.problems}


def full(job: str, monkeypatch: pytest.MonkeyPatch) -> Schedule:
    """With everything that the terminal can say."""
    monkeypatch.setenv("BACKUP_HOME", "/backups")
    now = times.now()
    return schedules.create_schedule(
        job, "30 2 * * 1-5", name="full", timezone="America/New_York", start_at=now - timedelta(days=3),
        end_at=now + timedelta(days=900, milliseconds=7), input={"day": "{{ schedule.due_at }}", "most": 7},
        version="1.0.0", misfire=Misfire.ALL, catch_up_cap=3, overlap=Overlap.REPLACE, jitter=1_234,
        blackouts=["12-24/01-02"], variables=["BACKUP_HOME"], folder="/srv",
        conditions={"mains": True, "networks": ["home", "office"], "idle": "90s", "path": "/srv", "command": "true"},
    )  # fmt: skip


def test_everything_that_is_wrong_is_said_at_once(job: str) -> None:
    schedules.create_schedule(job, "0 1 * * *", name="taken", input={"day": "x"})
    wrong = draft(
        job, name="taken", expression="0 25 * * *", timezone="Mars/Olympus", jitter="soon", catch_up_cap="many",
        blackouts=("whenever",), version="99", variables=("NOT_THERE_AT_ALL",), input={"most": 501},
    )  # fmt: skip
    found = told(check_draft(wrong, None, HERE))
    assert {
        "name", "expression", "timezone", "jitter", "catch_up_cap", "blackouts", "version", "variables",
    } <= found.keys()  # fmt: skip
    assert "501" in found["input.most"] and "day" in found["input.day"]
    with pytest.raises(Invalid) as refused:
        save_draft(wrong, None, HERE)
    assert len(refused.value.problems) >= 10 and len(schedule_lookup.list_schedules()) == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"conditions": {"networks": []}}, "conditions.networks"),
        ({"conditions": {"idle": "a while"}}, "conditions.idle"),
        ({"conditions": {"idle": "90 days"}}, "conditions.idle"),
        ({"conditions": {"path": "srv"}}, "conditions.path"),
        ({"conditions": {"command": ""}}, "conditions.command"),
        ({"trigger_type": TriggerType.ONCE, "expression": "2020-02-02T02:02"}, "expression"),
        ({"start": "2020-01-01", "end": "2020-02-01"}, "end"),
        ({"end": "2020-02-01", "start": "2020-03-01"}, "end"),
        ({"start": "whenever"}, "start"),
        ({"expression": "0 0 30 2 *"}, "expression"),
        ({"trigger_type": TriggerType.EVENT, "expression": "workflow failed nobody"}, "expression"),
        ({"input": {"day": "{{ nothing.here }}"}}, "input"),
    ],
)
def test_what_would_never_start_is_refused_beside_its_field(job: str, fields: dict[str, object], field: str) -> None:
    assert field in told(check_draft(draft(job, **fields), None, HERE))


def test_a_new_one_is_saved_as_it_is_written_and_off_where_it_is_off(job: str) -> None:
    made = save_draft(draft(job, name="nightly", start="2030-01-01 00:00", jitter="5 m", is_active=False), None, HERE)
    assert (made.status, made.jitter, made.name) == (ScheduleStatus.PAUSED, 300_000, "nightly")
    assert made.start_at is not None and made.start_at.isoformat() == "2029-12-31T23:00:00+00:00"
    assert schedule_lookup.get_schedule("nightly") == made


def test_what_is_not_touched_stays_to_the_millisecond(job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = full(job, monkeypatch)
    monkeypatch.delenv("BACKUP_HOME")  # the window was not started where this one was made
    monkeypatch.setenv("PATH", "/nowhere/else")
    shown = draft_of(made, job, "1.0.0")
    assert shown.variables == ("BACKUP_HOME",) and shown.folder == "/srv" and not changed_fields(shown, shown)
    assert save_draft(shown, made, HERE) == made
    for changes in ({"name": "other"}, {"folder": "/opt"}, {"overlap": Overlap.QUEUE}, {"jitter": "2 s"}):
        before = schedule_lookup.get_schedule(made.id)
        after = save_draft(replace(draft_of(before, job, "1.0.0"), **changes), before, HERE)
        same = {name for name in field_names(Schedule) if getattr(before, name) == getattr(after, name)}
        moved = {*field_names(Schedule)} - same - {"row_version", "updated_at"}
        assert moved == {"environment" if "folder" in changes else next(iter(changes))}
    kept = schedule_lookup.get_schedule(made.id).environment
    assert kept is not None and kept["folder"] == "/opt"
    assert kept["variables"] == (made.environment or {})["variables"]


def test_a_variable_of_another_terminal_keeps_its_value(job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = full(job, monkeypatch)
    monkeypatch.delenv("BACKUP_HOME")
    monkeypatch.setenv("SCAN_HOME", "/scans")
    shown = draft_of(made, job, "1.0.0")
    after = save_draft(replace(shown, variables=("BACKUP_HOME", "SCAN_HOME")), made, HERE)
    variables = (after.environment or {})["variables"]
    assert isinstance(variables, dict)
    assert (variables["BACKUP_HOME"], variables["SCAN_HOME"]) == ("/backups", "/scans")


def test_in_another_zone_the_same_clock_is_another_moment(job: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = full(job, monkeypatch)
    shown = draft_of(made, job, "1.0.0")
    after = save_draft(replace(shown, timezone="UTC"), made, HERE)
    assert draft_of(after, job, "1.0.0").start == shown.start and after.start_at != made.start_at


def test_switching_goes_with_the_rest(job: str) -> None:
    made = save_draft(draft(job, name="nightly"), None, HERE)
    off = save_draft(replace(draft_of(made, job, ""), is_active=False, name="renamed"), made, HERE)
    assert (off.status, off.name) == (ScheduleStatus.PAUSED, "renamed")
    on = save_draft(replace(draft_of(off, job, ""), is_active=True), off, HERE)
    assert on.status is ScheduleStatus.ACTIVE and on.next_run_at is not None


def test_what_was_changed_elsewhere_is_not_overwritten(job: str) -> None:
    made = save_draft(draft(job, name="nightly"), None, HERE)
    mine = replace(draft_of(made, job, ""), overlap=Overlap.ALLOW, expression="0 3 * * *")
    theirs = schedules.update_schedule(made.id, jitter=5_000, overlap=Overlap.QUEUE)
    with pytest.raises(Conflict):
        save_draft(mine, made, HERE)
    assert schedule_lookup.get_schedule(made.id) == theirs
    both = rebased(mine, draft_of(made, job, ""), draft_of(theirs, job, ""))
    saved = save_draft(both, theirs, HERE)
    assert (saved.jitter, saved.overlap, saved.expression) == (5_000, Overlap.ALLOW, "0 3 * * *")


def test_one_that_has_expired_can_be_called_otherwise(job: str) -> None:
    soon = (times.now() + timedelta(days=2)).replace(tzinfo=None).isoformat(timespec="minutes")
    once = draft(job, name="once", trigger_type=TriggerType.ONCE, expression=soon, timezone="UTC")
    made = stored.end(save_draft(once, None, HERE), ScheduleStatus.EXPIRED)
    made = replace(made, expression="2020-02-02T02:02:00")
    renamed = save_draft(replace(draft_of(made, job, ""), name="was once"), made, HERE)
    assert (renamed.name, renamed.status, renamed.next_run_at) == ("was once", ScheduleStatus.EXPIRED, None)


def test_conditions_are_read_as_they_are_typed_and_taken_back(job: str) -> None:
    asked = {"mains": True, "networks": ["home"], "idle": "10 minutes"}
    made = save_draft(draft(job, name="nightly", conditions=asked), None, HERE)
    assert made.conditions == {"mains": True, "networks": ["home"], "idle": "600000ms"}
    found = check_draft(draft_of(made, job, ""), made, HERE)
    assert "home" in str(found.only) and "10 m" in str(found.only)
    without = save_draft(replace(draft_of(made, job, ""), conditions=None), made, HERE)
    assert without.conditions is None


def test_templates_are_shown_as_they_come_to_the_next_time(job: str) -> None:
    given = {"day": "{{ schedule.due_at }} for {{ schedule.name }}", "most": 3}
    found = check_draft(draft(job, name="nightly", input=given), None, HERE)
    assert not found.problems and found.next_due is not None and found.plan is not None
    local = found.next_due.astimezone(found.plan.zone).isoformat()
    assert found.rendered == {"day": f"{local} for nightly"}


def test_a_rule_says_what_may_not_be_meant(job: str) -> None:
    found = check_draft(draft(job, expression="*/7 * * * *"), None, HERE)
    assert not found.problems and [len(each.fixes) for each in found.warnings] == [3]
    assert told(check_draft(ScheduleDraft(), None, HERE)) == {"workflow": "Choose a workflow."}
