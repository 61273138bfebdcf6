"""What can go wrong in a way that a user can act on: one sentence, one exit code.

SmartSpecError            1
├── Invalid               2   carries every problem at once
├── StorageError          3   DatabaseEncrypted and DatabaseDamaged 65, DatabaseMissing 66,
│                             DatabaseTooNew and DatabaseForeign 78
├── NotFound              4
├── Conflict              5
├── RunError              6
├── NoKeyring             7   this machine keeps no secrets; KeyringLocked
└── Stopped             130   whoever asked for it does not want it any more
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, cast

from smartspec.messages import Message, _, join
from smartspec.value import frozen

_SEVERITIES = {"error": _("error"), "warning": _("warning")}


@frozen
class Problem:
    """One thing that is wrong with a text: where (line and column count from 1) and what."""

    path: str
    sentence: str
    line: int | None = None
    column: int | None = None
    severity: Literal["error", "warning"] = "error"

    @property
    def as_line(self) -> Message:
        """On one line, to be shown: `3:5: error: tasks[0]: …`."""
        place = [f"{self.line}:{self.column}"] if self.line else []
        where = [self.path] if self.path else []
        return join(": ", [*place, _SEVERITIES[self.severity], *where, self.sentence])

    def __str__(self) -> str:
        return str(self.as_line)


class SmartSpecError(Exception):
    """Failed in a way that a user can act on; `sentence` says it, to be shown by `messages.translate`.

    As a `str` it is English.
    """

    exit_code = 1

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)

    @property
    def sentence(self) -> str:
        return cast("str", self.args[0])


class Invalid(SmartSpecError):
    """What was given does not hold up."""

    exit_code = 2

    def __init__(self, sentence: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(sentence)
        self.problems = tuple(problems) or (Problem("", sentence),)


class StorageError(SmartSpecError):
    """The database could not do it."""

    exit_code = 3


class ConnectionFailed(StorageError):
    """The file or its folder cannot be opened."""


class MigrationFailed(StorageError):
    """The schema could not be brought up to date; the file is as it was."""


class QueryFailed(StorageError):
    """A statement failed for a reason of its own."""


class TransactionFailed(StorageError):
    """A write could not be begun or committed; nothing of it was kept."""


class DatabaseGone(TransactionFailed):
    """The file that is open stands no longer in its place; it may come back."""


class DatabaseReplaced(StorageError):
    """Another file stands in the place of the one that is open: what runs cannot be recorded there."""


class DiskFull(StorageError):
    """There is no room to write."""


class ReadOnly(StorageError):
    """The database may be read but not written."""


class DatabaseDamaged(StorageError):
    """What is in the file contradicts itself; a backup or a repair is the way out."""

    exit_code = 65


class DatabaseEncrypted(StorageError):
    """Not a database that can be read: encrypted, or another kind of file."""

    exit_code = 65


class DatabaseMissing(StorageError):
    """There is none where there was one; it is not made anew without being asked for."""

    exit_code = 66


class DatabaseTooNew(StorageError):
    """A later release made the file, and this one does not know its tables."""

    exit_code = 78


class DatabaseForeign(StorageError):
    """A database of another program."""

    exit_code = 78


class NotFound(SmartSpecError):
    """What was named is not there: below, what it is; by itself, a file."""

    exit_code = 4


class WorkspaceNotFound(NotFound):
    pass


class WorkflowNotFound(NotFound):
    pass


class VersionNotFound(NotFound):
    pass


class ConfigNotFound(NotFound):
    pass


class ExecutionNotFound(NotFound):
    pass


class TaskNotFound(NotFound):
    pass


class ScheduleNotFound(NotFound):
    pass


class AlertNotFound(NotFound):
    pass


class Conflict(SmartSpecError):
    """It clashes with what is there: a name that is taken, an edit made meanwhile."""

    exit_code = 5


class InvalidTransition(Conflict):
    """A status cannot follow another."""


class TwoFiles(Conflict):
    """A file gives itself the name of a workflow that comes from another file; both are there."""

    def __init__(self, ref: str, old: Path, new: Path) -> None:
        super().__init__(
            _(
                "“{name}” comes from {old}, and {new} has the same name. To have both, give this one another name:"
                " --name NAME. If the workflow lives here from now on: --move.",
                name=ref,
                old=old,
                new=new,
            )
        )
        self.ref, self.old, self.new = ref, old, new


class RunError(SmartSpecError):
    """A command could not be started; `reason` is the code before the colon of a status reason."""

    exit_code = 6


class NoKeyring(SmartSpecError):
    """There is nobody on this machine who keeps secrets, or they refuse to."""

    exit_code = 7


class KeyringLocked(NoKeyring):
    """It waits for somebody to unlock it, and nobody is asked: the process is one that works while nobody looks."""

    def __init__(self) -> None:
        super().__init__(_("The keyring of this machine is locked; unlock it and try again."))


class Stopped(SmartSpecError):
    """Whoever asked for it does not want it any more; it left nothing behind."""

    exit_code = 130


def unwritable(path: Path, error: OSError) -> Invalid:
    """What to say where a person named a file that cannot be written."""
    return Invalid(_("{path} cannot be written: {why}.", path=path, why=reason(error)))


def reason(error: OSError) -> str:
    """What the system says of it, to stand in a sentence."""
    return (error.strerror or str(error)).lower()
