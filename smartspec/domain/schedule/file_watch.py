"""Which files have changed, appeared or been quiet since they were last told of: one look against what was seen.

What was told of is remembered by name with its stamp, and that alone is stored: whatever differs from it is told, by
whoever looks next. How long it has been as it is counts by a clock that no change of the date moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from fnmatch import fnmatch

from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.events import FileChange, FileEvent
from smartspec.value import field, frozen, replace

MOST_ENTRIES = 10_000  # of a folder, and of the folders in it: one look stays short
MOST_AT_ONCE = 100  # are told of by one look; the others by the next
WHOLE = ""  # the name of the path itself, of all that is in it
_COARSE_NS = 1_000_000_000
_SECOND_CHANGE_NS = {True: 2_000_000_000, False: 20_000_000}  # FAT counts two seconds, a kernel its ticks


class Place(StrEnum):
    MISSING = "missing"
    FILE = "file"
    FOLDER = "folder"


@frozen
class FileStamp:
    """What tells that a file is another than before. `changed_ns` is of its inode (of Windows: when it was made)."""

    modified_ns: int
    size: int
    inode: int = 0
    changed_ns: int = 0

    def differs_from(self, before: FileStamp) -> bool:
        """Written to, or another in its place: an inode alone says nothing, since some file systems number anew
        whenever they are mounted, and nor does a change of its rights."""
        is_replaced = self.inode != before.inode and self.changed_ns != before.changed_ns
        return is_replaced or (self.modified_ns, self.size) != (before.modified_ns, before.size)

    def may_change_unseen(self, now_ns: int) -> bool:
        """Whether its time of change is so young that one more would leave it as it is."""
        unseen_ns = _SECOND_CHANGE_NS[self.modified_ns % _COARSE_NS == 0]
        return 0 <= now_ns - self.modified_ns < unseen_ns


@frozen
class Sight:
    """What a look finds. `files` are by their names below a folder, that of the file itself is `WHOLE`; `unread` are
    folders below it that cannot be read. `device` is that of the path, else of the nearest folder above it that is
    there. `names` tells that no name has come or gone, None where nothing does. `problem` is a code for why nothing can
    be told: then the rest means nothing."""

    place: Place = Place.MISSING
    files: Mapping[str, FileStamp] = field(default_factory=dict)
    device: int | None = None
    problem: str = ""
    unread: tuple[str, ...] = ()
    names: tuple[int, int] | None = None


@frozen
class Seen:
    """What was told of, or was there at the first look."""

    place: Place
    files: Mapping[str, FileStamp]
    device: int | None = None


@frozen
class Watch:
    """As it is stored. `seen` is of the `expression`, None before the first look that found anything; `problem` is why
    the last look told nothing, or not all. `revision` counts the writes: of two runners one is quicker.
    """

    schedule: SchedulePk
    expression: str
    seen: Seen | None
    problem: str
    looked_at: datetime
    revision: int = 1


@frozen
class Waiting:
    """What differs, and is not told of yet: for `quiet_ms` it is as it is. `was_missed`: it was so when this runner
    first looked."""

    stamp: FileStamp
    quiet_ms: int = 0
    was_missed: bool = False


@frozen
class FileHappening:
    """`names` are the files that changed, came or went where all together are told of."""

    name: str
    stamp: FileStamp
    was_missed: bool = False
    names: tuple[str, ...] = ()


@frozen
class Looked:
    """After a look: what is to be stored, what is to be remembered until the next one, and what happened."""

    seen: Seen | None
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    happenings: tuple[FileHappening, ...] = ()
    problem: str = ""


def look(
    event: FileEvent, before: Looked, sight: Sight, *, elapsed_ms: int, now_ns: int, is_first: bool = False
) -> Looked:
    """`elapsed_ms` since the look before; `is_first`: nobody looked in the time before. What is there at the very first
    look has happened already."""
    if sight.problem:
        return Looked(before.seen, before.waiting, (), sight.problem)
    if before.seen is None:
        return Looked(Seen(sight.place, sight.files, sight.device), problem=problem_of(event, sight))
    if _is_away(event, before.seen, sight):
        return Looked(before.seen, {}, (), "away")
    seen = _without_gone(event, before.seen, sight)
    waiting = {
        name: _grown(before.waiting.get(name), stamp, elapsed_ms, is_first)
        for name, stamp in _candidates(event, seen, sight)
    }
    ripe = [name for name, each in waiting.items() if _is_ripe(event, each, now_ns)]
    ripe = sorted(ripe, key=lambda name: (waiting[name].stamp.modified_ns, name))[:MOST_AT_ONCE]
    happenings = tuple(
        FileHappening(name, waiting[name].stamp, waiting[name].was_missed, _names(event, name, seen, sight))
        for name in ripe
    )
    still = {name: each for name, each in waiting.items() if name not in ripe}
    return Looked(_with_told(event, seen, sight, ripe), still, happenings, problem_of(event, sight))


def fits_name(event: FileEvent, name: str) -> bool:
    """By the pattern, where there is one: as in a shell, a name that begins with a dot only where the pattern does;
    letter case counts where the system says so."""
    if name.startswith(".") and not event.pattern.startswith("."):
        return False
    return not event.pattern or fnmatch(name, event.pattern)


def problem_of(event: FileEvent, sight: Sight) -> str:
    """The code of why nothing is seen, or not all, or nothing is there though files in it are waited for."""
    if sight.problem:
        return sight.problem
    if sight.unread:
        return f"partly: {sight.unread[0]}"
    waits_for_it = event.change is FileChange.APPEARED and not event.is_of_folder
    return "missing" if sight.place is Place.MISSING and not waits_for_it else ""


# What differs


def _candidates(event: FileEvent, seen: Seen, sight: Sight) -> Iterator[tuple[str, FileStamp]]:
    """A folder that comes to be where nothing was is one, whatever it holds; all changes for quiet are one."""
    if event.change is FileChange.QUIET or _has_come(event, seen, sight):
        differs = _has_come(event, seen, sight) or any(_differing(seen, sight))
        if differs and sight.place is not Place.MISSING:
            yield WHOLE, _of_all(sight.files.items())
        return
    for name, stamp in sight.files.items():
        known = seen.files.get(name)
        if known is None or (event.change is FileChange.CHANGED and stamp.differs_from(known)):
            yield name, stamp


def _has_come(event: FileEvent, seen: Seen, sight: Sight) -> bool:
    return sight.place is Place.FOLDER and seen.place is not Place.FOLDER and not event.is_of_folder


def _differing(seen: Seen, sight: Sight) -> Iterator[str]:
    """What is new or other, then what has gone."""
    for name, stamp in sight.files.items():
        known = seen.files.get(name)
        if known is None or stamp.differs_from(known):
            yield name
    yield from (name for name in seen.files if name not in sight.files and not _is_unread(name, sight))


def _of_all(files: Iterable[tuple[str, FileStamp]]) -> FileStamp:
    """One for them together: it is another when any of them is."""
    stamps = dict(files)
    youngest = max((each.modified_ns for each in stamps.values()), default=0)
    size = sum(each.size for each in stamps.values())
    return FileStamp(youngest, size, hash(frozenset(stamps.items())), len(stamps))


def _names(event: FileEvent, name: str, seen: Seen, sight: Sight) -> tuple[str, ...]:
    if name != WHOLE or sight.place is not Place.FOLDER:
        return ()
    return tuple(sorted(_differing(seen, sight)))


# How long it has


def _grown(before: Waiting | None, stamp: FileStamp, elapsed_ms: int, is_first: bool) -> Waiting:
    if before is None or before.stamp != stamp:
        return Waiting(stamp, 0, is_first)
    return replace(before, quiet_ms=before.quiet_ms + max(0, elapsed_ms))


def _is_ripe(event: FileEvent, waiting: Waiting, now_ns: int) -> bool:
    return waiting.quiet_ms >= event.quiet_ms and not waiting.stamp.may_change_unseen(now_ns)


# What is remembered


def _is_away(event: FileEvent, seen: Seen, sight: Sight) -> bool:
    """Whether what held the files is not mounted: then nothing has gone, and nothing comes when it is back."""
    waits_for_it = event.change is FileChange.APPEARED and not event.is_of_folder and sight.place is Place.MISSING
    is_elsewhere = seen.device is not None and seen.device != sight.device
    return bool(seen.place is Place.FOLDER and seen.files and is_elsewhere and not sight.files and not waits_for_it)


def _without_gone(event: FileEvent, seen: Seen, sight: Sight) -> Seen:
    """What is gone is new when it comes back; but what is waited to change is the same as before, and so is what comes
    back with its folder as it was."""
    is_missing = sight.place is Place.MISSING
    if event.change is FileChange.QUIET or (event.change is FileChange.CHANGED and is_missing):
        return seen
    if is_missing:
        return _as(seen, seen.files if event.is_of_folder else {}, sight, Place.MISSING)
    is_back = seen.place is Place.MISSING
    gone = {
        name
        for name, known in seen.files.items()
        if (known.differs_from(sight.files[name]) and is_back if name in sight.files else not _is_unread(name, sight))
    }
    left = {name: each for name, each in seen.files.items() if name not in gone} if gone else seen.files
    return _as(seen, left, sight, seen.place)


def _with_told(event: FileEvent, seen: Seen, sight: Sight, told: list[str]) -> Seen:
    if sight.place is Place.MISSING:
        return seen
    if event.change is FileChange.QUIET or _has_come(event, seen, sight):
        return _as(seen, sight.files, sight, sight.place) if told else _as(seen, seen.files, sight, seen.place)
    new = {name: sight.files[name] for name in told}
    return _as(seen, {**seen.files, **new} if new else seen.files, sight, sight.place)


def _as(seen: Seen, files: Mapping[str, FileStamp], sight: Sight, place: Place) -> Seen:
    """The very same where it is the same: nothing is to be written."""
    is_same = files is seen.files and (place, sight.device) == (seen.place, seen.device)
    return seen if is_same else Seen(place, files, sight.device)


def _is_unread(name: str, sight: Sight) -> bool:
    return any(name.startswith(folder) for folder in sight.unread)
