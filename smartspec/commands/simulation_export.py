"""A simulation as a file that other programs read: a line for each due time, or for several that are passed over."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from smartspec.commands import row_files
from smartspec.commands.result_json import to_json
from smartspec.commands.row_files import Row
from smartspec.commands.schedule_forecasts import ScheduleForecast, SimulatedLane
from smartspec.domain.schedule.firing import Firing

_COLUMNS = (
    "schedule", "workflow", "due_at", "until", "count", "decision", "reason", "begins_at", "ends_at", "is_estimated",
)  # fmt: skip


def export_forecast(path: Path, found: ScheduleForecast) -> int:
    """Write it by what the name ends in: .csv, .json or .jsonl; times in UTC. The answer is how many lines.

    Raises as `row_files.write_rows`.
    """
    return row_files.write_rows(path, _rows(found), _COLUMNS)


def _rows(found: ScheduleForecast) -> Iterator[Row]:
    for lane in found.lanes:
        if lane.number is not None:
            for firing in found.simulation.firings[lane.number]:
                yield _row(found, lane, firing)


def _row(found: ScheduleForecast, lane: SimulatedLane, firing: Firing) -> Row:
    assert lane.number is not None
    start = found.simulation.starts[firing.execution - 1] if firing.execution is not None else None
    return {
        "schedule": lane.schedule.name, "workflow": lane.workflow_name, "due_at": to_json(firing.scheduled_for),
        "until": to_json(firing.until), "count": firing.count,
        "decision": firing.decision.value, "reason": firing.reason or None,
        "begins_at": to_json(start.begins) if start else None,
        "ends_at": to_json(start.ends) if start else None,
        "is_estimated": found.schedules[lane.number].usual_ms is None,
    }  # fmt: skip
