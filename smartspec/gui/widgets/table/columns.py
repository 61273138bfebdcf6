"""The columns of a table of executions, each declared once: table, its menu, what is copied and painted read it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.gui.style.formatting import ago, duration, exact, usual_end
from smartspec.gui.style.status import execution_style, trigger
from smartspec.gui.widgets.labels import plain_tip
from smartspec.gui.widgets.table import cells
from smartspec.gui.widgets.table.row_facts import RowFacts
from smartspec.messages import _
from smartspec.value import frozen


@frozen
class ColumnSpec:
    """`width` in px, 0 for the rest of the row; in a narrow window `narrow_width`. Where the rest is too short the
    columns that `gives_way` are left out, 1 first.

    Without `paint` the text is painted as it is. `is_sorted`: a click on the heading shows the table from the other
    end, for an index has this order. `is_needed`: it cannot be hidden. `is_live`: painted anew while it runs.
    """

    name: str
    heading: str
    text: Callable[[Execution, RowFacts], str]
    width: int = 0
    narrow_width: int = 0
    gives_way: int = 0
    paint: Callable[[QPainter, QRectF, Execution, RowFacts], None] | None = None
    tip: Callable[[Execution, RowFacts], str] | None = None
    is_right: bool = False
    is_sorted: bool = False
    is_needed: bool = False
    is_live: bool = False


def _started(execution: Execution, facts: RowFacts) -> str:
    return ago(execution.started_at or execution.created_at, times.now())


def _version(execution: Execution, facts: RowFacts) -> str:
    return f"v{execution.workflow_version}" if execution.workflow_version else ""


def _duration_tip(execution: Execution, facts: RowFacts) -> str:
    return "\n".join(filter(None, (duration(execution.duration_ms), usual_end(facts.usual))))


COLUMNS = (
    ColumnSpec(
        "status", _("Status"), lambda each, facts: execution_style(each).word, 130, paint=cells.paint_status,
        tip=lambda each, facts: plain_tip(each.note or ""), is_needed=True, is_live=True,
    ),
    ColumnSpec("number", _("No."), lambda each, facts: f"#{each.number:,}", 72, is_right=True, is_sorted=True),
    ColumnSpec(
        "workflow", _("Workflow"), lambda each, facts: each.workflow_name, 182, 150, paint=cells.paint_workflow,
        tip=lambda each, facts: plain_tip(each.workflow_name),
    ),
    ColumnSpec(
        "trigger", _("Trigger"), lambda each, facts: trigger(each.trigger)[0], 104, 96, gives_way=2,
        paint=cells.paint_trigger,
    ),
    ColumnSpec("version", _("Version"), _version, 64, gives_way=1),
    ColumnSpec(
        "started", _("Started"), _started, 132, 128, is_sorted=True,
        tip=lambda each, facts: f"{_started(each, facts)}\n{exact(each.started_at or each.created_at)}",
    ),
    ColumnSpec(
        "duration", _("Duration"), lambda each, facts: duration(cells.running_ms(each)), 158, 82, is_live=True,
        paint=cells.paint_duration, tip=_duration_tip,
    ),  # narrow: its bar gives way to the result
    ColumnSpec(
        "result", _("Result"), cells.result_text, paint=cells.paint_result,
        tip=lambda each, facts: plain_tip(cells.result_text(each, facts)),
        is_needed=True,
    ),
)  # fmt: skip
SORTED_BY_TIME = "started"  # its heading has the arrow
