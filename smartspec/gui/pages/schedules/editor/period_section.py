"""By whose clocks, from when to when, and how much later by chance."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QWidget

from smartspec.domain.schedule.rule import TriggerType
from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.pages.schedules.editor.moment_line import MomentLine
from smartspec.gui.pages.schedules.editor.zone_choice import ZoneChoice
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr

_ALWAYS, _BETWEEN = "always", "between"


class PeriodSection(QWidget):
    """`edited` after each change by a person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.zone = ZoneChoice()
        self.period = Choice(tr("From – to"))
        self.period.addItem(tr("now, without end"), _ALWAYS)
        self.period.addItem(tr("between dates"), _BETWEEN)
        self.jitter = QLineEdit()
        self.jitter.setAccessibleName(tr("Jitter"))
        self.jitter.setPlaceholderText(tr("none"))
        self.jitter.setToolTip(tr("Each start is up to so much later, by chance: many at once are spread."))
        self.jitter.setFixedWidth(84)
        self.most = QLineEdit()
        self.most.setAccessibleName(tr("At most an hour"))
        self.most.setPlaceholderText(tr("any"))
        self.most.setToolTip(tr("How many of its events start it within an hour; what comes beyond is left out."))
        self.most.setFixedWidth(64)
        self.start, self.end = MomentLine(tr("Start")), MomentLine(tr("End"))
        self._of_times, self._of_events = _pair(tr("Jitter"), self.jitter), _pair(tr("At most an hour"), self.most)
        first = _flowing(self.zone, _pair(tr("From – to"), self.period), self._of_times, self._of_events)
        self._to = label(tr("to"), "secondary")
        second = _flowing(self.start, self._to, self.end, label(tr("by the clock of the zone"), "caption"))
        self._between = FormRow(tr("From – to"), second, self.start)
        self.rows = {"timezone": FormRow(tr("Zone"), first, self.zone), "start": self._between, "end": self._between}
        self.setLayout(column(self.rows["timezone"], self._between, spacing=8))
        self._between.hide()
        self.zone.currentTextChanged.connect(lambda _text: self.edited.emit())
        self.period.activated.connect(lambda _index: self._on_period())
        for line in (self.start, self.end):
            line.textChanged.connect(lambda _text: self.edited.emit())
        for number in (self.jitter, self.most):
            number.textEdited.connect(lambda _text: self.edited.emit())
        self.show_kind(TriggerType.CRON)

    def show_kind(self, kind: TriggerType) -> None:
        """What has times is spread by its jitter, what events start is limited."""
        self._of_times.setVisible(kind not in (TriggerType.EVENT, TriggerType.MANUAL))
        self._of_events.setVisible(kind is TriggerType.EVENT)

    @property
    def start_text(self) -> str:
        return self.start.wall if self._is_between else ""

    @property
    def end_text(self) -> str:
        return self.end.wall if self._is_between else ""

    @property
    def _is_between(self) -> bool:
        return bool(self.period.currentData() == _BETWEEN)

    def show_period(self, start: str, end: str) -> None:
        is_between = bool(start or end)
        self.period.setCurrentIndex(self.period.findData(_BETWEEN if is_between else _ALWAYS))
        self._between.setVisible(is_between)
        if is_between:
            self.start.show_wall(start)
            self.end.show_wall(end)

    def _on_period(self) -> None:
        self._between.setVisible(self._is_between)
        if self._is_between:
            self.start.setFocus()
        self.edited.emit()


def _pair(word: str, editor: QWidget) -> QWidget:
    """They stay together where the line has no room."""
    made, named = QWidget(), label(word, "secondary")
    named.setBuddy(editor)
    made.setLayout(row(named, editor))
    return made


def _flowing(*parts: QWidget) -> QLayout:
    made = Flow(spacing=12)
    for each in parts:
        made.addWidget(each)
    return made
