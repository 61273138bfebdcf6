"""The next times of a draft, one below another, and every change of the clock among them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from smartspec.formatting import format_day, format_month
from smartspec.gui.pages.schedules.editor.reading import DraftPreview
from smartspec.gui.style.formatting import duration
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, column, frame, restyle
from smartspec.gui.widgets.schedules.due_lines import change_card
from smartspec.gui.widgets.schedules.words import until
from smartspec.messages import tr, translate, trn

FIRST, ALL = 5, 25
_NEAR = timedelta(hours=2)  # times that follow one another so closely are told from one another
_HIGHEST = 28


class DueList(QWidget):
    """The first five, and twenty more where they are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self._found: DraftPreview | None = None
        self._is_long = False
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        self.more = button("", "link", then=self._swap_length)
        self.setLayout(column(self._lines, self.more, spacing=6))
        self.layout().setAlignment(self.more, Qt.AlignmentFlag.AlignLeft)  # type: ignore[union-attr]
        self.more.hide()

    def show_preview(self, found: DraftPreview) -> None:
        self._found = found
        self._show_lines()

    def _swap_length(self) -> None:
        self._is_long = not self._is_long
        self._show_lines()
        self.more.setFocus()

    def _show_lines(self) -> None:
        clear_layout(self._lines)
        found = self._found
        times = found.upcoming.times if found is not None else ()
        shown = times if self._is_long else times[:FIRST]
        rest = len(times) - FIRST
        self.more.setVisible(rest > 0)
        self.more.setText(tr("Fewer") if self._is_long else trn("{n} more", "{n} more", rest))
        if found is None:
            return
        lines: list[tuple[datetime, QWidget]] = [
            (at, self._line(found, number)) for number, at in enumerate(shown)
        ]  # fmt: skip
        last = shown[-1] if shown else None
        until_then = max(last, found.now + timedelta(days=7)) if last is not None else found.now
        near = (each for each in found.upcoming.changes if each.change.at <= until_then)
        lines += [(each.change.at, change_card(each)) for each in near]
        for _at, widget in sorted(lines, key=lambda line: line[0]):
            self._lines.addWidget(widget)

    def _line(self, found: DraftPreview, number: int) -> QWidget:
        at, is_next = found.upcoming.times[number], number == 0
        made = frame("next" if is_next else "plain")
        made.setMinimumHeight(_HIGHEST if is_next else 0)
        day = tr("{day} {month}", day=translate(format_day(at)), month=translate(format_month(at)))
        clock = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
        told, is_odd = self._told(found, number)
        words = label(told, "strong" if is_odd else "small")
        if is_odd:
            restyle(words, tone="warn")
        grid = QGridLayout(made)
        grid.setContentsMargins(8, 3, 8, 3)
        grid.setHorizontalSpacing(10)
        grid.setColumnMinimumWidth(0, 92)
        grid.setColumnStretch(3, 1)
        parts = (label(day, "heading" if is_next else ""), label(clock, "heading" if is_next else "name"),
                 label(_offset(at), "caption"))  # fmt: skip
        for place, each in enumerate(parts):
            grid.addWidget(each, 0, place)
        grid.addWidget(words, 0, len(parts), Qt.AlignmentFlag.AlignRight)
        return made

    def _told(self, found: DraftPreview, number: int) -> tuple[str, bool]:
        """How long until then, or since the one before it; and whether that is not as a person would expect."""
        times = found.upcoming.times
        if number in found.left_out:
            return tr("left out: {days}", days=found.left_out[number]), True
        gap = times[number] - times[number - 1]
        if number == 0 or gap > _NEAR:
            return until(times[number], found.now), False
        usual = max(each for each in (after - before for before, after in pairwise(times)) if each <= _NEAR)
        words = duration(int(gap.total_seconds() * 1000))
        if gap < usual and any(each.fixes for each in found.check.warnings):
            return tr("only {duration} later", duration=words), True
        return tr("{duration} later", duration=words), False


def _offset(at: datetime) -> str:
    written = f"{at:%z}"
    return f"{written[:3]}:{written[3:5]}"
