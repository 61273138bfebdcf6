"""The environment of an execution: that of whoever asked for it, kept until it has ended, noted without values."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from smartspec.commands import session_variables, settings
from smartspec.domain.config import SECRET_PREFIX
from smartspec.domain.definition.model import Definition
from smartspec.domain.definition.task import TaskKind
from smartspec.domain.engine.states import FINAL
from smartspec.domain.event import EventType, Level
from smartspec.domain.execution import Execution
from smartspec.domain.ids import ExecutionPk
from smartspec.domain.jsontext import Json, canonical
from smartspec.domain.text import replace_unstorable
from smartspec.store import database, environments, ephemeral_files, events, executions
from smartspec.value import frozen

# What tasks are given: not passed on by a SmartSpec that runs inside of one.
_GIVEN = frozenset({
    "SMARTSPEC_EXECUTION_ID", "SMARTSPEC_NUMBER", "SMARTSPEC_EXECUTION_NUMBER", "SMARTSPEC_TASK", "SMARTSPEC_ATTEMPT",
    "SMARTSPEC_ITEM", "SMARTSPEC_OUTPUT", "SMARTSPEC_SCRATCH", "SMARTSPEC_STATUS", "SMARTSPEC_ERROR",
    "SMARTSPEC_TOKEN",
})  # fmt: skip


def asking() -> dict[str, str]:
    """The environment of this process, with the variables that hold secrets, those of this session too."""
    return inherited() | session_variables.all_of()


def inherited() -> dict[str, str]:
    """The same without the secrets of this session, as other processes of the program are started."""
    return {name: value for name, value in os.environ.items() if name not in _GIVEN}


def home() -> str:
    """Where a workflow without a folder runs; the root where nobody knows the home of this user."""
    try:
        return str(Path.home())
    except RuntimeError:
        return str(Path(os.sep).resolve())


def for_tasks(environment: Mapping[str, str]) -> dict[str, str]:
    """What every process of a task gets of an environment: no secrets."""
    return {name: value for name, value in environment.items() if not name.startswith(SECRET_PREFIX)}


def interpreter(chosen: str, environment: Mapping[str, str]) -> str:
    """What runs `python:`: what was chosen in the settings, else what PATH finds, else our own."""
    return chosen or shutil.which("python3", path=environment.get("PATH", os.defpath)) or sys.executable


def interpreter_of(execution: Execution, definition: Definition, environment: Mapping[str, str]) -> str:
    """What runs the `python:` of an execution, which is noted; empty where it has none."""
    tasks = (*definition.tasks.values(), *definition.handlers.values())
    if not any(task.kind is TaskKind.PYTHON for task in tasks):
        return ""
    found = interpreter(settings.get_setting("runner.python"), environment)
    is_behind = os.path.realpath(found)
    shown = replace_unstorable(found if found == is_behind else f"{found} ({is_behind})") or ""
    if shown != execution.interpreter:
        environments.note_interpreter(execution.pk, shown)
    return found


# Noted


@frozen
class EnvironmentSummary:
    """An environment as it is noted: `body` is JSON without values, `digest` its hash."""

    digest: str
    body: str

    def note(self, execution: ExecutionPk) -> None:
        environments.note(execution, self.digest, self.body)


def summarize(environment: Mapping[str, str]) -> EnvironmentSummary:
    """PATH, the names of the variables with a hash of each value, the kernel."""
    described: dict[str, Json] = {
        "path": environment.get("PATH", ""),
        "variables": {
            name: environments.keyed_hash(name, os.fsencode(value))
            for name, value in environment.items()
            if not name.startswith("SMARTSPEC_")
        },
        "key": environments.key_name(),
        "kernel": _kernel(),
    }
    body = canonical(described).encode("utf-8", "replace").decode()
    return EnvironmentSummary(hashlib.sha256(body.encode()).hexdigest(), body)


@cache
def _kernel() -> str:
    return platform.platform()


def describe(execution: ExecutionPk) -> None:
    """Note what surrounds something that this process runs itself."""
    summarize(asking()).note(execution)
    note_room(execution)


def note_room(execution: ExecutionPk) -> None:
    """Note how much room is on the disk while it begins."""
    environments.note_room(execution, shutil.disk_usage(database.folder()).free)


# Kept


def _keep(execution: str, environment: Mapping[str, str]) -> None:
    """The secrets of this session apart from the rest: in memory, where the machine has files that are."""
    of_session = {name: value for name, value in environment.items() if name in session_variables.all_of()}
    rest = {name: value for name, value in environment.items() if name not in of_session}
    if of_session:
        ephemeral_files.write(execution, ephemeral_files.SECRETS, _written(of_session), volatile=True)
    ephemeral_files.write(execution, ephemeral_files.ENVIRONMENT, _written(rest))


def _keep_again(execution: str, environment: Mapping[str, str]) -> None:
    """Where its former end removed it just now, after it was kept for the next round."""
    if ephemeral_files.read(execution, ephemeral_files.ENVIRONMENT) is None:
        made = executions.by_id(execution)
        if made is not None and made.status not in FINAL:
            _keep(execution, environment)


@contextmanager
def kept(execution: str, more: Mapping[str, str] | None = None) -> Iterator[EnvironmentSummary]:
    """Keep the environment of this process for an execution that is made inside; where it is not, nothing stays.

    `more` are variables that hold instead of its own.
    """
    environment = asking() | {**(more or {})}
    found = summarize(environment)
    _keep(execution, environment)
    try:
        yield found
        if executions.by_id(execution) is None:  # whoever was to make it saw that it is not wanted any more
            ephemeral_files.remove(execution)
        else:
            _keep_again(execution, environment)
    except BaseException:
        made = executions.by_id(execution)
        if made is None or made.status in FINAL:
            ephemeral_files.remove(execution)
        raise


def of(execution: Execution) -> dict[str, str]:
    """The environment that an execution runs in, secrets included: its own, else that of its parent.

    Where it is not there any more (the database was restored, or is older than this), it is that of this process,
    which is then noted and said.
    """
    each: Execution | None = execution
    while each is not None:
        if (found := _read(ephemeral_files.read(each.id, ephemeral_files.ENVIRONMENT))) is not None:
            return found | (_read(ephemeral_files.read(each.id, ephemeral_files.SECRETS)) or {})
        each = executions.get(each.parent) if each.parent is not None else None
    return _instead(execution)


def _instead(execution: Execution) -> dict[str, str]:
    environment = asking()
    with database.transaction():
        summarize(environment).note(execution.pk)
        if execution.environment is not None:
            events.add(
                EventType.EXECUTION_WARNED, workflow=execution.workflow, execution=execution.pk, level=Level.WARN,
                message="The environment it was asked for in is not kept any more; it runs in that of its runner.",
            )  # fmt: skip
    return environment


def _written(environment: Mapping[str, str]) -> bytes:
    """NAME=VALUE, each ended by a NUL, and one more at the end; bytes as they are, in whatever encoding."""
    return b"".join(os.fsencode(f"{name}={value}") + b"\0" for name, value in environment.items()) + b"\0"


def _read(written: bytes | None) -> dict[str, str] | None:
    if written is None or not (written == b"\0" or written.endswith(b"\0\0")):
        return None
    pairs = (os.fsdecode(each).partition("=") for each in written[:-1].split(b"\0") if each)
    return {name: value for name, _, value in pairs}


def sweep() -> None:
    """Remove what is kept of executions that have ended, or were never made.

    What is young may be of one that is being made, or run again, at this moment.
    """
    for id_, is_old in ephemeral_files.all_of():
        found = executions.by_id(id_) if is_old else None
        if is_old and (found is None or found.status in FINAL):
            ephemeral_files.remove(id_)
