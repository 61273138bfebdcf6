"""What is said of a ledger that did not open: the cause in a sentence, a line for each thing that was looked at."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from smartspec.errors import (
    ConnectionFailed,
    DatabaseDamaged,
    DatabaseEncrypted,
    DatabaseForeign,
    DatabaseGone,
    DatabaseMissing,
    DatabaseReplaced,
    DatabaseTooNew,
    ReadOnly,
    SmartSpecError,
)
from smartspec.gui.style.formatting import ago, number, size
from smartspec.messages import Message, _, tr, translate, trn
from smartspec.value import frozen

if TYPE_CHECKING:
    from smartspec.commands.database import Backup
    from smartspec.commands.safe_start import Examination, PagesFound

Cause = Literal["gone", "missing", "empty", "newer", "foreign", "unreadable", "damaged", "forbidden", "other", "unsafe"]
_BY_KIND: tuple[tuple[type[SmartSpecError], Cause], ...] = (
    (DatabaseGone, "gone"), (DatabaseMissing, "missing"), (DatabaseTooNew, "newer"), (DatabaseForeign, "foreign"),
    (DatabaseReplaced, "foreign"), (DatabaseEncrypted, "unreadable"), (DatabaseDamaged, "damaged"),
    (ReadOnly, "forbidden"), (ConnectionFailed, "forbidden"),
)  # fmt: skip


@frozen
class Line:
    """`state` is good, bad, or unknown while it is looked at."""

    name: str
    text: str
    more: str = ""
    state: str = "good"
    verbatim: bool = False  # it has a name in it that the system gave


def cause_of(error: SmartSpecError, file: Path) -> Cause:
    cause: Cause = next((cause for kind, cause in _BY_KIND if isinstance(error, kind)), "other")
    return "empty" if cause == "missing" and file.exists() else cause


def with_place(cause: Cause, found: Examination) -> Cause:
    """It lies where it is not safe, and what the system says of it has no other cause that is known: that is it."""
    return "unsafe" if cause in ("forbidden", "other") and found.place.warning else cause


def sentence_in_place(cause: Cause, error: SmartSpecError, found: Examination) -> str:
    """As `sentence_of`, once its place is known: where that is not safe, it may be the cause."""
    if not found.place.warning:
        return sentence_of(cause, error)
    if cause == "unsafe":
        home = tr("Copy it to a folder of this machine alone, and open it there. Nothing was written.")
        return " ".join((translate(error.sentence), translate(found.place.warning), home))
    why = tr("Its place may be why: see below.") if cause in ("damaged", "unreadable", "foreign", "empty") else ""
    return " ".join(filter(None, (sentence_of(cause, error), why)))


def sentence_of(cause: Cause, error: SmartSpecError) -> str:
    """What is wrong, and that nothing was written."""
    untouched = tr("Nothing was written: the file is just as it was found.")
    told = {
        "gone": tr("Its file is not where it was. Nothing new is made in its place; it goes on when it is back."),
        "missing": tr("There was a ledger here, and its file is not there. Nothing was made in its place."),
        "empty": tr("Its file is empty: 0 bytes, where there was a ledger. Nothing was made in its place."),
        "newer": tr("A newer SmartSpec made it: install that to work with it. Nothing was written."),
        "foreign": tr("The file in its place is another program's, or damaged in its first page. Nothing was written."),
        "unreadable": " ".join((tr("Its file is not a database that can be read: encrypted, or damaged."), untouched)),
        "damaged": " ".join((tr("Its file is damaged."), untouched)),
    }  # fmt: skip
    return told.get(cause) or translate(error.sentence)


def lines_of(
    found: Examination, cause: Cause, now: datetime, pages: PagesFound | None, sound: Backup | None, *,
    is_verified: bool,
) -> list[Line]:  # fmt: skip
    """`pages` where they were looked at; `sound` is the newest backup that is, once `is_verified` says it is known."""
    return [
        _database_line(found, cause, now, pages), _journal_line(found), _logs_line(found, now),
        _backups_line(found, sound, now, is_verified=is_verified), _place_line(found),
    ]  # fmt: skip


_TOLD: dict[Cause, Message] = {
    "missing": _("not there"), "gone": _("not there"), "empty": _("empty, 0 bytes"),
    "foreign": _("not a ledger of SmartSpec"), "unreadable": _("not readable as a database"),
}  # fmt: skip


def _database_line(found: Examination, cause: Cause, now: datetime, pages: PagesFound | None) -> Line:
    file, name = found.database, tr("Database")
    more = tr("{size} · changed {age}", size=size(file.size), age=ago(file.changed, now)) if file.changed else ""
    if cause == "newer":
        return Line(name, tr("schema {schema}, newer than this program", schema=found.schema), more, "bad")
    if cause in _TOLD:
        return Line(name, translate(_TOLD[cause]), more, "bad")
    if not file.changed:
        return Line(name, tr("not there"), more, "bad")
    if pages is None:
        return Line(name, tr("every page is looked at…"), more, "unknown")
    return Line(name, pages_text(pages), more, "bad" if pages.findings else "good")


def pages_text(pages: PagesFound) -> str:
    """As “3 of 412,806 pages damaged, all in the table events”."""
    if not pages.findings:
        return tr("all {pages} pages are sound", pages=number(pages.pages)) if pages.pages else tr("not looked at")
    if not pages.damaged or not pages.pages:
        return tr("damaged, and not readable to its end")
    count = len(pages.damaged)
    text = trn("{damaged} of {pages} pages damaged", "{damaged} of {pages} pages damaged", count,
               damaged=number(count), pages=number(pages.pages))  # fmt: skip
    if len(pages.tables) == 1:
        return tr("{what}, all in the table {table}", what=text, table=next(iter(pages.tables)))
    return text


def _journal_line(found: Examination) -> Line:
    if not found.journal.size:
        if not found.database.size:
            return Line(tr("Journal"), tr("none"))
        return Line(tr("Journal"), tr("none: all that was written stands in the file"))
    text = trn(
        "{n} commit that may not be in the file yet", "{n} commits that may not be in the file yet", found.commits
    )
    return Line(tr("Journal"), text, size(found.journal.size))


def _logs_line(found: Examination, now: datetime) -> Line:
    logs = found.logs
    if not logs.count:
        return Line(tr("Logs"), tr("none"))
    text = trn("{n} file, the newest from {age}", "{n} files, the newest from {age}", logs.count,
               age=ago(logs.newest, now))  # fmt: skip
    if not logs.is_whole:
        text = tr("more than {count} files", count=number(logs.count))
    return Line(tr("Logs"), text, size(logs.size) if logs.is_whole else "")


def _backups_line(found: Examination, sound: Backup | None, now: datetime, *, is_verified: bool) -> Line:
    count, name = len(found.backups), tr("Backups")
    more = size(sum(each.size for each in found.backups))
    if not count:
        return Line(name, tr("none"), "", "bad")
    if not is_verified:
        return Line(name, trn("{n}, being verified…", "{n}, being verified…", count), more, "unknown")
    if sound is None:
        return Line(name, trn("{n}, and it is not as it was made", "{n}, and none is as it was made", count), more,
                    "bad")  # fmt: skip
    age = ago(datetime.fromisoformat(sound.made_at), now)
    text = trn("{n}, from {age}, verified", "{n}, the newest sound one from {age}, verified", count, age=age)
    return Line(name, text, more)


def _place_line(found: Examination) -> Line:
    place = found.place
    more = tr("{size} free", size=size(place.free)) if place.free is not None else ""
    if place.awaits is not None:
        text = tr("the disk of {place} is not mounted", place=place.awaits)
        return Line(tr("Place"), text, more, "bad")
    if not place.is_there:
        return Line(tr("Place"), tr("the folder is not there"), more, "bad")
    if place.warning:
        return Line(tr("Place"), translate(place.warning), more, "bad")
    if not place.is_writable:
        return Line(tr("Place"), tr("the folder cannot be written"), more, "bad")
    kind = place.filesystem or tr("a disk")
    return Line(tr("Place"), tr("{filesystem}, can be written", filesystem=kind), more, verbatim=True)
