"""Which backups this program can take: as they were made, and of no newer one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from smartspec.errors import DatabaseDamaged, DatabaseTooNew, NotFound
from smartspec.messages import _
from smartspec.store import migrations
from smartspec.store.backup import backups
from smartspec.store.backup.backups import Backup
from smartspec.store.database import header, sidecars


def check(file: Path, each: Backup) -> None:
    """Raises DatabaseDamaged or DatabaseTooNew."""
    copy = backups.file_of(file, each)
    backups.check_copy(copy, each)
    header.check(copy, migrations.latest())


def newest_sound(file: Path, seen: Callable[[Backup, str], None]) -> Backup:
    """The newest one that is as it was made and can be taken; of those before it, it tells why not. Raises NotFound."""
    for each in backups.list_backups(file):
        if each.flawed:
            name = Path(each.path).name
            seen(each, _("The backup {name} is a copy from before a repair; it is taken only by its name.", name=name))
            continue
        try:
            check(file, each)
        except (DatabaseDamaged, DatabaseTooNew) as error:
            seen(each, error.sentence)
        else:
            return each
    raise NotFound(_("There is no sound backup of {file} in {backups}.", file=file, backups=sidecars.backups(file)))
