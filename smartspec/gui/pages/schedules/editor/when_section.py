"""When: six ways, of which the chosen one is unfolded; choices and expression write each other."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from smartspec.domain.schedule.cron import parse_cron
from smartspec.domain.schedule.cron_choices import InSteps, choices_of
from smartspec.domain.schedule.cron_warnings import CronWarning, Fix
from smartspec.domain.schedule.rule import TriggerType
from smartspec.errors import Invalid
from smartspec.gui.pages.schedules.editor.event_panel import EventPanel
from smartspec.gui.pages.schedules.editor.expression_row import ExpressionRow
from smartspec.gui.pages.schedules.editor.form_row import FormRow, mark
from smartspec.gui.pages.schedules.editor.interval_panel import IntervalPanel
from smartspec.gui.pages.schedules.editor.once_panel import OncePanel
from smartspec.gui.pages.schedules.editor.steps_panel import StepsPanel
from smartspec.gui.pages.schedules.editor.times_panel import TimesPanel
from smartspec.gui.style import theme
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

_RADIO_WIDTH = 112


class When(StrEnum):
    TIMES = "times"
    STEPS = "steps"
    INTERVAL = "interval"
    ONCE = "once"
    EVENT = "event"
    MANUAL = "manual"


_CRON = (When.TIMES, When.STEPS)
_TRIGGERS = {
    When.TIMES: TriggerType.CRON, When.STEPS: TriggerType.CRON, When.INTERVAL: TriggerType.INTERVAL,
    When.ONCE: TriggerType.ONCE, When.EVENT: TriggerType.EVENT, When.MANUAL: TriggerType.MANUAL,
}  # fmt: skip


class WayFrame(QWidget):
    """One of the ways: its radio button, and beside it a sentence, or what is to be chosen."""

    def __init__(self, word: str, sentence: str, panel: QWidget | None) -> None:
        super().__init__()
        self.radio = QRadioButton(word)
        self.radio.setProperty("kind", "way")
        self.radio.setAccessibleName(word)
        self.radio.setAccessibleDescription(sentence)
        self.radio.setFixedWidth(_RADIO_WIDTH)
        self.radio.setMinimumHeight(24)
        self._sentence = Elided("secondary")
        self._sentence.setText(sentence)
        self._panel, self._is_chosen = panel, False
        whole = self._whole = row(spacing=8, margins=(8, 0, 8, 0))
        whole.addWidget(self.radio, 0, Qt.AlignmentFlag.AlignTop)
        whole.addLayout(column(self._sentence, *([panel] if panel is not None else []), spacing=0), 1)
        self.setLayout(whole)
        self.unfold(False)

    def unfold(self, chosen: bool) -> None:
        has_panel = self._panel is not None
        self._sentence.setVisible(not (chosen and has_panel))
        if self._panel is not None:
            self._panel.setVisible(chosen)
        edge = 8 if chosen else 0
        self._whole.setContentsMargins(8, edge, 8, edge)
        self._is_chosen = chosen
        self.update()

    # Qt

    def paintEvent(self, event: QPaintEvent) -> None:
        """The chosen one is a card. (Painted: the style sheet would be worked out anew for all that is in it.)"""
        if self._is_chosen:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.colour("line"))
            painter.setBrush(theme.colour("pane"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
            painter.end()


class WhenSection(QWidget):
    """`edited` after each change by a person. `problem` is why the choices come to no rule."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.times, self.steps, self.interval = TimesPanel(), StepsPanel(), IntervalPanel()
        self.once, self.event_ = OncePanel(), EventPanel()
        self.expression = ExpressionRow()
        self.problem = ""
        self._ways = {
            When.TIMES: WayFrame(tr("At times"), tr("on days of the week or the month, at times of day"), self.times),
            When.STEPS: WayFrame(tr("In steps"), tr("every 10 minutes, the whole day or a part of it"), self.steps),
            When.INTERVAL: WayFrame(tr("Interval"), tr("every 90 minutes, counted from a moment"), self.interval),
            When.ONCE: WayFrame(tr("Once"), tr("on one day, at one time"), self.once),
            When.EVENT: WayFrame(
                tr("On an event"),
                tr("file or folder changed · workflow completed · computer woke · a signal by name"),
                self.event_,
            ),
            When.MANUAL: WayFrame(tr("By hand"), tr("a saved input with a name, run when you say so"), None),
        }
        self.way = When.TIMES
        self.radios = {way: each.radio for way, each in self._ways.items()}
        self._group = QButtonGroup(self)
        for each in self.radios.values():
            self._group.addButton(each)
        self.row = FormRow(tr("When"), column(*self._ways.values(), spacing=2), self.radios[When.TIMES])
        self.setLayout(column(self.row, self.expression, spacing=8))
        self._connect()
        self._show_way(When.TIMES)

    def _connect(self) -> None:
        for way, radio in self.radios.items():
            radio.clicked.connect(lambda _on, way=way: self._on_way(way))
        for panel in (self.times, self.steps):
            panel.edited.connect(self._write_expression)
        for other in (self.interval, self.once, self.event_):
            other.edited.connect(self._on_other)
        self.expression.typed.connect(self._on_typed)
        self.expression.fix_taken.connect(self._take)

    # What it says

    @property
    def trigger_type(self) -> TriggerType:
        return _TRIGGERS[self.way]

    @property
    def text(self) -> str:
        """The expression of the chosen way."""
        if self.way in _CRON:
            return self.expression.line.text()
        panel = self._panel(self.way)
        return panel.expression if panel is not None else ""

    @property
    def editor(self) -> QWidget:
        """What is chosen, where it is no expression."""
        panels: dict[When, QWidget] = {
            When.TIMES: self.times.times.lines[0], When.STEPS: self.steps.every, When.INTERVAL: self.interval.line,
            When.ONCE: self.once.line, When.EVENT: self.event_.of,
        }  # fmt: skip
        return panels.get(self.way, self.radios[self.way])

    def _panel(self, way: When) -> IntervalPanel | OncePanel | EventPanel | None:
        panels: dict[When, IntervalPanel | OncePanel | EventPanel] = {
            When.INTERVAL: self.interval, When.ONCE: self.once, When.EVENT: self.event_,
        }  # fmt: skip
        return panels.get(way)

    def show_rule(self, trigger_type: TriggerType, text: str) -> None:
        """Choose what it says."""
        self.problem = ""
        if trigger_type is TriggerType.CRON:
            if self.expression.line.text() != text:
                self.expression.line.setText(text)
            self._choose_for(text)
            return
        way = next(each for each in (When.INTERVAL, When.ONCE, When.EVENT, When.MANUAL)
                   if _TRIGGERS[each] is trigger_type)  # fmt: skip
        panel = self._panel(way)
        if panel is not None:
            panel.show_expression(text)
        self._show_way(way)

    def _choose_for(self, expression: str) -> None:
        """The choices that stand for an expression; one that cannot be read changes nothing."""
        try:
            choice = choices_of(parse_cron(expression))
        except Invalid:
            self._show_way(self.way if self.way in _CRON else When.TIMES)
            return
        if isinstance(choice, InSteps):
            self.steps.show_choice(choice)
            self._show_way(When.STEPS)
            return
        self.times.show_choice(choice)
        self._show_way(When.TIMES)

    def _show_way(self, way: When) -> None:
        self.way = way
        self.radios[way].setChecked(True)
        for each, shown in self._ways.items():
            shown.unfold(each is way)
        self.expression.setVisible(way in _CRON)
        self.row.label.setBuddy(self.radios[way])

    @property
    def can_take_time(self) -> bool:
        """Whether another time of day can be put in the place of the one that is chosen."""
        return self.way is When.TIMES and not self.times.is_own and self.times.times.is_single

    # What a person does

    def _on_way(self, way: When) -> None:
        self._show_way(way)
        if way is When.STEPS or (way is When.TIMES and not self.times.is_own):
            self._write_expression()
        else:
            self._on_other()

    def _write_expression(self) -> None:
        panel = self.steps if self.way is When.STEPS else self.times
        try:
            self.expression.line.setText(panel.expression)
            self.problem = ""
        except Invalid as error:
            self.problem = translate(error.sentence)
        self.edited.emit()

    def _on_typed(self, text: str) -> None:
        self.problem = ""
        self._choose_for(text)
        self.edited.emit()

    def _on_other(self) -> None:
        self.problem = ""
        self.edited.emit()

    def _take(self, fix: Fix) -> None:
        self.show_rule(TriggerType(fix.trigger_type), fix.expression)
        self.edited.emit()

    # What is said of it

    def show_problem(self, sentence: str) -> None:
        """Of an expression beside it, of anything else below the ways."""
        of_expression = self.way in _CRON and not self.problem
        mark(self.expression.line, sentence if of_expression else "")
        self.expression.show_problem(sentence if of_expression else "")
        self.row.show_problem(self.problem or ("" if of_expression else sentence))

    def show_meaning(self, words: str, warnings: Sequence[CronWarning]) -> None:
        self.expression.show_words(words)
        self.expression.show_warnings(warnings if self.way in _CRON else ())
        self.steps.show_uneven(any(each.fixes for each in warnings))
