"""A past period that is run by hand, with its due times."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

from smartspec.domain.schedule.due import due_between
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.errors import Invalid
from smartspec.formatting import format_number
from smartspec.messages import _

_MOST = 1_000
_INSTANT = timedelta(microseconds=1)


def backfill(plan: Plan, first: datetime, end: datetime, cause: str, by: str) -> tuple[Firing, ...]:
    """Catch-ups for every due time from `first` to `end`, both among them, whether or not something ran for it then.

    `cause` is the key of this request, by which they differ from what was decided then. Raises Invalid where there is
    no due time, and where there are more than a thousand.
    """
    dues = list(islice(due_between(plan.rule, plan.zone, first - _INSTANT, end), _MOST + 1))
    if not dues:
        raise Invalid(_("The schedule has no due time in that period."))
    if len(dues) > _MOST:
        raise Invalid(
            _(
                "The schedule has more than {most} due times in that period: take a shorter one.",
                most=format_number(_MOST),
            )
        )
    return tuple(
        Firing(scheduled_for=due, decision=Decision.CAUGHT_UP, reason=f"by hand: {by}", cause=cause) for due in dues
    )
