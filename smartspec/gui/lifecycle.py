"""Opening, leaving and closing the database, on the threads of the commands."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Literal

How = Literal["work", "look", "new"]  # a ledger is opened
PAINTED_MS, PAINTED_CHECKS = 5, 40  # how often, and how many times at most, it is looked whether the window shows
_LATEST_S = PAINTED_MS * PAINTED_CHECKS / 1000


def open_database(
    file: Path, how: How, with_samples: bool, is_shown: Event, is_open: Event
) -> tuple[str, ...]:  # fmt: skip
    """The answer is what a person should know of it, in sentences."""
    is_shown.wait(_LATEST_S)  # two threads that import hold one another up
    try:
        from smartspec.commands import database

        if how == "new":
            database.new_database(file)
        notices = database.open_to_look(file) if how == "look" else database.open_database(file)
    finally:
        is_open.set()
    if with_samples:
        from smartspec.commands import samples

        samples.make_samples()
    return notices


def read_language() -> str:
    from smartspec.commands import settings

    return settings.saved_language()


def leave_database() -> None:
    from smartspec.commands import database

    database.close_connection()


def close_database() -> None:
    from smartspec.commands import database

    database.close_database()


def forget_database() -> None:
    from smartspec.commands import database

    database.forget_database()


def recover_executions(file: Path) -> None:
    """What a gone runner left behind is noted, and goes on where that is wanted; schedules are served from now on."""
    from smartspec.commands import firing, runners
    from smartspec.runner import background as runner

    runner.check_gone_runners(file)
    if runners.has_pending() or firing.any_active():
        runner.ensure(file)


def cancel_all(workspace: str) -> None:
    from smartspec.commands import control, executions
    from smartspec.domain.engine.states import ACTIVE
    from smartspec.domain.search.filters import ExecutionFilter

    for each in executions.list_executions(ExecutionFilter(status=ACTIVE), limit=1_000, workspace=workspace).rows:
        control.cancel_execution(each.id, workspace)
