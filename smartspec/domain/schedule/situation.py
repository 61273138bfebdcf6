"""What a decision about due times depends on beside the schedule: the moment, what was and what runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from smartspec.domain.ids import ExecutionPk
from smartspec.value import frozen

GRACE = timedelta(seconds=60)  # later than this after the machine woke or the runner began, a time counts as missed
RESUME_DELAY = timedelta(seconds=30)  # network and disks come back first
LONGEST_UNMET = timedelta(minutes=5)
ASKED = "asked"  # the reason of what was overtaken while the machine was still being asked


class AbsenceKind(StrEnum):
    """Why nobody looked: no runner served, the machine slept, or the clock was set forward over the time."""

    OFF = "off"
    ASLEEP = "asleep"
    CLOCK = "clock"


@frozen
class Absence:
    start: datetime
    end: datetime
    kind: AbsenceKind


@frozen
class Pause:
    """Both ends belong to it; `end` is None while it lasts. `by` is who paused it; empty: its workflow is inactive."""

    start: datetime
    end: datetime | None = None
    by: str = ""

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment and (self.end is None or moment <= self.end)


@frozen
class ActiveExecution:
    """One of the schedule's workflow that has not ended. `number` is that of the workflow, as people know it;
    `is_catch_up`: it makes up for what was missed, of this schedule or another."""

    execution: ExecutionPk
    number: int
    by_schedule: bool = False
    is_catch_up: bool = False


@frozen
class Answer:
    """What the machine says to the conditions of a schedule, as it is stored: `unmet` is the reason for which one does
    not hold, `untold` what the system does not tell and counts as met, `before` what has kept the due time from being
    decided about until this answer. Empty: nothing. `asked_at` is when the machine was first asked for that due time.
    """

    unmet: str = ""
    untold: str = ""
    before: str = ""
    asked_at: datetime | None = None


ALL_HOLD = Answer()


@frozen(kw_only=True)
class Situation:
    """`serving_since`: from then on a runner has looked without a gap; it began then, or the machine woke. `unmet`,
    `untold` and `held_up` are those of an `Answer`. `queued` counts the firings of the schedule that wait for an active
    execution to end.
    """

    now: datetime
    serving_since: datetime
    absences: tuple[Absence, ...] = ()
    pauses: tuple[Pause, ...] = ()
    unmet: str = ""
    untold: str = ""
    held_up: str = ""
    active: tuple[ActiveExecution, ...] = ()
    queued: int = 0

    def absence_at(self, moment: datetime) -> Absence | None:
        return _holding(self.absences, moment)

    def pause_at(self, moment: datetime) -> Pause | None:
        return next((pause for pause in self.pauses if pause.holds(moment)), None)

    def missed(self, moment: datetime) -> bool:
        """Whether what was to start then came while nobody looked."""
        return moment < self.serving_since - GRACE


def _holding(absences: Iterable[Absence], moment: datetime) -> Absence | None:
    return next((each for each in absences if each.start <= moment <= each.end), None)
