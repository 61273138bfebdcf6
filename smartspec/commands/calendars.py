"""Calendar files whose events are days without: read when a schedule names them, and again when they have changed."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

from smartspec.domain.jsontext import texts
from smartspec.domain.schedule.blackouts import Blackout
from smartspec.domain.schedule.calendar import HORIZON, RENEWED, Calendar
from smartspec.domain.schedule.schedule import Schedule
from smartspec.errors import Invalid, reason
from smartspec.formatting import format_date
from smartspec.messages import Message, _
from smartspec.store import calendars

_BACK = HORIZON / 24  # what was missed in the last month is judged by them, too
logger = logging.getLogger(__name__)


def keep(path: str, now: datetime) -> str:
    """Read one, and keep what it says; the answer is its whole path. Raises Invalid with all that is wrong in it."""
    file = Path(path).expanduser().absolute()
    try:
        _read(file, now)
    except (Invalid, OSError) as error:
        raise Invalid(_("The calendar {file} cannot be taken: {why}", file=file, why=_why(error))) from None
    return str(file)


def of(schedule: Schedule) -> tuple[Calendar, ...]:
    """Those that a schedule names, as they were read last."""
    return calendars.get(texts(schedule.calendars)) if schedule.calendars else ()


def blackouts_of(schedule: Schedule) -> tuple[Blackout, ...]:
    return tuple(each for calendar in of(schedule) for each in calendar.blackouts)


def problems() -> tuple[Message, ...]:
    """Of the calendars in use those that cannot be read now, and what holds meanwhile."""
    return tuple(
        _("The calendar {file} cannot be read: {why} What was read of it on {day} holds.",
          file=each.path, why=each.problem, day=format_date(each.read_at.astimezone().date()))
        for each in calendars.get(calendars.in_use()) if each.problem
    )  # fmt: skip


def any_in_use() -> bool:
    return bool(calendars.in_use())


def refresh(now: datetime) -> None:
    """Read again what has changed, and what does not reach far enough any more. (Once a minute; a look costs a stat.)

    Of what cannot be read the last that was read holds.
    """
    paths = calendars.in_use()
    known = {each.path: each for each in calendars.get(paths)}
    for path in paths:
        _refresh(path, known.get(path), now)
    calendars.forget_unused()


def _refresh(path: str, known: Calendar | None, now: datetime) -> None:
    try:
        is_as_before = known is not None and _seen(Path(path)) == known.seen and known.until - now > RENEWED
        if not is_as_before:
            _read(Path(path), now)
        elif known is not None and known.problem:
            calendars.note_problem(path, None)
    except (Invalid, OSError) as error:
        if known is not None and known.problem != (why := str(_why(error))):
            calendars.note_problem(path, why)
            logger.warning(_("The calendar {file} cannot be read: {why}", file=path, why=why))


def _read(file: Path, now: datetime) -> None:
    """Raises Invalid, OSError."""
    from smartspec.importers import calendar_file

    seen = _seen(file)  # before it is read: what changes meanwhile is seen next time
    if file.stat().st_size > calendar_file.LARGEST_BYTES:
        raise Invalid(_("it is larger than 10 MB."))
    try:
        text = file.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise Invalid(_("it is no text in UTF-8.")) from None
    until = now + HORIZON
    calendars.keep(str(file), calendar_file.stretches_of(text, now - _BACK, until), seen, now, until)


def _seen(file: Path) -> str:
    found = file.stat()
    return f"{found.st_mtime_ns} {found.st_size} {found.st_ino}"


def _why(error: Invalid | OSError) -> Message | str:
    return error.sentence if isinstance(error, Invalid) else f"{reason(error)}."
