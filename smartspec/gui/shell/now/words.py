"""What a row of the panel says: of whom, what, since when, until when, how far."""

from __future__ import annotations

from datetime import datetime

from smartspec.domain import times
from smartspec.domain.activity import Activity, Cause, Progress, State
from smartspec.formatting import format_duration
from smartspec.gui.style.formatting import ago, count, number
from smartspec.messages import listed, tr, translate, trn
from smartspec.value import frozen

ICONS = {
    Cause.QUESTION: ("hand-palm", "retrying"), Cause.INTERRUPTED: ("lightning-fill", "interrupted"),
    Cause.TASK: ("play-circle", "running"), Cause.RECORDED: ("play-circle", "running"),
    Cause.REQUEST: ("play-circle", "running"), Cause.RETRY: ("arrow-clockwise", "retrying"),
    Cause.CLOCK: ("timer", "pending"), Cause.CHILD: ("tree-structure", "pending"),
    Cause.LOCK: ("lock-simple", "pending"),
    Cause.LIMIT: ("queue", "pending"), Cause.AT_ONCE: ("queue", "pending"), Cause.QUEUE: ("circle-dashed", "pending"),
    Cause.NO_RUNNER: ("warning", "retrying"), Cause.PAUSE: ("pause-circle-fill", "paused"),
    Cause.TIMEOUT: ("hourglass-medium-fill", "timeout"),
}  # fmt: skip
_DELAYS = 2


@frozen
class Times:
    """What stands at the right: the time that counts, and below it what is known of its end. `part` is what is left of
    a delay, from 1 to 0.
    """

    first: str
    second: str = ""
    colour: str = "text"
    part: float | None = None


def times_of(activity: Activity, now: datetime) -> Times:
    if activity.cause is Cause.RETRY or activity.due is not None:
        return _until(activity, now)
    if activity.since is None:
        return Times("")
    gone = times.elapsed_ms(activity.since, now)
    lasted = _seconds(gone)
    if activity.state is State.ASKED:
        return Times(tr("for {duration}", duration=lasted), "")
    if activity.state is State.TIMED_OUT:
        return Times(ago(activity.since, now))
    if activity.state is State.PAUSED:
        return Times(tr("for {duration}", duration=lasted), progress_words(activity.progress, is_after=True))
    if activity.state is State.WAITING:
        return Times(tr("for {duration}", duration=lasted))
    return Times(lasted, _usual(activity, gone), "retrying" if times_usual(activity, now) else "text")


def _until(activity: Activity, now: datetime) -> Times:
    left = times.elapsed_ms(now, activity.due) if activity.due is not None else 0
    if not left:
        return Times(tr("now"), colour="retrying" if activity.cause is Cause.RETRY else "text", part=0.0)
    part = min(1.0, left / activity.delay_ms) if activity.delay_ms else None
    colour = "retrying" if activity.cause is Cause.RETRY else "text"
    return Times(tr("in {duration}", duration=_seconds(left + 999)), _later(activity.later_ms), colour, part)


def _later(delays: tuple[int, ...] | None) -> str:
    """What follows where that fails too."""
    if delays is None:
        return ""
    if not delays:
        return tr("the last attempt")
    return tr("then {delays}", delays=listed(format_duration(each) for each in delays[:_DELAYS]))


def _seconds(ms: int) -> str:
    """Whole seconds: what ticks shows no tenths."""
    return translate(format_duration(ms // 1000 * 1000)).replace(".0 ", " ") if ms >= 1000 else tr("{n} s", n=0)


def _usual(activity: Activity, gone: int) -> str:
    if activity.usual_ms is None:
        return ""
    left = activity.usual_ms - gone
    if left >= 1000:
        return tr("about {duration} left", duration=_seconds(left))
    return tr("usually {duration}", duration=format_duration(activity.usual_ms))


def times_usual(activity: Activity, now: datetime) -> str:
    """`4 × the usual time`, where it is late."""
    if activity.state is not State.RUNNING or not activity.usual_ms or activity.since is None:
        return ""
    gone = times.elapsed_ms(activity.since, now)
    if activity.late_after_ms is None or gone <= activity.late_after_ms:
        return ""
    return tr("{n} × the usual time", n=number(gone // activity.usual_ms))


def progress_words(progress: Progress | None, *, is_after: bool = False) -> str:
    """3 of 7 tasks, 11 of 40 items, 11 items."""
    if progress is None:
        return ""
    done, total = count(progress.done, 10**9), progress.total
    if progress.is_items:
        return trn("{done} of {n} item", "{done} of {n} items", total, done=done) if total else trn(
            "{n} item", "{n} items", progress.done
        )  # fmt: skip
    if is_after:
        return trn("after {done} of {n} task", "after {done} of {n} tasks", total or 0, done=done)
    return trn("{done} of {n} task", "{done} of {n} tasks", total or 0, done=done)


def share(activity: Activity) -> float | None:
    """How far it is, from 0 to 1; None where nobody knows."""
    progress = activity.progress
    if progress is None or not progress.total or activity.state is not State.RUNNING:
        return None
    return min(1.0, progress.done / progress.total)


def second_line(activity: Activity) -> str:
    """Behind the task."""
    parts = [translate(activity.words)]
    if activity.state is State.RUNNING:
        parts.append(progress_words(activity.progress))
    return " · ".join(filter(None, parts))


def spoken(activity: Activity, now: datetime, elsewhere: str = "") -> str:
    """All of it in one line, for a screen reader and the tooltip."""
    told = times_of(activity, now)
    head = " · ".join(filter(None, (activity.label, elsewhere, times_usual(activity, now))))
    what = " ".join(filter(None, (activity.task, second_line(activity))))
    return "\n".join(filter(None, (head, what, " · ".join(filter(None, (told.first, told.second))))))
