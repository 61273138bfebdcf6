"""Why a due time ran, was made up for or was passed over, in words: out of the codes that the ledger keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from smartspec.domain.schedule.conditions import COMMAND_SECONDS
from smartspec.domain.schedule.firing import Decision, Firing
from smartspec.formatting import format_clock, format_duration, format_weekday
from smartspec.messages import N_, Message, _, listed

_AFTER = {
    "then": N_("{why}; it ran when that was over"),
    "skip": N_("{why}; what was missed is not made up for"),
    "newest": N_("{why}; only the newest is made up for"),
    "now": N_("{why}; the one that is due now takes its place"),
    "cap": N_("{why}; more were missed than are made up for"),
}
_UNTOLD = {
    "mains": N_("whether it is on mains power"),
    "networks": N_("its network"),
    "idle": N_("how long it has been idle"),
}
_ABSENCES = {
    "off": N_("no runner from {start} to {end}"),
    "asleep": N_("asleep from {start} to {end}"),
    "clock": N_("the clock was set over it, from {start} to {end}"),
}


def explain(firing: Firing) -> Message:
    """A line of the ledger without its decision. What another version of the program wrote is shown as it stands."""
    if firing.decision is Decision.SKIPPED_CONDITION:
        why = _explained(firing.reason)
        return _("{why}; made up for when that was over", why=why) if firing.execution is not None else why
    if firing.decision is Decision.COULD_NOT_START:
        return _explained(firing.reason)
    reason, untold = _without_untold(firing.reason)
    told = _told(firing.decision, reason)
    return _("{why}; {untold}", why=told, untold=untold) if untold else told


def unmet_in_words(reason: str) -> Message:
    """What `machine_state.unmet` says; empty: all holds."""
    return _explained(reason)


def untold_in_words(reason: str) -> Message:
    """What `machine_state.untold` says; empty: all is told, or another version of the program wrote it."""
    code, _colon, keys = reason.partition(": ")
    names = [_UNTOLD.get(each) for each in keys.split()]
    if code != "untold" or not names or not all(names):
        return Message("")
    what = listed(_(each) for each in names if each)
    return _("the system does not tell {what}, which counts as met", what=what)


def _told(decision: Decision, reason: str) -> Message:
    if not reason:
        return _("on time") if decision is Decision.RAN else Message("")
    why, _semicolon, after = reason.rpartition("; ")
    if after not in _AFTER:
        return _explained(reason)
    return _(_AFTER[after], why=_explained(why))


def _without_untold(reason: str) -> tuple[str, Message]:
    """With the words for what is not told, which stands last."""
    before, _semicolon, last = reason.rpartition("; ")
    untold = untold_in_words(last)
    return (before, untold) if untold else (reason, untold)


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


def _command(end: str) -> Message:
    code, _colon, line = end.partition(": ")
    if code == "time":
        said = _("its command did not end within {duration}", duration=format_duration(COMMAND_SECONDS * 1000))
    else:
        said = _("its command ended with {code}", code=code)
    return _("{why}: {line}", why=said, line=line) if line else said


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
    "metered": lambda names: _("the network {names} was metered, which counts as none", names=names),
    "network": lambda names: _("not on the network {names}", names=names),
    "asked": lambda _rest: _("what it depends on was still being asked when the next one was due"),
    "idle": lambda ms: _("not idle for {duration}", duration=format_duration(int(ms))) if ms.isdigit() else None,
    "path": lambda path: _("{path} was not there", path=path),
    "command": _command,
    "depth": lambda n: _("{n} executions had started one another by events", n=n),
    "limit": lambda n: _("it had started {n} within the hour, which is the most", n=n),
    "loop": lambda n: _("it had changed {n} times in a row while what its change had started ran", n=n),
    "unseen": lambda _rest: _("it happened while no runner was there"),
    "start": lambda why: Message(why),
}
