"""What several delegates draw: a status with its icon, bars of the last executions, a chip in text, focus."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextLayout, QTextOption

from smartspec.domain.invisible import escape_invisible
from smartspec.gui.style import icons, theme

TURN_SECONDS = 1.2
_ONE_LINE = int(Qt.AlignmentFlag.AlignVCenter) | int(Qt.TextFlag.TextSingleLine)
_FULL = 2.5  # a bar of this many medians is as high as any
Report = Callable[[QPainter, QRectF, str, bool], object]
_report: Report | None = None


def report_texts(report: Report | None) -> None:
    """From now on tell of each text that is painted: by whom, where, the text, and whether there was room for all."""
    global _report
    _report = report


def status_icon(painter: QPainter, rect: QRectF, icon: str, colour: str) -> None:
    """The icon of a status; that of what runs is an arc that turns."""
    if icon == "play-circle":
        arc(painter, rect, theme.colour("line_strong"), theme.colour(colour))
    else:
        icons.paint(painter, rect, icon, colour)


def arc(painter: QPainter, rect: QRectF, track: QColor, colour: QColor) -> None:
    """It turns with the clock, unless nothing is to turn."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = rect.adjusted(1.5, 1.5, -1.5, -1.5)
    painter.setPen(QPen(track, 2))
    painter.drawEllipse(inner)
    pen = QPen(colour, 2)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    turned = 0.0 if theme.is_still() else time.monotonic() % TURN_SECONDS / TURN_SECONDS
    start = 90 - turned * 360
    painter.drawArc(inner, round(start * 16), 250 * 16)
    painter.restore()


def sparkline(
    painter: QPainter, rect: QRectF, outcomes: Sequence[tuple[str, int | None]], *, width: float = 3, gap: float = 2
) -> None:
    """The last executions, oldest left: height is the duration, colour the outcome."""
    if not outcomes:
        return
    durations = sorted(ms or 0 for _, ms in outcomes)
    longest = min(durations[-1], _FULL * durations[len(durations) // 2]) or 1
    x = rect.right() - len(outcomes) * (width + gap) + gap
    painter.setPen(Qt.PenStyle.NoPen)
    for status, ms in outcomes:
        height = max(3.0, rect.height() * min(1.0, (ms or 0) / longest))
        painter.setBrush(outcome_colour(status))
        painter.drawRect(QRectF(x, rect.bottom() - height, width, height))
        x += width + gap


def outcome_colour(status: str) -> QColor:
    """Success is quiet."""
    made = theme.colour(status)
    if status == "completed":
        made.setAlphaF(0.6)
    return made


def text(
    painter: QPainter,
    rect: QRectF,
    words: str,
    colour: str,
    font: QFont,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> None:
    """One line, cut with … where there is no room; what cannot be seen in it is written out."""
    words = escape_invisible(words)
    painter.setFont(font)
    painter.setPen(theme.colour(colour))
    shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()))
    painter.drawText(rect, align.value | _ONE_LINE, shown)
    if _report is not None:
        _report(painter, rect, words, shown == words)


def marked(painter: QPainter, rect: QRectF, words: str, marks: Iterable[tuple[int, int]], font: QFont) -> float:
    """One line in which `marks` (from and length) stand out; of a long one the middle is left out, so that a number at
    its end is seen. The answer is its width.
    """
    words = escape_invisible(words)
    strong = QFont(font)
    strong.setWeight(QFont.Weight.DemiBold)
    shown = QFontMetrics(strong).elidedText(words, Qt.TextElideMode.ElideMiddle, int(rect.width()))
    same = len(words) if shown == words else shown.index("…")
    layout = QTextLayout(shown, font)
    layout.setTextOption(_from_the_left())
    layout.setFormats([_mark(start, length) for start, length in marks if start + length <= same])
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    painter.setPen(theme.colour("text"))
    layout.draw(painter, QPointF(rect.left(), rect.center().y() - line.height() / 2))
    if _report is not None:
        _report(painter, rect, words, shown == words)
    return line.naturalTextWidth()


def _from_the_left() -> QTextOption:
    made = QTextOption()
    made.setTextDirection(Qt.LayoutDirection.LeftToRight)
    made.setWrapMode(QTextOption.WrapMode.NoWrap)
    return made


def _mark(start: int, length: int) -> QTextLayout.FormatRange:
    made = QTextLayout.FormatRange()
    made.start, made.length = start, length
    made.format.setForeground(theme.colour("accent_text"))
    made.format.setFontWeight(QFont.Weight.DemiBold)
    return made


def paragraph(painter: QPainter, rect: QRectF, words: str, colour: str, font: QFont) -> None:
    """Lines, broken between words, from the top."""
    painter.setFont(font)
    painter.setPen(theme.colour(colour))
    painter.drawText(rect, int(Qt.TextFlag.TextWordWrap), words)
    if _report is not None:
        needed = painter.boundingRect(rect, int(Qt.TextFlag.TextWordWrap), words)
        _report(painter, rect, words, rect.adjusted(-1, -1, 1, 1).contains(needed))


def selection(painter: QPainter, rect: QRectF, *, selected: bool, hovered: bool, bar: bool, focused: bool) -> None:
    """The ground of a row: tint, the bar at its left edge, the ring of focus."""
    if selected:
        painter.fillRect(rect, theme.colour("accent_soft"))
    elif hovered:
        painter.fillRect(rect, theme.colour("hover"))
    if selected and theme.tokens().strong:
        painter.fillRect(QRectF(rect.left(), rect.top(), rect.width(), 2), theme.colour("accent"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), theme.colour("accent"))
    if selected and bar:
        painter.fillRect(QRectF(rect.left(), rect.top(), 3, rect.height()), theme.colour("accent"))
    if focused:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("focus"), 1))
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -1))


def plate(painter: QPainter, rect: QRectF, colour: str) -> None:
    """The rounded ground of an entry of a list that is chosen or below the mouse."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawRoundedRect(rect, 6, 6)


def hatch(painter: QPainter, rect: QRectF, colour: str) -> None:
    """A filled bar with stripes: an end that needs attention, for eyes that do not tell red from green."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(colour))
    painter.drawRoundedRect(rect, 3, 3)
    painter.save()
    painter.setClipRect(rect)
    pen = QPen(theme.colour("surface"), 1.2)
    painter.setPen(pen)
    painter.setOpacity(0.45)
    x = rect.left() - rect.height()
    while x < rect.right():
        painter.drawLine(QPointF(x, rect.bottom()), QPointF(x + rect.height(), rect.top()))
        x += 5
    painter.restore()
