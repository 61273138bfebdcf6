"""The conditions of schedules, asked beside the scheduler: whatever hangs makes no other schedule late."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from smartspec.commands.machine_look import MachineLook, Question, System, question_of
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.machine_state import unmet, untold
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.schedule.situation import ASKED, Answer
from smartspec.domain.workflow import Workflow
from smartspec.runner import clocks
from smartspec.value import mutable

_ENDED_S = 1.0
FRESH_S = 10.0  # so long it counts that all holds


@mutable
class _Asked:
    """`due` is the due time that it was asked for, the first time `at`; `before` is what held that one up since."""

    question: Question
    look: MachineLook
    due: datetime | None
    at: datetime
    before: str = ASKED
    told_at: float | None = None


class ConditionWatch:
    """Belongs to one thread; `on_answer` is called on another one. `begin` starts a look."""

    def __init__(
        self, on_answer: Callable[[], None], *, clock: Callable[[], float] = clocks.boottime,
        begin: Callable[[MachineLook], None] = MachineLook.start,
    ) -> None:  # fmt: skip
        self._on_answer, self._clock, self._begin = on_answer, clock, begin
        self._system = System(clock)
        self._asked: dict[SchedulePk, _Asked] = {}
        self._seen_at: dict[SchedulePk, float] = {}

    def ask(self, schedule: Schedule, workflow: Workflow, now: datetime, again_s: float) -> Answer | None:
        """What the machine says; None: it is being asked. That something does not hold counts for `again_s` seconds.

        Raises Invalid for conditions of another version of the program.
        """
        question, asked = question_of(schedule, workflow), self._asked.get(schedule.pk)
        if asked is None or asked.question.conditions != question.conditions or self._is_old(asked, again_s):
            if asked is not None:
                asked.look.end()
            before = asked if asked is not None and asked.due == schedule.next_run_at else None
            look = MachineLook(question, self._system, self._on_answer)
            asked = _Asked(question, look, schedule.next_run_at, now)
            if before is not None:
                asked.at, asked.before = before.at, _reason(before) or before.before
            self._asked[schedule.pk] = asked
            self._begin(look)
        if asked.due != schedule.next_run_at:  # nothing has held that one up yet
            asked.due, asked.at, asked.before = schedule.next_run_at, now, ""
        if asked.told_at is None:
            if asked.look.is_over:
                asked.told_at = self._clock()
            elif not asked.look.is_overdue:
                return None
        return _answer(asked)

    def _is_old(self, asked: _Asked, again_s: float) -> bool:
        """One that hangs is not asked again before it is over."""
        longest = again_s if _reason(asked) else FRESH_S
        return asked.told_at is not None and self._clock() - asked.told_at >= longest

    def is_time_for(self, schedule: SchedulePk, again_s: float) -> bool:
        """What was held up for long is looked at now and then, and with the answer."""
        now, asked = self._clock(), self._asked.get(schedule)
        is_awaited = asked is not None and asked.told_at is None
        if not is_awaited and now - self._seen_at.get(schedule, float("-inf")) < again_s:
            return False
        self._seen_at[schedule] = now
        return True

    def close(self) -> None:
        """No command is left behind; what hangs otherwise is not waited for."""
        looks = [each.look for each in self._asked.values()]
        for each in looks:
            each.end()
        until = time.monotonic() + _ENDED_S
        for each in looks:
            each.wait(max(0.0, until - time.monotonic()))


def _answer(asked: _Asked) -> Answer:
    """What has not been answered in time does not hold."""
    conditions, state = asked.question.conditions, asked.look.state
    return Answer(unmet(conditions, state), untold(conditions, state), asked.before, asked.at)


def _reason(asked: _Asked) -> str:
    return unmet(asked.question.conditions, asked.look.state)
