"""The schedules of a ledger that was restored over another: they go on from now."""

from __future__ import annotations

from collections.abc import Iterable

from smartspec.commands import schedules as commands
from smartspec.domain.ids import SchedulePk
from smartspec.errors import SmartSpecError
from smartspec.store import firings, schedules


def resume(keys: Iterable[int]) -> int:
    """What came since the backup was started by the ledger that is set aside. The answer is how many stay paused.

    Those are the ones of which something was decided and not started by then (it may have been started since), and
    those that do not come any more.
    """
    return sum(not _resumed(SchedulePk(each)) for each in keys)


def _resumed(pk: SchedulePk) -> bool:
    if firings.has_waiting(pk):
        return False
    try:
        commands.resume_schedule(schedules.get(pk).id)
    except SmartSpecError:
        return False
    return True
