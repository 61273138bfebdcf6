"""How the cells of a table of executions are painted that are more than a text."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from smartspec.domain import times
from smartspec.domain.execution import Execution
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.style.formatting import duration
from smartspec.gui.style.status import execution_style, result, trigger
from smartspec.gui.widgets.table.row_facts import RowFacts

_LOUD = frozenset({"running", "failed", "timeout", "interrupted", "paused", "retrying"})
_BAR_SCALE = 2.75  # a full bar is this many times the workflow's 95 % value


def running_ms(execution: Execution) -> int | None:
    """How long it took, or has taken so far; in milliseconds."""
    if execution.status == "running" and execution.started_at is not None:
        return times.elapsed_ms(execution.started_at, times.now())
    return execution.duration_ms


def result_text(execution: Execution, facts: RowFacts) -> str:
    """Of a replay whether it came to the same; where it failed, that comes first."""
    told = result(execution)
    if not facts.verdict or execution.status == "completed":
        return facts.verdict or told
    return f"{told} · {facts.verdict}"


def paint_text(
    painter: QPainter, rect: QRectF, text: str, *, colour: str = "text2", is_right: bool = False
) -> None:  # fmt: skip
    alignment = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    painting.text(painter, rect.adjusted(8, 0, -8, 0), text, colour, theme.font(), alignment)


def paint_status(painter: QPainter, rect: QRectF, execution: Execution, facts: RowFacts) -> None:
    """Icon and word; a pin or a note at the end. What is asked to end is paler."""
    shown = execution_style(execution)
    asked = execution.status == "running" and execution.requested is not None
    painter.setOpacity(0.6 if asked else 1)
    icon = QRectF(rect.left() + 12, rect.center().y() - 7, 14, 14)
    painting.status_icon(painter, icon, shown.icon, shown.colour)
    painter.setOpacity(1)
    loud = execution.status in _LOUD
    font = theme.font("body", 500 if loud else 400)
    right = -20 if execution.pinned or execution.note else -6
    painting.text(painter, rect.adjusted(33, 0, right, 0), shown.word, shown.colour if loud else "text2", font)
    if execution.pinned or execution.note:
        mark = QRectF(rect.right() - 18, rect.center().y() - 6, 12, 12)
        icons.paint(painter, mark, "push-pin-fill" if execution.pinned else "note-pencil", "text3")


def paint_workflow(painter: QPainter, rect: QRectF, execution: Execution, facts: RowFacts) -> None:
    _paint_icon(painter, rect, "tree-structure")
    font = theme.font("body", 500)
    painting.text(painter, rect.adjusted(28, 0, -8, 0), execution.workflow_name, "text", font)


def paint_trigger(painter: QPainter, rect: QRectF, execution: Execution, facts: RowFacts) -> None:
    word, icon = trigger(execution.trigger)
    _paint_icon(painter, rect, icon)
    painting.text(painter, rect.adjusted(28, 0, -8, 0), word, "text2", theme.font())


def paint_result(painter: QPainter, rect: QRectF, execution: Execution, facts: RowFacts) -> None:
    colour = "text" if execution.status in ("failed", "timeout") else "text2"
    painting.text(painter, rect.adjusted(8, 0, -8, 0), result_text(execution, facts), colour, theme.font("small"))


def paint_duration(painter: QPainter, rect: QRectF, execution: Execution, facts: RowFacts) -> None:
    """The text, and where there is room a bar: how long against the 95 % value, which has a mark."""
    ms = running_ms(execution)
    words = QRectF(rect.left() + 8, rect.top(), 58, rect.height())
    painting.text(painter, words, duration(ms), "text", theme.font(), Qt.AlignmentFlag.AlignRight)
    track = QRectF(rect.left() + 76, rect.center().y() - 3, min(68.0, rect.width() - 90), 6)
    if ms is None or track.width() < 20:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(track, 3, 3)
    _, p95 = facts.usual
    whole = _BAR_SCALE * (p95 or ms or 1)
    part = max(6.0, track.width() * min(1.0, ms / whole)) if whole else 6.0
    quiet = execution.status == "completed"
    painter.setBrush(theme.colour("outline" if quiet else execution.status.value))
    painter.drawRoundedRect(QRectF(track.left(), track.top(), part, 6), 3, 3)
    if p95:
        mark = track.left() + track.width() / _BAR_SCALE
        painter.fillRect(QRectF(mark, track.top() - 2, 1, 10), theme.colour("text2"))


def _paint_icon(painter: QPainter, rect: QRectF, icon: str) -> None:
    icons.paint(painter, QRectF(rect.left() + 8, rect.center().y() - 7, 14, 14), icon, "text2")
