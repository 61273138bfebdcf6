"""How it stands in a few words: of several things the first, and no number that is not so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from smartspec.domain.activity import Now, State
from smartspec.domain.overview import Due, Overview, Paused, Standing, in_words, problems_in_words, standing
from smartspec.formatting import format_clock
from smartspec.value import replace

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
IDLE = Overview(Now((), {}, 0, (), 0, 2), 0, None, 0, None, 0, False, None, False, None, ())
DUE = Due("dns", NOW + timedelta(minutes=20))
AT = format_clock(NOW + timedelta(minutes=20))


def counted(**counts: int) -> Now:
    return replace(IDLE.now, counts={State[name]: count for name, count in counts.items()})


PROBLEMS = replace(IDLE, problems=3, newest_problem=NOW - HOUR)
RUNNING = replace(PROBLEMS, now=counted(RUNNING=2))


@pytest.mark.parametrize(
    ("overview", "looked_at", "stands", "words"),
    [(IDLE, None, Standing.IDLE, "All well"),
     (replace(IDLE, next_due=DUE), None, Standing.IDLE, f"All well · next {AT}"),
     (PROBLEMS, None, Standing.NEEDS_YOU, "3 problems since yesterday"),
     (PROBLEMS, NOW - 2 * HOUR, Standing.NEEDS_YOU, "3 problems since yesterday"),
     (PROBLEMS, NOW, Standing.IDLE, "3 problems"),
     (RUNNING, NOW, Standing.RUNNING, "2 run · 3 problems"),
     (RUNNING, None, Standing.NEEDS_YOU, "3 problems since yesterday · 2 run"),
     (replace(IDLE, now=counted(ASKED=1)), NOW, Standing.NEEDS_YOU, "1 waits for you"),
     (replace(RUNNING, alerts=2), NOW, Standing.NEEDS_YOU, "2 alerts · 3 problems since yesterday · 2 run"),
     (replace(IDLE, broken=1), NOW, Standing.NEEDS_YOU, "1 schedule cannot go on"),
     (replace(RUNNING, paused=Paused("mira", NOW)), None, Standing.PAUSED, "All paused by mira"),
     (replace(IDLE, active=6, is_unserved=True), None, Standing.NO_RUNNER, "6 schedules on, nothing serves them"),
     (replace(IDLE, active=1, is_unserved=True), None, Standing.NO_RUNNER, "1 schedule is on, nothing serves it"),
     (replace(IDLE, now=counted(WAITING=2)), None, Standing.NO_RUNNER, "No runner: 2 wait"),
     (replace(IDLE, active=6), None, Standing.IDLE, "All well")],
)  # fmt: skip
def test_the_first_of_what_is_so_is_what_the_icon_shows(
    overview: Overview, looked_at: datetime | None, stands: Standing, words: str
) -> None:
    assert (standing(overview, looked_at), str(in_words(overview, looked_at, NOW))) == (stands, words)


def test_what_is_not_counted_to_its_end_says_so() -> None:
    assert str(problems_in_words(replace(IDLE, problems=10_001))) == "10,000+ problems since yesterday"
    assert problems_in_words(IDLE) is None
