"""What is worth knowing of a simulation: what gets into the way of what, and when the clock is moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum

from smartspec.domain.schedule.clock_changes import ClockChange, changes_between
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.simulate import SimulatedSchedule, Simulation
from smartspec.domain.schedule.simulated_load import BESIDE, most_at_once, waits
from smartspec.domain.schedule.upcoming import noted, touches
from smartspec.formatting import format_day, format_duration, format_month, format_number, format_weekday
from smartspec.messages import N_, Message, _, _n, listed, sentences
from smartspec.value import frozen

_NAMED = 3  # names that a sentence has room for


class FindingKind(StrEnum):
    """In the order in which they are told."""

    LEFT_OUT = "left_out"
    UNREADABLE = "unreadable"
    CLOCK = "clock"
    OVERLAP = "overlap"
    CROWD = "crowd"
    ESTIMATED = "estimated"
    CONDITIONS = "conditions"
    WITHOUT_TIMES = "without_times"


@frozen
class Finding:
    """`day` is where it is first seen, `schedule` the place of the one that it is about, in the simulation; `lane` that
    among all that were asked for. None of none, or several. `decision` is what becomes of an overlap.
    """

    kind: FindingKind
    headline: Message
    detail: str
    day: date | None = None
    schedule: int | None = None
    lane: int | None = None
    decision: Decision | None = None


def findings(
    simulation: Simulation, schedules: Sequence[SimulatedSchedule], names: Sequence[tuple[str, str]], zone: tzinfo
) -> tuple[Finding, ...]:
    """`names` are those of each schedule and its workflow."""
    titles = [name for name, _workflow in names]
    found = [
        *_left_out(simulation, zone), *_clock_changes(simulation, schedules, titles, zone),
        *_overlaps(simulation, names, zone), *_crowd(simulation, zone), *_estimated(simulation, schedules, names),
    ]  # fmt: skip
    return tuple(found)


def day_text(at: datetime | date) -> Message:
    """Sun 28 Mar."""
    return _("{day} {month}", day=format_day(at), month=format_month(at))


def some_of(names: Sequence[str]) -> Message:
    """The first of them, and how many more there are."""
    more = len(names) - _NAMED
    if more <= 0:
        return listed(names)
    return _n("{names} and {n} more", "{names} and {n} more", more, names=listed(names[:_NAMED]))


def _left_out(simulation: Simulation, zone: tzinfo) -> Iterator[Finding]:
    if simulation.until >= simulation.asked_until:
        return
    at = simulation.until.astimezone(zone)
    headline = _("It is too much to look at: all after {day} {clock} is left out", day=day_text(at), clock=_clock(at))
    detail = _("{n} starts came until then; fewer schedules can be looked at for longer.",
               n=format_number(len(simulation.starts)))  # fmt: skip
    yield Finding(FindingKind.LEFT_OUT, headline, detail, at.date())


# The clock


def _clock_changes(
    simulation: Simulation, schedules: Sequence[SimulatedSchedule], names: Sequence[str], zone: tzinfo
) -> Iterator[Finding]:
    zones = dict.fromkeys([zone, *(each.plan.zone for each in schedules)])
    seen: set[tuple[datetime, timedelta, timedelta]] = set()
    for each in zones:
        for change in changes_between(each, simulation.start, simulation.until):
            key = (change.at, change.before, change.after)
            if key not in seen:
                seen.add(key)
                yield _of_change(change, simulation, schedules, names, zone)


def _of_change(
    change: ClockChange, simulation: Simulation, schedules: Sequence[SimulatedSchedule], names: Sequence[str],
    zone: tzinfo,
) -> Finding:  # fmt: skip
    touched = [
        (name, each.plan) for name, each in zip(names, schedules, strict=True)
        if touches(each.plan.rule, change) and change in changes_between(each.plan.zone, simulation.start, change.at)
    ]  # fmt: skip
    detail = _touched(touched, change) if touched else _("No schedule is due then.")
    if any(each.start <= change.at < each.end for each in simulation.sleeps):
        detail = sentences((detail, _("The machine sleeps then.")))
    return Finding(FindingKind.CLOCK, change_headline(change), detail, change.at.astimezone(zone).date())


def change_headline(change: ClockChange) -> Message:
    """Which hour a day lacks, or has twice."""
    first, last = sorted((change.wall_before, change.wall_after))
    values = {"day": day_text(first), "first": f"{first:%H:%M}", "last": f"{last:%H:%M}"}
    if change.step > timedelta():
        return _("{day} has no {first}–{last}", **values)
    return _("{day} has {first}–{last} twice", **values)


def _touched(touched: Sequence[tuple[str, Plan]], change: ClockChange) -> Message:
    name, plan = touched[0]
    effect = noted(plan.rule, change).effect
    if len(touched) == 1:
        return _("{name}: {effect}", name=name, effect=effect)
    more = len(touched) - 1
    return _n(
        "{name}: {effect} {n} more is due then.", "{name}: {effect} {n} more are due then.", more, name=name,
        effect=effect,
    )  # fmt: skip


# What is in the way


_WHAT = {
    Decision.SKIPPED_OVERLAP: N_("they are skipped"),
    Decision.QUEUED: N_("they wait until it has ended"),
    Decision.REPLACED: N_("they end it and take its place"),
}


def _overlaps(simulation: Simulation, names: Sequence[tuple[str, str]], zone: tzinfo) -> Iterator[Finding]:
    found = [
        (sum(each.count for each in rows), number, decision, rows)
        for number, firings in enumerate(simulation.firings)
        for decision in BESIDE
        if (rows := [each for each in firings if each.decision is decision])
    ]
    for count, number, decision, rows in sorted(found, key=lambda each: -each[0]):
        name, workflow = names[number]
        headline = _n("{n} overlap: {workflow} is still active", "{n} overlaps: {workflow} is still active", count,
                      workflow=workflow)  # fmt: skip
        days = sorted({each.scheduled_for.astimezone(zone).date() for each in rows})
        detail = _("{name}: {when}; {what}.", name=name, when=_on_days(days, rows, zone), what=_(_WHAT[decision]))
        yield Finding(FindingKind.OVERLAP, headline, detail, days[0], number, decision=decision)


def _on_days(days: Sequence[date], rows: Sequence[Firing], zone: tzinfo) -> Message:
    if len(days) == 1:
        at = rows[0].scheduled_for.astimezone(zone)
        return _("on {day}, first at {clock}", day=day_text(days[0]), clock=_clock(at))
    weekdays = {day.weekday() for day in days}
    if len(weekdays) == 1:
        return _n("on {n} day, each a {weekday}", "on {n} days, each a {weekday}", len(days),
                  weekday=format_weekday(days[0]))  # fmt: skip
    return _n("on {n} day, the first {day}", "on {n} days, the first {day}", len(days), day=day_text(days[0]))


def _crowd(simulation: Simulation, zone: tzinfo) -> Iterator[Finding]:
    waiting = [each for each in simulation.starts if waits(each)]
    most, at = most_at_once(simulation)
    if not waiting or most <= simulation.places:
        return
    local = at.astimezone(zone)
    headline = _n(
        "{day} {clock}: {most} at once, {n} place", "{day} {clock}: {most} at once, {n} places", simulation.places,
        day=day_text(local), clock=_clock(local), most=format_number(most),
    )  # fmt: skip
    longest = max(each.begins - each.at for each in waiting)
    detail = _n(
        "In all {n} start waits for a place, at most {duration}.",
        "In all {n} starts wait for a place, at most {duration}.", len(waiting),
        duration=format_duration(round(longest.total_seconds() * 1000)),
    )  # fmt: skip
    yield Finding(FindingKind.CROWD, headline, detail, local.date())


def _estimated(
    simulation: Simulation, schedules: Sequence[SimulatedSchedule], names: Sequence[tuple[str, str]]
) -> Iterator[Finding]:
    started = Counter(each.schedule for each in simulation.starts)
    workflows = list(dict.fromkeys(
        names[number][1] for number, each in enumerate(schedules) if each.usual_ms is None and started[number]
    ))  # fmt: skip
    if workflows:
        headline = _n("{n} workflow has never completed", "{n} workflows have never completed", len(workflows))
        detail = _("A minute is taken for each execution of {names}.", names=some_of(workflows))
        yield Finding(FindingKind.ESTIMATED, headline, detail)


def _clock(local: datetime) -> str:
    return f"{local:%H:%M}"
