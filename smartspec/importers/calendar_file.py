"""A calendar file (.ics, RFC 5545) as stretches of time: what its events take up, those that come again too.

Taken are the events with their beginning, end or duration, in whole days, in UTC, in a zone by its name (TZID), or by
whatever clock shows that time; again by the rules of `calendar_recurrence`, on single days (RDATE), not on others
(EXDATE), moved (RECURRENCE-ID) or cancelled. Whether an event says “free” or “busy” is nothing: calendars of holidays
say “free”. What else would make a difference is refused, by its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from smartspec.domain.schedule.blackouts import Blackout
from smartspec.domain.schedule.zones import parse_zone
from smartspec.domain.text import one_line
from smartspec.errors import Invalid
from smartspec.importers.calendar_recurrence import Recurrence, parse_recurrence
from smartspec.messages import Message, _, translate
from smartspec.value import field, mutable

LARGEST_BYTES = 10_000_000
MOST = 10_000  # stretches
_SHOWN = 5  # problems
_LONGEST_NAME = 60
_DURATION = re.compile(r"([+-])?P(?:(\d+)W|(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?)")
_DAY = timedelta(days=1)
Moment = date | datetime  # a whole day; an aware moment, or what a clock shows


@mutable
class _Event:
    """`line` is where it begins."""

    line: int
    uid: str = ""
    name: str = ""
    has_begin: bool = False
    begin: Moment | None = None
    end: Moment | None = None
    duration: timedelta | None = None
    rule: Recurrence | None = None
    more: list[Moment] = field(default_factory=list)
    without: set[Moment] = field(default_factory=set)
    instead_of: Moment | None = None
    is_cancelled: bool = False


def stretches_of(text: str, start: datetime, until: datetime) -> tuple[Blackout, ...]:
    """What its events take up between two moments, in their order.

    Raises Invalid with all that is wrong, for what is no calendar, and for more than ten thousand.
    """
    events, problems = _read(text)
    if problems:
        more = len(problems) - _SHOWN
        rest = [_("and {n} more", n=more)] if more > 0 else []
        raise Invalid("; ".join(translate(each) for each in (*problems[:_SHOWN], *rest)) + ".")
    found = sorted(islice(_stretches(events, start, until), MOST + 1), key=lambda each: _wall(each.first))
    if len(found) > MOST:
        raise Invalid(_("it has more than 10,000 events in that time."))
    return tuple(found)


def _read(text: str) -> tuple[list[_Event], list[Message]]:
    events, problems, inside = list[_Event](), list[Message](), list[str]()
    lines = list(_unfolded(text))
    if not lines or lines[0][1].strip().upper() != "BEGIN:VCALENDAR":
        return [], [_("it is no calendar: it does not begin with BEGIN:VCALENDAR")]
    for number, line in lines:
        name, parameters, value = _parts(line)
        if line.upper().startswith("BEGIN:"):
            inside.append(value.upper())
            if inside == ["VCALENDAR", "VEVENT"]:
                events.append(_Event(number))
        elif name == "END" and inside:
            inside.pop()
        elif inside == ["VCALENDAR", "VEVENT"]:
            try:
                _take(events[-1], name, parameters, value)
            except Invalid as error:
                problems.append(_("line {line}: {problem}", line=number, problem=error.sentence))
    if inside:
        problems.append(_("it ends in the middle of {part}", part=inside[-1]))
    problems += [_("line {line}: an event has no DTSTART", line=each.line) for each in events if not each.has_begin]
    return events, problems


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Its lines with their numbers; one that begins with a blank goes on the one before."""
    begun, at = "", 0
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        if line[:1] in (" ", "\t") and at:
            begun += line[1:]
            continue
        if begun:
            yield at, begun
        begun, at = line, number
    if begun:
        yield at, begun


def _parts(line: str) -> tuple[str, dict[str, str], str]:
    """NAME;PARAMETER=VALUE:VALUE; a colon in quotes belongs to a parameter."""
    head, _colon, value = re.sub(r'"[^"]*"', lambda match: match[0].replace(":", "\0"), line).partition(":")
    name, *given = head.replace("\0", ":").split(";")
    parameters = {key.upper(): said.strip('"') for key, _equals, said in (each.partition("=") for each in given)}
    return name.upper(), parameters, value.replace("\0", ":").strip()


