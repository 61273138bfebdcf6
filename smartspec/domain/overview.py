"""How it stands in a few words: what runs, what failed, what comes next, and whether anything is there to start it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain.activity import Now, State
from smartspec.formatting import format_clock, format_due, format_number
from smartspec.messages import Message, _, _n, join
from smartspec.value import frozen

MOST_COUNTED = 10_000


class Standing(StrEnum):
    """What an icon of it shows: of several the first."""

    NO_RUNNER = "no_runner"
    PAUSED = "paused"
    NEEDS_YOU = "needs_you"
    RUNNING = "running"
    IDLE = "idle"


@frozen
class Paused:
    """Everything was paused, by whom."""

    by: str
    at: datetime


@frozen
class Due:
    """The schedule that is due first, and when."""

    name: str
    at: datetime


@frozen
class Recent:
    """A workflow that ran lately."""

    id: str
    name: str


@frozen
class Overview:
    """`now` is of all workspaces, and so are `active`, the schedules that are on, whether they are `is_unserved`, and
    `alerts`, those that nobody acknowledged or put off.

    Of the workspace: `problems` failed or timed out since yesterday began (10,001: more than 10,000), the last of them
    at `newest_problem`; `broken` schedules cannot go on; `next_due` is due first. `paused` where everything is,
    `can_resume` where some of that still is. Until `quiet_until` nobody is told of anything.
    """

    now: Now
    problems: int
    newest_problem: datetime | None
    broken: int
    next_due: Due | None
    active: int
    is_unserved: bool
    paused: Paused | None
    can_resume: bool
    quiet_until: datetime | None
    recent: tuple[Recent, ...]
    alerts: int = 0

    @property
    def running(self) -> int:
        return self.now.counts.get(State.RUNNING, 0)

    @property
    def asked(self) -> int:
        """What waits for a person."""
        return self.now.counts.get(State.ASKED, 0)

    @property
    def is_stuck(self) -> bool:
        """Something waits, and no runner takes it."""
        return bool(self.now.counts.get(State.WAITING, 0)) and not self.now.serving

    @property
    def can_pause(self) -> bool:
        return self.now.can_be_paused or bool(self.active)


def standing(overview: Overview, looked_at: datetime | None) -> Standing:
    """`looked_at` is when a person looked at the problems last: one since then needs them."""
    if (overview.is_unserved and overview.active) or overview.is_stuck:
        return Standing.NO_RUNNER
    if overview.paused is not None:
        return Standing.PAUSED
    newest = overview.newest_problem
    is_waiting = overview.asked or overview.broken or overview.alerts
    if is_waiting or (newest is not None and (looked_at is None or newest > looked_at)):
        return Standing.NEEDS_YOU
    return Standing.RUNNING if overview.running else Standing.IDLE


def in_words(overview: Overview, looked_at: datetime | None, now: datetime) -> Message:
    """The same in a line."""
    match standing(overview, looked_at):
        case Standing.NO_RUNNER:
            return _without_runner(overview)
        case Standing.PAUSED if overview.paused is not None:
            return _("All paused by {name}", name=overview.paused.by) if overview.paused.by else _("All paused")
        case Standing.NEEDS_YOU:
            return _joined(*_needs(overview), problems_in_words(overview), _running(overview))
        case Standing.RUNNING:
            return _joined(_running(overview), _problems(overview))
        case _:
            well = _problems(overview) or _("All well")
            return _joined(well, _next(overview, now))


def problems_in_words(overview: Overview) -> Message | None:
    if not overview.problems:
        return None
    return _n("{count} problem since yesterday", "{count} problems since yesterday", overview.problems,
              count=_counted(overview.problems))  # fmt: skip


def alerts_in_words(overview: Overview) -> Message | None:
    return _n("{n} alert", "{n} alerts", overview.alerts) if overview.alerts else None


def next_in_words(overview: Overview, now: datetime) -> Message | None:
    """What is due first: with the day, unless that is today."""
    due = overview.next_due
    return None if due is None else _("Next: {name}, {at}", name=due.name, at=_at(due.at, now))


def _needs(overview: Overview) -> tuple[Message | None, ...]:
    waits = _n("{n} waits for you", "{n} wait for you", overview.asked) if overview.asked else None
    broken = overview.broken
    stopped = _n("{n} schedule cannot go on", "{n} schedules cannot go on", broken) if broken else None
    return waits, stopped, alerts_in_words(overview)


def _without_runner(overview: Overview) -> Message:
    if overview.is_unserved and overview.active:
        return _n("{n} schedule is on, nothing serves it", "{n} schedules on, nothing serves them", overview.active)
    waiting = overview.now.counts.get(State.WAITING, 0)
    return _n("No runner: {n} waits", "No runner: {n} wait", waiting)


def _running(overview: Overview) -> Message | None:
    return _n("{n} runs", "{n} run", overview.running) if overview.running else None


def _problems(overview: Overview) -> Message | None:
    if not overview.problems:
        return None
    return _n("{count} problem", "{count} problems", overview.problems, count=_counted(overview.problems))


def _next(overview: Overview, now: datetime) -> Message | None:
    due = overview.next_due
    return None if due is None else _("next {at}", at=_at(due.at, now))


def _at(moment: datetime, now: datetime) -> str:
    if moment <= now:
        return _("now")
    is_today = moment.astimezone().date() == now.astimezone().date()
    return format_clock(moment) if is_today else format_due(moment, now)


def _counted(count: int) -> str:
    return f"{format_number(MOST_COUNTED)}+" if count > MOST_COUNTED else format_number(count)


def _joined(*parts: Message | None) -> Message:
    return join(" · ", [each for each in parts if each is not None])
