"""A row is changed only as it was when somebody looked at it."""

from __future__ import annotations

from collections.abc import Mapping

from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict
from smartspec.messages import _
from smartspec.store.models.schedules import ScheduleRow
from smartspec.store.models.workflows import WorkflowRow


def change(
    model: type[WorkflowRow] | type[ScheduleRow], seen: Workflow | Schedule, values: Mapping[str, object]
) -> None:
    """Inside a transaction. Raises Conflict where it was changed meanwhile."""
    moved_on = max(times.now(), times.from_ms(times.to_ms(seen.updated_at) + 1))
    done = (
        model.update(**values, row_version=model.row_version + 1, updated_at=moved_on)
        .where(model.pk == seen.pk, model.row_version == seen.row_version)
        .execute()
    )
    if not done:
        raise Conflict(
            _("“{name}” was changed elsewhere meanwhile; look at it again, then repeat this.", name=seen.name)
        )
