"""Where the parts of a row stand, and how they are painted."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen

from smartspec.domain import times
from smartspec.domain.activity import Activity
from smartspec.gui.shell.now import words
from smartspec.gui.style import painting, theme
from smartspec.value import frozen

TEXT_LEFT, CONTROLS, LINE = 40, 206, 18
_TIMES, _BAR, _BAR_LEFT, _RING = 116, 190, 216, 14


@frozen
class RowShape:
    """`before` and `after` are what stands before the link and behind it; None where there is no room for a part."""

    title: QRectF | None = None
    times: QRectF | None = None
    task: QRectF | None = None
    before: QRectF | None = None
    link: QRectF | None = None
    after: QRectF | None = None
    bar: QRectF | None = None
    texts: tuple[str, str] = ("", "")


def shape_of(activity: Activity, room: QRectF, link: QSize) -> RowShape:
    """Within what the buttons leave."""
    top, left = (room.height() - 2 * LINE) / 2, TEXT_LEFT
    right = room.right() - _TIMES
    told = QRectF(right, top, _TIMES, 2 * LINE)
    lines = QRectF(left, top, max(0.0, right - left - 12), LINE)
    second = lines.translated(0, LINE)
    if not words.times_of(activity, times.now()).second:  # nothing stands at the right of it
        second.setRight(room.right())
    task = _width(activity.task, _mono())
    at = second.left() + (task + 6 if task else 0)
    before, behind = _around_link(activity)
    wide = min(_width(before, _small()), max(0.0, second.right() - at))
    first = QRectF(at, second.top(), wide, LINE)
    linked = None
    if activity.holder is not None or activity.setting:
        linked = QRectF(first.right() + (0 if not before else 2), second.top() - 2, link.width(), LINE + 2)
        linked = linked if linked.right() <= second.right() else None
    after_left = (linked.right() if linked else first.right()) + 3
    after = QRectF(after_left, second.top(), max(0.0, second.right() - after_left), LINE)
    return RowShape(
        lines, told, QRectF(second.left(), second.top(), min(task, second.width()), LINE), first, linked, after,
        _bar(activity, first, second), (before, behind),
    )  # fmt: skip


def _bar(activity: Activity, first: QRectF, second: QRectF) -> QRectF | None:
    if words.share(activity) is None:
        return None
    left = max(second.left() + _BAR_LEFT - TEXT_LEFT, first.right() + 12)
    bar = QRectF(left, second.center().y() - 3, min(_BAR, second.right() - left), 6)
    return bar if bar.width() >= 48 else None


def _ring(room: QRectF, told: words.Times) -> QRectF:
    """Before the time."""
    wide = _width(told.first, _bold())
    return QRectF(room.right() - wide - _RING - 6, room.top() + (LINE - _RING) / 2, _RING, _RING)


def _around_link(activity: Activity) -> tuple[str, str]:
    """The sentence in two, where it names who stands in the way."""
    told = words.second_line(activity)
    if activity.holder is None or activity.holder.label not in told:
        return told, ""
    before, _holder, behind = told.partition(activity.holder.label)
    return before.strip(), behind.strip()


def paint(painter: QPainter, shape: RowShape, activity: Activity, now: datetime, elsewhere: str) -> None:
    """`elsewhere` is its workspace, where that is not the one that is shown."""
    if shape.title is None or shape.times is None or shape.task is None or shape.before is None or shape.after is None:
        return
    icon, colour = words.ICONS[activity.cause]
    painting.status_icon(painter, QRectF(16, shape.title.top() + 1, 16, 16), icon, colour)
    _paint_title(painter, shape.title, activity, now, elsewhere)
    painting.text(painter, shape.task, activity.task, "text", _mono())
    painting.text(painter, shape.before, shape.texts[0], "text2", _small())
    painting.text(painter, shape.after, shape.texts[1], "text2", _small())
    told = words.times_of(activity, now)
    _paint_times(painter, shape.times, told)
    if shape.bar is not None:
        _paint_bar(painter, shape.bar, activity, now)
    if told.part is not None:
        _paint_ring(painter, _ring(shape.times, told), words.times_of(activity, times.now()).part or 0.0)


def _paint_title(painter: QPainter, rect: QRectF, activity: Activity, now: datetime, elsewhere: str) -> None:
    number = " · ".join(filter(None, (f"#{activity.number}", elsewhere)))
    late = words.times_usual(activity, now)
    tag = _width(late, _small()) + 14 if late else 0
    beside = _width(number, theme.font()) + 6
    name = min(_width(activity.workflow_name, _bold()), max(0.0, rect.width() - beside - tag))
    painting.text(painter, QRectF(rect.left(), rect.top(), name, LINE), activity.workflow_name, "text", _bold())
    left = rect.left() + name + 6
    painting.text(painter, QRectF(left, rect.top(), beside, LINE), number, "text2", theme.font())
    if late:
        ground = QRectF(left + beside + 4, rect.top(), tag - 2, LINE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("warn_soft"))
        painter.drawRoundedRect(ground, 4, 4)
        painting.text(painter, ground.adjusted(5, 0, -2, 0), late, "retrying", _small())


def _paint_times(painter: QPainter, rect: QRectF, told: words.Times) -> None:
    right = Qt.AlignmentFlag.AlignRight
    painting.text(painter, QRectF(rect.left(), rect.top(), rect.width(), LINE), told.first, told.colour, _bold(), right)
    below = QRectF(rect.left(), rect.top() + LINE, rect.width(), LINE)
    painting.text(painter, below, told.second, "text2", _small(), right)


def _paint_bar(painter: QPainter, rect: QRectF, activity: Activity, now: datetime) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("sunken"))
    painter.drawRoundedRect(rect, 3, 3)
    done = words.share(activity) or 0.0
    painter.setBrush(theme.colour("retrying" if words.times_usual(activity, now) else "running"))
    if done:
        painter.drawRoundedRect(QRectF(rect.left(), rect.top(), max(6.0, rect.width() * done), rect.height()), 3, 3)


def _paint_ring(painter: QPainter, rect: QRectF, part: float) -> None:
    """What is left of a delay."""
    inner = rect.adjusted(1, 1, -1, -1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.colour("line_strong"), 2))
    painter.drawEllipse(inner)
    painter.setPen(QPen(theme.colour("retrying"), 2))
    painter.drawArc(inner, 90 * 16, round(part * 360 * 16))


def _small() -> QFont:
    return theme.font("small")


def _bold() -> QFont:
    return theme.font("body", 600)


def _mono() -> QFont:
    return theme.font("small", mono=True)


def _width(text: str, font: QFont) -> float:
    return QFontMetrics(font).horizontalAdvance(text) + 1.0 if text else 0.0
