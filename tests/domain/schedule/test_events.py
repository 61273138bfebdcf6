"""Events: how they are written, whether one happened, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.schedule.blackouts import parse_blackout
from smartspec.domain.schedule.catch_up import next_start, waiting
from smartspec.domain.schedule.event_decision import DEEPEST, EventOrigin, decide_event
from smartspec.domain.schedule.event_matching import fits_end
from smartspec.domain.schedule.events import (
    ApplicationStarted,
    ComputerWoke,
    Event,
    FileChange,
    FileEvent,
    NamedEvent,
    WorkflowEnd,
    WorkflowEvent,
    event_expression,
    parse_event,
    with_folder,
)  # fmt: skip
from smartspec.domain.schedule.policy import Misfire, Overlap, Plan
from smartspec.domain.schedule.reason_words import explain
from smartspec.domain.schedule.rule import EventRule, parse_rule, rule_expression
from smartspec.domain.schedule.situation import LONGEST_UNMET, ActiveExecution, Pause, Situation
from smartspec.errors import Invalid

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ACTIVE = ActiveExecution(ExecutionPk(7), 308)

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: text.strip()
)
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(FileEvent, st.sampled_from(FileChange), texts, st.just("") | texts, st.integers(1, 604_800_000), st.booleans()),
    st.builds(WorkflowEvent, st.sampled_from(WorkflowEnd), texts),
    st.just(ApplicationStarted()), st.just(ComputerWoke()), st.builds(NamedEvent, st.from_regex(r"\A[a-z0-9.:-]{1,20}\Z")),
)  # fmt: skip


@given(events)
def test_what_is_written_is_read_as_the_same(event: Event) -> None:
    assert parse_event(event_expression(event)) == event
    assert rule_expression(parse_rule("event", event_expression(event))) == event_expression(event)


def test_a_moment_that_is_not_there_is_not_quoted() -> None:
    with pytest.raises(Invalid, match="The moment is missing"):
        parse_rule("once", " ")


@pytest.mark.parametrize(
    ("expression", "said"),
    [("", "write one as in workflow completed"), ("fiel changed x", "did you mean “file”"), ("file", "one of changed, appeared, quiet"), ("file moved x", "not “moved”"),
     ("file changed", "misses its path"), ("file changed a b", "in quotes"), ("file changed a quiet", "in quotes"), ("file changed a quiet 3x", "not a duration"),
     ("file changed a quiet 9d", "too long"), ("file changed a for 9s", "in quotes"), ("file quiet a quiet 9s", "for 30s"), ("file quiet a for 0s", "How long"),
     ("file changed a recursive recursive", "in quotes"), ("file changed a named", "in quotes"), ("file changed ~/my\\ papers", "in quotes"), ("file changed 'a", "not closed"), ("workflow completed", "needs one workflow"), ("workflow started x", "recovered"),
     ("application", "application started"), ("computer slept", "computer woke"), ("event", "needs one name"), ("event a/b", "no name for an event")],
)  # fmt: skip
def test_what_is_none_is_refused_with_the_way_to_write_it(expression: str, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        parse_event(expression)


@pytest.mark.parametrize(
    ("end", "status", "before", "fits"),
    [("completed", "completed", None, True), ("completed", "failed", None, False), ("failed", "failed", None, True), ("failed", "timeout", "completed", True),
     ("failed", "cancelled", None, False), ("recovered", "completed", "failed", True), ("recovered", "completed", "completed", False),
     ("recovered", "completed", None, False), ("recovered", "failed", "failed", False)],
)  # fmt: skip
def test_the_end_of_a_workflow(end: str, status: str, before: str | None, fits: bool) -> None:
    event = WorkflowEvent(WorkflowEnd(end), "default.backup")
    previous = None if before is None else ExecutionStatus(before)
    assert fits_end(event, "default.backup", ExecutionStatus(status), previous) is fits
    assert not fits_end(event, "default.other", ExecutionStatus(status), previous)


@pytest.mark.parametrize(
    ("written", "stored"),
    [("file appeared ~/in/*.pdf", "file appeared '~/in' named '*.pdf'"), ("file changed notes.txt quiet 5s", "file changed /home/ada/notes.txt"),
     ("FILE Changed ./a/ QUIET 0s", "file changed /home/ada/a quiet 0s"), ("file quiet /in recursive for 1m named *.c", "file quiet /in named '*.c' for 60s recursive"),
     ("file appeared '/in/[7] x'", "file appeared '/in/[7] x'"), (r"file appeared C:\\x", r"file appeared '/home/ada/C:\\x'")],
)  # fmt: skip
def test_what_is_stored_counts_from_the_root_or_a_home(written: str, stored: str) -> None:
    event = parse_event(written.replace("\\\\", "\\"))
    assert isinstance(event, FileEvent)
    assert parse_event(event_expression(with_folder(event, "/home/ada"))) == parse_event(stored.replace("\\\\", "\\"))


def test_a_pattern_in_the_middle_of_a_path_is_refused() -> None:
    with pytest.raises(Invalid, match="only the last part of a path"):
        with_folder(FileEvent(FileChange.CHANGED, "/in/*/a.pdf"), "/")


def plan(**given: object) -> Plan:
    return Plan(rule=EventRule(ComputerWoke()), zone=UTC, **given)  # type: ignore[arg-type]


def situation(**given: object) -> Situation:
    return Situation(now=NOW, serving_since=NOW - timedelta(days=1), **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("of_plan", "origin", "now", "decision", "words"),
    [({}, EventOrigin(), {}, "ran", "on time"),
     ({}, EventOrigin(), {"active": (ACTIVE,)}, "skipped_overlap", "#308 was still active"),
     ({"overlap": Overlap.QUEUE}, EventOrigin(), {"active": (ACTIVE,)}, "queued", "#308 was still active"),
     ({}, EventOrigin(depth=DEEPEST), {}, "could_not_start", "10 executions had started one another by events"),
     ({}, EventOrigin(this_hour=3, per_hour=3), {}, "could_not_start", "it had started 3 within the hour, which is the most"),
     ({}, EventOrigin(in_a_row=10), {}, "could_not_start", "it had changed 10 times in a row while what its change had started ran"),
     ({}, EventOrigin(in_a_row=9), {}, "ran", "on time"),
     ({}, EventOrigin(was_missed=True), {}, "caught_up", "it happened while no runner was there"),
     ({"misfire": Misfire.SKIP}, EventOrigin(was_missed=True), {}, "skipped_missed", "it happened while no runner was there; what was missed is not made up for"),
     ({"catch_up_cap": 2}, EventOrigin(was_missed=True, made_up_for=2), {}, "skipped_missed", "it happened while no runner was there; more were missed than are made up for"),
     ({}, EventOrigin(this_hour=2, per_hour=3), {}, "ran", "on time"),
     ({}, EventOrigin(), {"unmet": "battery: 34"}, "skipped_condition", "on battery, 34 %"),
     ({}, EventOrigin(), {"pauses": (Pause(NOW, None, "mira"),)}, "skipped_paused", "paused by mira; a pause is not made up for"),
     ({"blackouts": (parse_blackout("11-26"),)}, EventOrigin(), {}, "skipped_blackout", "it keeps still on 11-26")],
)  # fmt: skip
def test_an_event_has_its_row(
    of_plan: dict[str, object], origin: EventOrigin, now: dict[str, object], decision: str, words: str
) -> None:
    firing, ends = decide_event(plan(**of_plan), NOW, "key", origin, situation(**now))
    assert (firing.decision, explain(firing), firing.cause, ends) == (decision, words, "key", ())


def test_an_event_that_a_condition_held_up_is_made_up_for() -> None:
    firing, _ends = decide_event(plan(), NOW, "key", EventOrigin(), situation(unmet="battery"))
    assert next_start(plan(), waiting(plan(), [firing], NOW + LONGEST_UNMET), situation()) == firing
    assert waiting(plan(misfire=Misfire.SKIP), [firing], NOW + LONGEST_UNMET) == []
    assert waiting(plan(misfire=Misfire.SKIP), [firing], NOW + LONGEST_UNMET / 2) == [firing], "it is on time still"


def test_a_replacing_one_ends_what_a_schedule_started() -> None:
    active = ActiveExecution(ExecutionPk(7), 308, by_schedule=True)
    firing, ends = decide_event(plan(overlap=Overlap.REPLACE), NOW, "key", EventOrigin(), situation(active=(active,)))
    assert (firing.decision, ends) == ("replaced", (7,))
