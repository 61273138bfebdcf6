"""Writing as one unit, announced once it is committed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from smartspec import changes
from smartspec.changes import Change, Key, KeyedTopic
from smartspec.store.database import sqlite
from smartspec.store.database.connection import check_file, database, in_transaction, note_journal, state
from smartspec.store.database.queries import translated


@contextmanager
def transaction() -> Iterator[None]:
    """Write as one unit; what it changed is announced once it is committed. Raises StorageError."""
    if in_transaction():  # joined: the outermost block commits and announces
        yield
        return
    with state.writing:
        check_file()
        try:
            connection = database.connection()
            connection.execute("BEGIN IMMEDIATE")
            note_journal()
            state.local.written, state.local.then = defaultdict(set), []
            yield
            connection.execute("COMMIT")
        except sqlite.LIBRARY_ERRORS as error:
            _roll_back()
            raise translated(error) from error
        except BaseException:
            _roll_back()
            raise
        finally:
            written, state.local.written = getattr(state.local, "written", None) or {}, None
    for act in state.local.then:
        act()
    changes.publish(Change(topic, frozenset(ids)) for topic, ids in written.items())


def _roll_back() -> None:
    if not database.is_closed() and (connection := database.connection()).in_transaction:
        connection.execute("ROLLBACK")


def after_commit(act: Callable[[], object]) -> None:
    """Do this once the transaction that is open is committed; never, where it is not."""
    state.local.then.append(act)


def record_change(topic: KeyedTopic[Key], pk: Key) -> None:
    """Note, inside a transaction, that something of this topic was written; the key is the one that the topic says."""
    state.local.written[topic].add(pk)


def record_changes(topic: KeyedTopic[Key], pks: Iterable[Key]) -> None:
    """As `record_change`, of many rows."""
    state.local.written[topic].update(pks)
