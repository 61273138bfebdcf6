"""Nothing is to run for now: all executions and all schedules are paused at once, and exactly those go on again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

from smartspec.commands import control, schedules
from smartspec.commands.actor import user
from smartspec.commands.registry import command
from smartspec.domain import times
from smartspec.domain.engine.states import ExecutionStatus
from smartspec.domain.execution import Request
from smartspec.domain.jsontext import Json, JsonObject, as_list, as_mapping
from smartspec.domain.overview import Paused
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.errors import Conflict, Invalid, NotFound
from smartspec.store import active, executions, settings
from smartspec.store import schedules as schedule_rows
from smartspec.value import frozen

_KEY = "paused.everything"


@frozen
class Changed:
    """How many were paused, or go on."""

    executions: int
    schedules: int


@command
def pause_everything(reason: str | None = None) -> Changed:
    """Of all workspaces: what is on starts nothing, what runs pauses. What was paused before is left as it is."""
    stopped = _change_each(schedules.pause_schedule, (each.id for each in _on()))
    paused = [each.id for each in control.pause_all(reason)]
    if stopped or paused:
        before = as_mapping(settings.get(_KEY))
        kept: dict[str, Json] = {
            "by": user(), "at": times.to_ms(times.now()), "schedules": [*_ids(before, "schedules"), *stopped],
            "executions": [*_ids(before, "executions"), *paused],
        }  # fmt: skip
        settings.set_(_KEY, kept)
    return Changed(len(paused), len(stopped))


@command
def resume_everything() -> Changed:
    """What `pause_everything` paused, as far as it still is. A pause is not made up for."""
    kept = as_mapping(settings.get(_KEY))
    if not kept:
        return Changed(0, 0)
    going = _change_each(schedules.resume_schedule, _still_off(kept))
    resumed = _change_each(control.resume_execution, _still_paused(kept))
    settings.set_(_KEY, None)
    return Changed(len(resumed), len(going))


def everything_paused() -> tuple[Paused | None, bool]:
    """By whom, as long as nothing is on and nothing runs; and whether anything of it still is to be resumed."""
    kept = as_mapping(settings.get(_KEY))
    if not kept:
        return None, False
    can_resume = any(_still_off(kept)) or any(_still_paused(kept))
    if not can_resume or schedule_rows.any_active() or active.pausable():
        return None, can_resume
    return Paused(str(kept.get("by") or ""), times.from_ms(int(str(kept["at"])))), can_resume


def _on() -> Iterable[Schedule]:
    """What starts something by itself."""
    return (each for each in schedule_rows.active() if each.trigger_type != "manual")


def _ids(kept: JsonObject, of: str) -> list[str]:
    return [str(each) for each in as_list(kept.get(of))]


def _still_off(kept: JsonObject) -> Iterable[str]:
    found = (schedule_rows.by_id(each) for each in _ids(kept, "schedules"))
    return [
        each.id for each in found if each is not None and each.deleted_at is None
        and each.status is ScheduleStatus.PAUSED
    ]  # fmt: skip


def _still_paused(kept: JsonObject) -> Iterable[str]:
    for each in _ids(kept, "executions"):
        with suppress(NotFound):
            found = executions.by_id(each)
            is_paused = found is not None and (
                found.status is ExecutionStatus.PAUSED or found.requested is Request.PAUSE
            )
            if is_paused:
                yield each


def _change_each(change: Callable[[str], object], ids: Iterable[str]) -> list[str]:
    """Those that were changed: what somebody else changed or removed meanwhile is left as it is."""
    changed = []
    for each in ids:
        with suppress(Conflict, NotFound, Invalid):
            change(each)
            changed.append(each)
    return changed
