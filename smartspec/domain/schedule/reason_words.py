"""Why a due time ran, was made up for or was passed over, in words: out of the codes that the ledger keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.formatting import format_clock, format_duration, format_weekday
from smartspec.messages import N_, Message, _

_AFTER = {
    "skip": N_("{why}; what was missed is not made up for"),
    "newest": N_("{why}; only the newest is made up for"),
    "now": N_("{why}; the one that is due now takes its place"),
    "cap": N_("{why}; more were missed than are made up for"),
}
_ABSENCES = {
    "off": N_("no runner from {start} to {end}"),
    "asleep": N_("asleep from {start} to {end}"),
    "clock": N_("the clock was set over it, from {start} to {end}"),
}


def explain(firing: Firing) -> Message:
    """A line of the ledger without its decision. What another version of the program wrote is shown as it stands."""
    if not firing.reason:
        return _("on time") if firing.decision is Decision.RAN else Message("")
    why, _semicolon, after = firing.reason.rpartition("; ")
    if after not in _AFTER:
        return _explained(firing.reason)
    return _(_AFTER[after], why=_explained(why))


def _explained(reason: str) -> Message:
    code, _colon, rest = reason.partition(": ")
    said = _WORDS[code](rest) if code in _WORDS else None
    return said or Message(reason)


def _absence(kind: str) -> Callable[[str], Message | None]:
    def told(span: str) -> Message | None:
        try:
            start, end = (datetime.fromisoformat(each) for each in span.split("/"))
        except ValueError:
            return None
        far = start.astimezone().date() != end.astimezone().date()
        return _(_ABSENCES[kind], start=_moment(start, far), end=_moment(end, far))

    return told


def _moment(at: datetime, with_day: bool) -> Message | str:
    clock = format_clock(at)
    return _("{weekday} {clock}", weekday=format_weekday(at.astimezone()), clock=clock) if with_day else clock


_WORDS: dict[str, Callable[[str], Message | None]] = {
    "paused": lambda by: _("paused by {by}; a pause is not made up for", by=by),
    "inactive": lambda _rest: _("its workflow was not active; that is not made up for"),
    "blackout": lambda name: _("it keeps still on {name}", name=name),
    "late": lambda _rest: _("nobody looked when it was due"),
    "off": _absence("off"),
    "asleep": _absence("asleep"),
    "clock": _absence("clock"),
    "overlap": lambda n: _("#{n} was still active", n=n) if n else _("one that was due before it still waited"),
    "full": lambda n: _("{n} were waiting already", n=n),
    "hand": lambda n: _("#{n} was active, and not started by this schedule", n=n),
    "by hand": lambda by: _("asked for by {by}, for a past period", by=by),
    "battery": lambda percent: _("on battery, {n} %", n=percent) if percent else _("on battery"),
    "metered": lambda _rest: _("the network was metered"),
    "network": lambda names: _("not on the network {names}", names=names),
    "idle": lambda ms: _("not idle for {duration}", duration=format_duration(int(ms))) if ms.isdigit() else None,
    "path": lambda path: _("{path} was not there", path=path),
    "command": lambda code: _("its command ended with {code}", code=code),
    "depth": lambda n: _("{n} executions had started one another by events", n=n),
    "limit": lambda n: _("it had started {n} within the hour, which is the most", n=n),
    "start": lambda why: Message(why),
}
