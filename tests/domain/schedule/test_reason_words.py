"""Every reason that is decided has words."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.reason_words import explain
from smartspec.messages import translate

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
D = Decision


def said(decision: Decision, reason: str) -> str:
    return translate(explain(Firing(scheduled_for=AT, decision=decision, reason=reason)))


@pytest.mark.parametrize(
    ("decision", "reason", "words"),
    [
        (D.RAN, "", "on time"),
        (D.SKIPPED_PAUSED, "paused: ada", "paused by ada; a pause is not made up for"),
        (D.SKIPPED_PAUSED, "inactive", "its workflow was not active; that is not made up for"),
        (D.SKIPPED_BLACKOUT, "blackout: 12-24/12-26", "it keeps still on 12-24/12-26"),
        (D.SKIPPED_OVERLAP, "overlap: 407", "#407 was still active"),
        (D.SKIPPED_OVERLAP, "full: 24", "24 were waiting already"),
        (D.SKIPPED_OVERLAP, "hand: 3", "#3 was active, and not started by this schedule"),
        (D.QUEUED, "overlap", "one that was due before it still waited"),
        (D.SKIPPED_MISSED, "late; skip", "nobody looked when it was due; what was missed is not made up for"),
        (D.COULD_NOT_START, "start: The keyring is locked: open it; then", "The keyring is locked: open it; then"),
        (D.SKIPPED_CONDITION, "battery: 34", "on battery, 34 %"),
        (D.SKIPPED_CONDITION, "path: /media/a; skip", "/media/a; skip was not there"),
        (D.SKIPPED_CONDITION, "asked", "what it depends on was still being asked when the next one was due"),
        (D.RAN, "untold: newer", "untold: newer"),
        (D.RAN, "battery: 34; then", "on battery, 34 %; it ran when that was over"),
        (D.SKIPPED_ASLEEP, "asleep: nonsense/more", "asleep: nonsense/more"),
    ],
)
def test_a_reason_is_said_in_words(decision: Decision, reason: str, words: str) -> None:
    assert said(decision, reason) == words


def test_an_absence_is_told_by_the_clock_with_its_days_where_it_went_past_midnight() -> None:
    noon = datetime(2026, 3, 2, 12).astimezone()
    short = said(D.SKIPPED_MISSED, f"off: {noon.isoformat()}/{noon.replace(hour=13).isoformat()}; newest")
    assert short == "no runner from 12:00 to 13:00; only the newest is made up for"
    long = f"asleep: {noon.isoformat()}/{noon.replace(day=5).isoformat()}"
    assert "Mon " in said(D.CAUGHT_UP, long) and "Thu " in said(D.CAUGHT_UP, long)
