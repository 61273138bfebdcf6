"""What a simulation comes to, in six figures."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from smartspec.commands.schedule_forecasts import ScheduleForecast
from smartspec.domain.schedule.simulated_findings import FindingKind, day_text
from smartspec.gui.style.formatting import duration, number
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import column, restyle, row
from smartspec.messages import tr, translate, trn


class Figures(QWidget):
    """What a person should look at is in amber."""

    def __init__(self) -> None:
        super().__init__()
        names = (
            tr("Starts"), tr("Run time"), tr("Most at once"), tr("Overlaps"), tr("Caught up after sleep"),
            tr("Change of the clock"),
        )  # fmt: skip
        self.values = [label("", "strong") for _ in names]
        pairs = (column(_name(name), value, spacing=2) for name, value in zip(names, self.values, strict=True))
        whole = row(*pairs, margins=(20, 8, 20, 8), spacing=24)
        for at in range(whole.count()):
            whole.setStretch(at, 1)
        self.setLayout(whole)

    def show_forecast(self, found: ScheduleForecast) -> None:
        sums, limit = found.sums, found.simulation.places
        run_time = duration(round(sums.run_time.total_seconds() * 1000))
        most = tr("{n}, limit {limit}", n=number(sums.most_at_once), limit=number(limit))
        caught_up = trn("{n} due time, {starts}", "{n} due times, {starts}", sums.slept_over,
                        starts=trn("{n} start", "{n} starts", sums.caught_up))  # fmt: skip
        if found.request.sleep is None:
            caught_up = tr("never asleep")
        changes = [each for each in found.findings if each.kind is FindingKind.CLOCK]
        first = changes[0].day if changes else None
        clock = tr("{n}, {day}", n=number(len(changes)), day=translate(day_text(first))) if first else tr("none")
        shown = (
            (number(sums.starts), False), (run_time, False), (most, sums.most_at_once > limit),
            (number(sums.overlaps), bool(sums.overlaps)), (caught_up, False), (clock, bool(changes)),
        )  # fmt: skip
        for value, (text, is_notable) in zip(self.values, shown, strict=True):
            _show(value, text, is_notable)


def _name(text: str) -> Elided:
    made = Elided("small")
    made.setText(text)
    return made


def _show(value: QLabel, text: str, is_notable: bool) -> None:
    value.setText(text)
    restyle(value, role="notable" if is_notable else "strong")
