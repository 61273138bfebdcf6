"""What is written in the editor and not saved yet: kept by itself, whatever is shown meanwhile."""

from __future__ import annotations

from smartspec.commands.schedule_drafts import ScheduleDraft
from smartspec.domain.jsontext import as_mapping
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.gui.core.ui_state import UiState
from smartspec.value import field_names

_KEPT_AS = "schedules.unsaved"
_LISTS = ("blackouts", "calendars", "variables")
_KINDS = {"trigger_type": TriggerType, "misfire": Misfire, "overlap": Overlap}


class KeptDrafts:
    """Until it is saved or cancelled, also over the end of the program. `row_version` is that of the schedule which was
    looked at."""

    def __init__(self, ui_state: UiState, workspace: str) -> None:
        self._ui_state, self._workspace = ui_state, workspace

    def slot(self, schedule: str, workflow: str) -> str:
        """What it is kept by: a new one by the workspace, or by the workflow that it was asked for."""
        return schedule or f"new in {self._workspace} {workflow}".strip()

    @property
    def _of_all(self) -> dict[str, object]:
        kept: dict[str, object] = self._ui_state.get(_KEPT_AS, {})
        return kept

    def of(self, slot: str) -> tuple[ScheduleDraft, ScheduleDraft, int] | None:
        """What is written, what it was written over, and the row_version of that."""
        kept = as_mapping(self._of_all.get(slot))
        mine, before = _read(kept.get("mine")), _read(kept.get("before"))
        row_version = kept.get("row_version")
        if mine is None or before is None or not isinstance(row_version, int):
            return None
        return mine, before, row_version

    def keep(self, slot: str, mine: ScheduleDraft | None, before: ScheduleDraft, row_version: int) -> None:
        """None: nothing is to be kept any more."""
        others = {each: kept for each, kept in self._of_all.items() if each != slot}
        own = {} if mine is None else {
            slot: {"mine": _written(mine), "before": _written(before), "row_version": row_version}
        }  # fmt: skip
        self._ui_state.keep(_KEPT_AS, {**others, **own})


def _written(draft: ScheduleDraft) -> dict[str, object]:
    values = {name: getattr(draft, name) for name in field_names(ScheduleDraft)}
    return {name: list(value) if name in _LISTS else value for name, value in values.items()}


def _read(kept: object) -> ScheduleDraft | None:
    """None for what another version of the program has written otherwise."""
    known = {key: value for key, value in as_mapping(kept).items() if key in field_names(ScheduleDraft)}
    if not known:
        return None
    values: dict[str, object] = {**known}
    try:
        values |= {name: kind(str(known[name])) for name, kind in _KINDS.items() if name in known}
        values |= {name: tuple(known[name]) for name in _LISTS if isinstance(known.get(name), list)}  # type: ignore[arg-type]
        return ScheduleDraft(**values)  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return None
