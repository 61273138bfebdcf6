"""From when on something is late or missed, and what becomes of the alerts that are open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartspec.domain.alert import expected, rules
from smartspec.domain.alert.alert import Alert, AlertKind
from smartspec.domain.alert.breach import Breach
from smartspec.domain.alert.evidence import Evidence
from smartspec.domain.alert.reconcile import reconcile
from smartspec.domain.alert.rhythm import Rhythm, learned
from smartspec.domain.alert.rules import Limits, Usual, WorkflowRules, may_take_ms
from smartspec.domain.ids import AlertPk
from smartspec.domain.late import late_after_ms
from smartspec.value import replace

K = AlertKind
NOW = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MINUTE_MS = 60_000
LIMITS = Limits(60 * MINUTE_MS, 20, 10, 10 * MINUTE_MS, 2 << 30, 7 * 86_400_000)


@pytest.mark.parametrize(
    ("p95", "completed", "limit"),
    [(None, 0, 60), (10, 4, 60), (10, 5, 20), (3, 5, 8), (5, 200, 10), (41, 200, 82), (0, 200, 5)],
)
def test_late_is_twice_the_95_percent_mark_and_five_minutes_more_at_least(
    p95: int | None, completed: int, limit: int
) -> None:
    """The numbers of the rule, in minutes; with fewer than five completed an hour."""
    assert late_after_ms(None if p95 is None else p95 * MINUTE_MS, completed) == limit * MINUTE_MS


def test_what_a_workflow_says_of_itself_goes_before_what_is_usual() -> None:
    usual = Usual(MINUTE_MS, MINUTE_MS, 200)
    assert may_take_ms(usual, WorkflowRules(), LIMITS) == 6 * MINUTE_MS
    assert may_take_ms(usual, WorkflowRules(long_running_ms=5), LIMITS) == 5
    assert may_take_ms(Usual(None, None, 0), WorkflowRules(), replace(LIMITS, without_usual_ms=7)) == 7
    said = WorkflowRules(86_400_000, NOW, 5, 30, (K.MISSED,))
    assert rules.from_json(rules.to_json(said)) == said and rules.to_json(WorkflowRules()) == {}
    assert rules.from_json({"off": ["missed", "of a later program"], "more": 1}) == WorkflowRules(off=(K.MISSED,))
    assert rules.from_json("nonsense") == WorkflowRules()


def begun(*gaps: timedelta) -> list[datetime]:
    moments = [NOW]
    for gap in gaps:
        moments.append(moments[-1] + gap)
    return moments


def test_a_rhythm_is_learned_from_what_is_regular() -> None:
    assert learned(begun(*[DAY] * 8)) == Rhythm(86_400_000, 86_400_000)
    assert learned(begun(*[DAY] * 7)) is None, "too few"
    assert learned(begun(*[5 * MINUTE] * 20)) is None, "an afternoon at a terminal is no rhythm"
    assert learned(begun(*[6 * HOUR] * 12)) == Rhythm(6 * 3_600_000, 6 * 3_600_000)
    weekdays = [DAY, DAY, DAY, DAY, 3 * DAY] * 4
    assert learned(begun(*weekdays)) == Rhythm(86_400_000, 3 * 86_400_000), "a weekend is no miss"
    assert learned(begun(*[DAY, 3 * DAY, 2 * HOUR, 5 * DAY] * 3)) is None, "by hand"
    assert learned(begun(*[DAY * 9] * 3, *[DAY] * 20)) == Rhythm(86_400_000, 86_400_000), "what was long ago is over"
    assert learned([]) is None


def test_a_due_time_is_missed_once_there_was_time_for_it() -> None:
    due, last = NOW, NOW - DAY
    on_time = expected.of_due_time(due, due, last, 2 * HOUR)
    assert (on_time.deadline, on_time.limit) == (NOW + 2 * HOUR, 26 * HOUR)
    asleep = expected.of_due_time(due, NOW + 6 * HOUR, last, 2 * HOUR)
    assert asleep.deadline == NOW + 8 * HOUR, "what the machine slept through is caught up first"
    assert asleep.limit == 26 * HOUR, "and was expected as ever"
    assert expected.of_due_time(due, None, None, HOUR).limit == HOUR
    rhythm = Rhythm(86_400_000, 3 * 86_400_000)
    assert expected.of_rhythm(rhythm, last, None, HOUR).deadline == last + 3 * DAY + HOUR
    assert expected.of_rhythm(rhythm, last, NOW + 9 * DAY, HOUR).deadline == NOW + 9 * DAY + HOUR


def evidence(value: int = 30, limit: int = 20) -> Evidence:
    return Evidence(value=value, limit=limit, since=NOW, failed=3, total=10)


def breach(kind: AlertKind, subject: str = "a", found: Evidence | None = None) -> Breach:
    return Breach(kind=kind, subject=subject, evidence=found or evidence())


def alert(kind: AlertKind, subject: str = "a", pk: int = 1, **more: object) -> Alert:
    made = Alert(AlertPk(pk), f"id {pk}", kind, subject, None, None, None, evidence(), NOW)
    return replace(made, **more)  # type: ignore[arg-type]


def test_what_is_open_and_holds_stays_and_what_was_not_looked_at_is_left_alone() -> None:
    found = [alert(K.MISSED), alert(K.HIGH_FAILURE, pk=2), alert(K.DISK_LOW, pk=3)]
    changes = reconcile(found, [breach(K.MISSED), breach(K.MISSED, "b")], (K.MISSED, K.HIGH_FAILURE), NOW)
    assert [each.subject for each in changes.raised] == ["b"]
    assert [each.pk for each in changes.closed] == [2], "the disk was not looked at"
    assert not changes.awake and not changes.changed and changes.are_any
    assert not reconcile(found[:1], [breach(K.MISSED)], (K.MISSED,), NOW + HOUR).are_any


def test_a_snooze_that_is_over_wakes_what_still_holds() -> None:
    for_a_time = alert(K.MISSED, snoozed_at=NOW, snoozed_until=NOW + HOUR)
    passed = [breach(K.MISSED)]
    assert not reconcile([for_a_time], passed, (K.MISSED,), NOW + 59 * MINUTE).awake
    assert reconcile([for_a_time], passed, (K.MISSED,), NOW + HOUR).awake == (for_a_time,)
    until_success = alert(K.MISSED, snoozed_at=NOW)
    assert not reconcile([until_success], passed, (K.MISSED,), NOW + 900 * DAY).awake
    assert reconcile([until_success], passed, (K.MISSED,), NOW, {AlertPk(1)}).awake == (until_success,)
    gone = reconcile([for_a_time], [], (K.MISSED,), NOW + HOUR)
    assert gone.closed and not gone.awake, "what is over wakes nobody"


@pytest.mark.parametrize(
    ("kind", "found", "is_news"),
    [
        (K.MISSED, evidence(31), False), (K.MISSED, evidence(30, 21), True), (K.HIGH_FAILURE, evidence(31), True),
        (K.HIGH_FAILURE, replace(evidence(), failed=4), True), (K.DISK_LOW, evidence(30), False),
        (K.DISK_LOW, evidence(31), True), (K.DISK_LOW, replace(evidence(), since=NOW + HOUR), False),
    ],
)  # fmt: skip
def test_figures_are_written_again_where_a_person_reads_something_new(
    kind: AlertKind, found: Evidence, is_news: bool
) -> None:
    """A time that runs is worked out when it is read; what is free on a disk of 20 moves by one at least."""
    changes = reconcile([alert(kind)], [breach(kind, "a", found)], (kind,), NOW)
    assert bool(changes.changed) is is_news
    if is_news:
        assert changes.changed[0][1].since == NOW, "it holds since it was raised"
