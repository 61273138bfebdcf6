"""Hearing of what other processes write: the database tells that something was committed, the events tell what."""

from smartspec import changes
from smartspec.store import database, events


class ChangePoller:
    """Belongs to one thread, which polls it outside of transactions; a poll without news costs microseconds."""

    def __init__(self) -> None:
        self._version = database.data_version()
        self._seen = events.newest()

    def poll(self) -> None:
        """Publish the changes of other processes since the last poll. Raises StorageError."""
        database.check_disk()
        version = database.data_version()
        if version != self._version:
            self._version = version
            self._seen, found = events.foreign_changes(self._seen)
            changes.publish(found)
