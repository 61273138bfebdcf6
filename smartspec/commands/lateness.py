"""From when on an execution of a workflow is late, for whoever shows what runs."""

from __future__ import annotations

from collections.abc import Iterable

from smartspec.commands import alert_breaches
from smartspec.domain.alert.rules import may_take_ms
from smartspec.domain.ids import WorkflowPk
from smartspec.store import metrics, workflow_rules
from smartspec.value import frozen


@frozen
class Lateness:
    """`usual_ms` is the median, None where nothing has completed."""

    usual_ms: int | None
    late_after_ms: int


def lateness_of(workflows: Iterable[WorkflowPk]) -> dict[WorkflowPk, Lateness]:
    """As the alerts have it: by what a workflow says, what is usual, or the setting."""
    limits, found = alert_breaches.limits(), {}
    for each in workflows:
        usual = metrics.usual(each)
        found[each] = Lateness(usual.median_ms, may_take_ms(usual, workflow_rules.get(each), limits))
    return found