def _take(event: _Event, name: str, parameters: dict[str, str], value: str) -> None:
    """Raises Invalid."""
    match name:
        case "UID":
            event.uid = value
        case "SUMMARY":
            event.name = one_line(re.sub(r"\\([,;\\])", r"\1", re.sub(r"\\[nN]", " ", value)), _LONGEST_NAME)
        case "DTSTART":
            event.has_begin = True
            event.begin = _moment(value, parameters)
        case "DTEND":
            event.end = _moment(value, parameters)
        case "DURATION":
            event.duration = _duration(value)
        case "RRULE":
            event.rule = parse_recurrence(value)
        case "RDATE":
            event.more += [_moment(each, parameters) for each in value.split(",")]
        case "EXDATE":
            event.without |= {_moment(each, parameters) for each in value.split(",")}
        case "RECURRENCE-ID":
            if "RANGE" in parameters:
                raise Invalid(_("a change of all that follows (RANGE) is not taken"))
            event.instead_of = _moment(value, parameters)
        case "STATUS":
            event.is_cancelled = value.upper() == "CANCELLED"
        case "EXRULE":
            raise Invalid(_("EXRULE is not taken"))


def _moment(text: str, parameters: dict[str, str]) -> Moment:
    """Raises Invalid."""
    if parameters.get("VALUE", "").upper() == "PERIOD" or "/" in text:
        raise Invalid(_("a PERIOD is not taken"))
    try:
        if re.fullmatch(r"\d{8}", text):
            return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day of whatever clock
        if text.upper().endswith("Z"):
            return datetime.strptime(text[:-1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
        at = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - its zone stands beside it
    except ValueError:
        raise Invalid(_("“{text}” is no date", text=text[:40])) from None
    return at.replace(tzinfo=_zone(parameters["TZID"])) if "TZID" in parameters else at


def _zone(name: str) -> ZoneInfo:
    """Raises Invalid."""
    try:
        return parse_zone(name.lstrip("/"))
    except Invalid:
        raise Invalid(_("there is no time zone “{name}” here", name=name[:60])) from None


def _duration(text: str) -> timedelta:
    if (match := _DURATION.fullmatch(text)) is None:
        raise Invalid(_("“{text}” is no duration", text=text[:40]))
    weeks, days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


# What they take up


def _stretches(events: Iterable[_Event], start: datetime, until: datetime) -> Iterator[Blackout]:
    events = list(events)
    moved: dict[str, set[Moment]] = {}
    for each in events:
        if each.instead_of is not None:
            moved.setdefault(each.uid, set()).add(each.instead_of)
    for each in events:
        if each.is_cancelled or each.begin is None:
            continue
        without = each.without | (moved.get(each.uid, set()) if each.instead_of is None else set())
        for begin in _begins(each, until):
            end = _end(each, begin)
            if not _is_in(begin, without) and _wall(begin) < _wall(end) and _wall(end) > start:
                yield Blackout(_clock(begin), _clock(end), each.name or "calendar")


def _begins(event: _Event, until: datetime) -> Iterator[Moment]:
    """Each once, as far as `until`."""
    begin, seen = event.begin, set[Moment]()
    assert begin is not None
    for at in (*_again(event, begin, until), *event.more):
        if at not in seen and _wall(at) <= until:
            seen.add(at)
            yield at


def _again(event: _Event, begin: Moment, until: datetime) -> Iterator[Moment]:
    rule = event.rule
    if rule is None:
        yield begin
        return
    last = _moment(rule.until, {}) if rule.until else None
    first = begin.date() if isinstance(begin, datetime) else begin
    for day in islice(rule.days(first), rule.count):
        at = datetime.combine(day, begin.timetz()) if isinstance(begin, datetime) else day
        if _wall(at) > until or (last is not None and _is_after(at, last)):
            return
        yield at


def _is_after(at: Moment, last: Moment) -> bool:
    if not isinstance(at, datetime) or not isinstance(last, datetime):
        return _day_of(at) > _day_of(last)
    return _wall(at) > _wall(last)


def _is_in(at: Moment, those: set[Moment]) -> bool:
    """An EXDATE that is a day takes all of that day."""
    return at in those or (
        isinstance(at, datetime) and any(not isinstance(each, datetime) and each == at.date() for each in those)
    )


def _day_of(at: Moment) -> date:
    return at.date() if isinstance(at, datetime) else at


def _end(event: _Event, begin: Moment) -> Moment:
    if event.duration is not None:
        return begin + event.duration
    if event.end is None or event.begin is None:
        return begin if isinstance(begin, datetime) else begin + _DAY
    if isinstance(begin, datetime) and isinstance(event.begin, datetime):
        lasts = _wall(event.end) - _wall(event.begin)
        return (begin.astimezone(UTC) + lasts) if begin.tzinfo else begin + lasts
    return begin + (_day_of(event.end) - _day_of(event.begin))


def _clock(at: Moment) -> datetime:
    """A whole day begins at midnight of whatever clock; what has a zone is a moment."""
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return at.astimezone(UTC) if at.tzinfo is not None else at


def _wall(at: Moment) -> datetime:
    """To compare with: what has no zone as if it were UTC, some hours wrong at most."""
    found = _clock(at)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
