"""What is worth knowing, out of this ledger: at most three things, and the starts of a day by hour."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec.commands.schedule_drafts import ScheduleDraft
from smartspec.commands.schedule_insights import ScheduleInsights
from smartspec.domain.schedule.cron_choices import written_time
from smartspec.domain.schedule.policy import Overlap
from smartspec.formatting import format_day, format_duration, format_month
from smartspec.gui.pages.schedules.editor.hour_chart import HourChart
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, line, row
from smartspec.messages import Message, _, _n, listed, tr, translate, trn
from smartspec.value import frozen

_MOST, _MOST_NAMES = 3, 3
_TOO_SOON = {
    Overlap.SKIP: _("The next comes before that, and is skipped."),
    Overlap.QUEUE: _("The next comes before that, and waits for it."),
    Overlap.ALLOW: _("The next comes before that, and runs beside it."),
    Overlap.REPLACE: _("The next comes before that, and replaces it."),
}


@frozen
class Remark:
    """One thing worth knowing; `takes` is a time of day (hour, minute) that would be better."""

    icon: str
    headline: str
    meaning: str
    takes: tuple[int, int] | None = None


class WorthKnowing(QWidget):
    """`time_taken` carries the hour and minute that a person took."""

    time_taken = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(8)
        self._heading = label(tr("Worth knowing"), "heading")
        self._remarks = QWidget()
        self._remarks.setLayout(column(line(), self._heading, self._lines, spacing=8))
        self._of, self._all = Elided("small"), label("", "small")
        head = row(self._of, self._all)
        head.setStretch(0, 1)
        self.chart = HourChart()
        self.setLayout(column(self._remarks, line(), head, self.chart, spacing=10, margins=(8, 0, 8, 0)))
        self.hide()

    def show_insights(self, found: ScheduleInsights, draft: ScheduleDraft, *, can_take: bool) -> None:
        """`can_take`: another time of day can be chosen in its place."""
        clear_layout(self._lines)
        remarks = [*remarks_of(found, draft, can_take=can_take)][:_MOST]
        self._remarks.setVisible(bool(remarks))
        for each in remarks:
            self._lines.addWidget(self._made(each))
        day = tr("{day} {month}", day=translate(format_day(found.day)), month=translate(format_month(found.day)))
        self._of.setText(tr("Starts per hour on {day}", day=day))
        count = found.schedules + 1
        self._all.setText(trn("{n} schedule", "all {n} schedules", count))
        self.chart.show_insights(found)
        self.show()

    def _made(self, remark: Remark) -> QWidget:
        made = QWidget()
        words = column(wrapped(remark.headline, "strong"), wrapped(remark.meaning, "small"), spacing=1)
        parts = row(Icon(remark.icon, "text2", 14), words, spacing=8)
        parts.setStretch(1, 1)
        if remark.takes is not None:
            hour, minute = remark.takes
            take = button(tr("Take {time}", time=written_time(remark.takes)), "link")
            take.clicked.connect(lambda: self.time_taken.emit(hour, minute))
            parts.addWidget(take)
        made.setLayout(parts)
        return made


def remarks_of(found: ScheduleInsights, draft: ScheduleDraft, *, can_take: bool) -> Iterator[Remark]:
    """What concerns most first."""
    if found.on_battery:
        headline = _n("On battery at {n} of its last {of} due times", "On battery at {n} of its last {of} due times",
                      found.on_battery, of=found.looked_at)  # fmt: skip
        yield Remark("lightning", translate(headline), tr("It did not start then."))
    if found.beside:
        yield _beside(found, can_take)
    if found.most_ms is not None and found.gap_ms is not None and found.most_ms > found.gap_ms:
        words = {"usual": format_duration(found.usual_ms), "most": format_duration(found.most_ms)}
        headline = _("It takes {usual}, 95 % within {most}", **words)
        yield Remark("timer", translate(headline), translate(_TOO_SOON[draft.overlap]))


def _beside(found: ScheduleInsights, can_take: bool) -> Remark:
    names: list[str] = [*found.beside[:_MOST_NAMES]]
    if rest := len(found.beside) - len(names):
        names.append(_n("{n} more", "{n} more", rest))
    others = _n(
        "Another one starts in that minute: {names}", "{n} others start in that minute: {names}", len(found.beside),
        names=listed(names),
    )  # fmt: skip
    at_once = len(found.beside) + 1
    places: Message = _("{n} of {places} places", n=min(at_once, found.places), places=found.places)
    if at_once > found.places:
        places = _n("{n} of them waits for a place.", "{n} of them wait for a place.", at_once - found.places)
    free = divmod(found.free, 60) if found.free is not None else None
    if free is None or not can_take:
        return Remark("stack", translate(others), translate(places))
    alone = tr("{places}; {time} would be alone.", places=translate(places).rstrip("."), time=written_time(free))
    return Remark("stack", translate(others), alone, free)
