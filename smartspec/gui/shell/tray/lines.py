"""What the menu of the icon says, line by line."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from smartspec.domain import times
from smartspec.domain.activity import Activity, State
from smartspec.domain.overview import (
    Overview,
    Standing,
    alerts_in_words,
    in_words,
    next_in_words,
    problems_in_words,
    standing,
)
from smartspec.domain.text import one_line
from smartspec.formatting import format_clock, format_due, format_duration
from smartspec.gui.shell.now.words import share, times_usual
from smartspec.gui.style.formatting import number
from smartspec.messages import tr, translate, trn
from smartspec.value import frozen

_MOST_RUNS, _LONGEST_NAME = 5, 48


class Verb(StrEnum):
    """What a line does."""

    SEPARATOR = "separator"
    PROBLEMS = "problems"
    ALERTS = "alerts"
    NOW = "now"
    EXECUTION = "execution"
    SCHEDULES = "schedules"
    START_RUNNER = "start_runner"
    RUN = "run"
    PAUSE = "pause"
    RESUME = "resume"
    QUIET_HOUR = "quiet_hour"
    QUIET_MORNING = "quiet_morning"
    QUIET_OFF = "quiet_off"
    OPEN = "open"
    QUIT = "quit"
    NOTHING = "nothing"


@frozen
class Line:
    """`icon` and its `colour` are names; `target` is an id. With `lines` it is a menu of its own."""

    verb: Verb
    text: str = ""
    icon: str = ""
    colour: str = "text2"
    target: str = ""
    is_enabled: bool = True
    is_bold: bool = False
    lines: tuple[Line, ...] = ()


_SEPARATOR = Line(Verb.SEPARATOR)


def lines(overview: Overview, looked_at: datetime | None, now: datetime) -> tuple[Line, ...]:
    return (
        *_headlines(overview, looked_at, now),
        *_what_goes_on(overview, now),
        _SEPARATOR,
        Line(Verb.NOTHING, tr("Run"), "play", lines=_to_run(overview), is_enabled=bool(overview.recent)),
        *_pausing(overview),
        Line(Verb.NOTHING, _quiet_title(overview, now), "bell", lines=_quiet(overview)),
        _SEPARATOR,
        *last_lines(),
    )


def last_lines() -> tuple[Line, ...]:
    """What can be done whatever is known of the ledger."""
    return (
        Line(Verb.OPEN, tr("Open SmartSpec"), "arrow-square-out", is_bold=True),
        Line(Verb.QUIT, tr("Quit…"), "sign-out"),
    )


def _headlines(overview: Overview, looked_at: datetime | None, now: datetime) -> tuple[Line, ...]:
    """What a person should look at first; that all is well where there is nothing."""
    found: list[Line] = []
    stands = standing(overview, looked_at)
    if stands is Standing.NO_RUNNER:
        words = translate(in_words(overview, looked_at, now))
        found += [
            Line(Verb.SCHEDULES, words, "warning-fill", "retrying", is_bold=True),
            Line(Verb.START_RUNNER, tr("Start a runner"), "play"),
        ]
    if stands is Standing.PAUSED:
        found.append(Line(Verb.OPEN, translate(in_words(overview, looked_at, now)), "pause-circle-fill", "paused",
                          is_bold=True))  # fmt: skip
    if overview.asked:
        waits = trn("{n} waits for you", "{n} wait for you", overview.asked)
        found.append(Line(Verb.NOW, waits, "hand-palm", "retrying", is_bold=True))
    if overview.broken:
        stopped = trn("{n} schedule cannot go on", "{n} schedules cannot go on", overview.broken)
        found.append(Line(Verb.SCHEDULES, stopped, "warning-fill", "retrying", is_bold=True))
    if (alerts := alerts_in_words(overview)) is not None:
        found.append(Line(Verb.ALERTS, translate(alerts), "warning-fill", "retrying", is_bold=True))
    if (problems := problems_in_words(overview)) is not None:
        found.append(Line(Verb.PROBLEMS, translate(problems), "x-circle-fill", "failed", is_bold=True))
    if not found:
        found.append(Line(Verb.OPEN, tr("All well"), "check-circle-fill", "completed", is_bold=True))
    return (*found, _SEPARATOR)


def _what_goes_on(overview: Overview, now: datetime) -> tuple[Line, ...]:
    running = [each for each in overview.now.activities if each.state is State.RUNNING]
    found = [
        Line(Verb.EXECUTION, _run_text(each, now), "play-circle", "running", each.execution)
        for each in running[:_MOST_RUNS]
    ]
    more = len(running) - len(found)
    if more > 0:
        found.append(Line(Verb.NOW, trn("{n} more runs", "{n} more run", more), "play-circle", "running"))
    if (following := next_in_words(overview, now)) is not None:
        found.append(Line(Verb.SCHEDULES, one_line(translate(following), 80), "calendar-blank"))
    if not found:
        found.append(Line(Verb.NOTHING, tr("Nothing runs"), "circle-dashed", is_enabled=False))
    return tuple(found)


def _run_text(activity: Activity, now: datetime) -> str:
    """How far it is, else for how long it runs; and that it is late."""
    name, part = one_line(activity.workflow_name, _LONGEST_NAME), share(activity)
    if part is not None:
        how = tr("{number} %", number=number(int(part * 100)))
    else:
        gone = times.elapsed_ms(activity.since, now) if activity.since is not None else 0
        how = translate(format_duration(max(1_000, gone // 1_000 * 1_000)))
    late = tr("{how}, late", how=how) if times_usual(activity, now) else how
    return f"{name} · {late}"


def _to_run(overview: Overview) -> tuple[Line, ...]:
    return tuple(Line(Verb.RUN, one_line(each.name, _LONGEST_NAME), "play", target=each.id) for each in overview.recent)


def _pausing(overview: Overview) -> tuple[Line, ...]:
    """Both where something of what was paused goes on, and something does not."""
    found = []
    if overview.can_resume:
        found.append(Line(Verb.RESUME, tr("Resume all"), "play"))
    if not overview.can_resume or overview.can_pause:
        found.append(Line(Verb.PAUSE, tr("Pause all"), "pause", is_enabled=overview.can_pause))
    return tuple(found)


def _quiet_title(overview: Overview, now: datetime) -> str:
    if overview.quiet_until is None:
        return tr("Quiet until")
    until = overview.quiet_until
    is_today = until.astimezone().date() == now.astimezone().date()
    return tr("Quiet until {moment}", moment=format_clock(until) if is_today else translate(format_due(until, now)))


def _quiet(overview: Overview) -> tuple[Line, ...]:
    return (
        Line(Verb.QUIET_HOUR, tr("For 1 hour"), "clock"),
        Line(Verb.QUIET_MORNING, tr("Until tomorrow 08:00"), "moon"),
        Line(Verb.QUIET_OFF, tr("Off"), "bell-ringing", is_enabled=overview.quiet_until is not None),
    )
