"""Very many due times at once: the oldest become one row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartspec.domain.schedule.due_runs import Kind
from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.long_absence import oldest
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.rule import parse_rule
from smartspec.domain.schedule.situation import Pause

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
RULES = [("cron", "* * * * *"), ("interval", "60 s")]


@pytest.mark.parametrize(("kind", "text"), RULES)
def test_nothing_is_counted_that_comes_after_the_end(kind: str, text: str) -> None:
    plan = Plan(rule=parse_rule(kind, text, FIRST), zone=UTC, end_at=FIRST + WEEK)
    assert oldest(plan, FIRST, FIRST + WEEK) == oldest(plan, FIRST, FIRST + 3 * WEEK)
    found = oldest(plan, FIRST, FIRST + 3 * WEEK)
    assert found is not None and found.count == 7 * 24 * 60 + 1 - 1_024
    assert found.following == found.last + timedelta(minutes=1)
    assert oldest(plan, FIRST + WEEK - timedelta(hours=1), FIRST + 3 * WEEK) is None


@pytest.mark.parametrize(("by", "reason"), [("mira", "paused: mira"), ("", "inactive")])
def test_the_row_gives_the_reason_that_each_would_have(by: str, reason: str) -> None:
    found = oldest(Plan(rule=parse_rule("interval", "60 s", FIRST), zone=UTC), FIRST, FIRST + WEEK)
    assert found is not None
    row = found.row(Kind(Decision.SKIPPED_PAUSED, Pause(FIRST, None, by)))
    assert (row.decision, row.reason, row.until, row.count) == (
        Decision.SKIPPED_PAUSED,
        reason,
        found.last,
        found.count,
    )
