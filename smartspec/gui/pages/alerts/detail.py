"""The chosen alert: why it was raised, its figures, what can be done, by which rule, and what became of it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea

from smartspec.commands import alerts, workflows
from smartspec.commands.alerts import AlertDetail
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.formatting import format_due
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.alerts.actions import AlertActions, threshold_location, way_out
from smartspec.gui.pages.alerts.chart import LEAST, MOST, OutcomeChart, Outcomes
from smartspec.gui.pages.alerts.words import KIND_STYLES, explained, facts, history_line, until
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import clear_layout, column, frame, line, row
from smartspec.gui.widgets.menus import show_below
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr, translate, trn
from smartspec.vocabulary import ALERT_STATE_WORDS

K, S = AlertKind, AlertState
_TAGS = {S.RAISED: "warning", S.ACKNOWLEDGED: "accent", S.SNOOZED: "accent", S.CLOSED: "good"}
_CHARTED = (K.LONG_RUNNING, K.HIGH_FAILURE)


class DetailPane(QScrollArea):
    """Its buttons do what the keys of the list do. `left`: back to the list, whose place it has."""

    left = Signal()

    def __init__(self, context: AppContext, actions: AlertActions) -> None:
        super().__init__()
        self._context, self._actions = context, actions
        self._alert: Alert | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._icon, self.title = Icon("", "text2", 16), wrapped("", "title")
        self._tag, self._since = Tag(), label("", "small")
        self.reason, self._chart, self._charted = wrapped(""), OutcomeChart(), label("", "caption")
        self._facts, self._history = _grid(), _grid()
        self.open_button = button("", "primary", then=lambda: self._do(self._actions.open))
        self.acknowledge_button = button(tr("Acknowledge…"), then=lambda: self._do(self._actions.acknowledge))
        self.snooze_button = button(tr("Snooze"), icon="caret-down", then=self.show_snoozes)
        self.reopen_button = button(tr("Raise again"), then=lambda: self._do(self._actions.reopen))
        self.rule = wrapped("", "small-text")
        self.threshold = button(tr("Change threshold…"), "link", then=self._go_to_threshold)
        self._back = button(tr("All alerts"), "link", "arrow-left", self.left.emit)
        self._back.hide()
        self._lay_out_detail()

    def _lay_out_detail(self) -> None:
        head = row(self._icon, self.title, spacing=10)
        head.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        head.setStretch(1, 1)
        state = row(self._tag, self._since, None)
        rule_head = row(label(tr("Rule"), "section"), None, self.threshold)
        evidence = row(label(tr("Evidence"), "section"), None, self._charted)
        buttons = Flow(spacing=8)
        for each in (self.open_button, self.acknowledge_button, self.reopen_button, self.snooze_button):
            buttons.addWidget(each)
        inner = frame("paneRight")
        inner.setLayout(column(
            row(self._back, None), head, state, 2, label(tr("Reason"), "section"), self.reason, 2, evidence,
            self._chart, self._facts, 4, buttons, 2, line(), rule_head, self.rule, 4, label(tr("History"), "section"),
            self._history, None, spacing=6, margins=(20, 14, 20, 14),
        ))  # fmt: skip
        self.setWidget(inner)

    def show_way_back(self, shown: bool) -> None:
        """Where there is no room for the list beside it."""
        self._back.setVisible(shown)

    def show_alert(self, alert: Alert) -> None:
        """Its figures as they are now; what became of it is read."""
        if self._alert is None or self._alert.id != alert.id:
            self._chart.hide()
            self._charted.hide()
            clear_layout(self._history)
        self._alert = alert
        self.show_ages()
        self._context.run(self, partial(alerts.get_alert, alert.id), self._show_history, lambda _: None)
        if alert.kind in _CHARTED and alert.evidence.workflow_id:
            read = partial(_read_outcomes, alert.evidence.workflow_id)
            self._context.run(self, read, partial(self._show_chart, alert), lambda _: None, worker="slow")

    def show_ages(self) -> None:
        if self._alert is None:
            return
        alert, now = self._alert, times.now()
        state = alert.state_at(now)
        self._icon.show_icon(*KIND_STYLES[alert.kind])
        self.title.setText(translate(words.headline(alert)))
        self._tag.setText(translate(ALERT_STATE_WORDS[state]))
        self._tag.set_kind(_TAGS[state])
        self._since.setText(self._told(alert, state))
        self._since.setToolTip(plain_tip(exact(alert.raised_at)))
        self.reason.setText(explained(alert, now))
        self.rule.setText(translate(words.rule(alert)))
        self._show_facts(facts(alert, now))
        self._show_buttons(alert, state)

    def _told(self, alert: Alert, state: AlertState) -> str:
        now = times.now()
        since = tr("since {moment}", moment=translate(format_due(alert.raised_at, now)))
        if state is S.SNOOZED:
            return tr("{since} · {until}", since=since, until=until(alert, now))
        if state is S.CLOSED:
            return tr("{since} · {reason}", since=since, reason=words.closed(alert))
        told = tr("told {moment}", moment=translate(format_due(alert.told_at, now))) if alert.told_at else ""
        return tr("{since} · {told}", since=since, told=told) if told else since

    def _show_facts(self, rows: list[tuple[str, str]]) -> None:
        clear_layout(self._facts)
        for number, (word, text) in enumerate(rows):
            _add_row(self._facts, number, label(word, "small"), text)

    def _show_buttons(self, alert: Alert, state: AlertState) -> None:
        way = way_out(alert)
        self.open_button.setVisible(way is not None)
        self.open_button.setText(way.word if way else "")
        self.acknowledge_button.setVisible(state in (S.RAISED, S.SNOOZED))
        self.snooze_button.setVisible(state in (S.RAISED, S.ACKNOWLEDGED))
        self.reopen_button.setVisible(state in (S.ACKNOWLEDGED, S.SNOOZED))
        self.reopen_button.setText(tr("Wake") if state is S.SNOOZED else tr("Raise again"))

    def _show_history(self, found: AlertDetail) -> None:
        if self._alert is None or found.alert.id != self._alert.id:
            return
        clear_layout(self._history)
        now = times.now()
        for number, each in enumerate(found.history):
            at, what = history_line(each, now)
            when = label(at, "small")
            when.setToolTip(plain_tip(exact(each.at)))
            _add_row(self._history, number, when, what)

    def _show_chart(self, alert: Alert, outcomes: Outcomes) -> None:
        """Where there is something to see: of what ran long how high the others are."""
        if self._alert is None or alert.id != self._alert.id or len(outcomes) < LEAST:
            return
        if alert.kind is K.LONG_RUNNING:
            runs = alert.value_at(times.now()) if alert.closed_at is None else None
            self._chart.show_outcomes(outcomes, alert.evidence.limit, runs)
        else:
            self._chart.show_outcomes(outcomes, None, None)
        self._chart.show()
        self._charted.setText(trn("last {n} execution", "last {n} executions", len(outcomes)))
        self._charted.show()

    # What can be done

    def _do(self, what: object) -> None:
        if self._alert is not None and callable(what):
            what(self._alert)

    def show_snoozes(self) -> None:
        if self._alert is not None:
            show_below(self._actions.snooze_menu(self._alert, self.snooze_button), self.snooze_button)

    def _go_to_threshold(self) -> None:
        if self._alert is not None:
            self._context.navigator.go(threshold_location(self._alert))


def _grid() -> QGridLayout:
    made = QGridLayout()
    made.setHorizontalSpacing(16)
    made.setVerticalSpacing(4)
    made.setColumnStretch(1, 1)
    return made


def _add_row(grid: QGridLayout, number: int, name: QLabel, text: str) -> None:
    value = wrapped(text, "small-text")
    name.setBuddy(value)
    grid.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, number, 1)


def _read_outcomes(workflow_id: str) -> Outcomes:
    """Of those that have ended."""
    found = workflows.recent_outcomes(workflow_id, MOST + 1)
    return [(status, ms) for status, ms in found if ms is not None][:MOST]
