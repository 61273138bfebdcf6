"""The page Alerts: what needs attention in groups by its state, and beside it the chosen one whole."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QMenu, QWidget

from smartspec.changes import Topic
from smartspec.commands import alerts
from smartspec.domain import times
from smartspec.domain.alert import words
from smartspec.domain.alert.alert import Alert, AlertKind, AlertState
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.alerts.actions import AlertActions
from smartspec.gui.pages.alerts.detail import DetailPane
from smartspec.gui.pages.alerts.lines import by_state, lines_of
from smartspec.gui.pages.alerts.list import AlertList
from smartspec.gui.pages.alerts.words import STATE_ICONS
from smartspec.gui.style.formatting import ago, number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.menus import popup_menu, show_below
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr, translate
from smartspec.value import frozen
from smartspec.vocabulary import ALERT_KIND_WORDS, ALERT_STATE_WORDS

S = AlertState
_MOST_CLOSED = 100  # the last; older ones are told by `smartspec alerts --all`
_WIDE, _NARROW = 412, 340  # of the detail
_LEAST = 860  # of the page: with less, list and detail take turns
_ANY = 16_777_215  # as Qt has it for no limit


@frozen
class _Found:
    """`has_more`: more are closed than were read; `last` is the one that was closed last, of any kind."""

    alerts: tuple[Alert, ...]
    has_more: bool
    last: Alert | None


class AlertsPage(Page):
    """Enter opens what the chosen alert is about, A acknowledges it, S puts it off."""

    topics = frozenset({Topic.ALERTS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._found = _Found((), False, None)
        self._kinds: frozenset[AlertKind] = frozenset()
        self._wanted = ""  # the id that was asked for
        self._has_been_shown = self._is_narrow = self._is_alone = False  # alone: the detail in place of the list
        self.actions_ = AlertActions(context, self)
        self.list, self.detail = AlertList(), DetailPane(context, self.actions_)
        self.list.chosen.connect(self.detail.show_alert)
        self.list.row_opened.connect(lambda _row: self._open())
        self.detail.left.connect(partial(self._show_detail_alone, False))
        self.list.reopen_asked.connect(self.actions_.reopen)
        self.list.acknowledge_asked.connect(lambda: self._with_current(self.actions_.acknowledge))
        self.list.snooze_asked.connect(self._snooze)
        self.chips = {state: self._make_chip(state) for state in S}
        self.kind_chip = Chip(tr("All kinds"), checkable=False)
        self.kind_chip.show_caret()
        self.kind_chip.clicked.connect(self._ask_kind)
        self.thresholds = button(tr("Thresholds…"), "", "sliders-horizontal", self._go_to_thresholds)
        self._more = label(tr("Only the last {n} that were closed are shown.", n=number(_MOST_CLOSED)), "caption")
        self.states = ContentStates(self._content())
        self._lay_out_alerts()
        self.show_narrow(False)
        self.states.show_loading()

    def _make_chip(self, state: AlertState) -> Chip:
        colour = {S.RAISED: "failed", S.CLOSED: "completed"}.get(state, "text2")
        made = Chip(translate(ALERT_STATE_WORDS[state]), STATE_ICONS[state], colour)
        made.setChecked(state is not S.CLOSED)
        made.toggled.connect(self._show_lines)
        return made

    def _content(self) -> QWidget:
        foot = frame("surface")
        foot.setLayout(row(self._more, None, margins=(20, 5, 14, 5)))
        self._foot = foot
        left, made = QWidget(), QWidget()
        self._left = left
        left.setLayout(column(self.list, foot, spacing=0, fill=self.list))
        layout = row(left, self.detail, spacing=0)
        layout.setStretch(0, 1)
        made.setLayout(layout)
        return made

    def _lay_out_alerts(self) -> None:
        head = frame("surface")
        chips = row(*self.chips.values(), self.kind_chip, spacing=6)
        head.setLayout(row(label(tr("Alerts"), "title"), 8, chips, None, self.thresholds, margins=(20, 8, 14, 8)))
        self.setLayout(column(head, line(), self.states, spacing=0, fill=self.states))

    # Where it is

    def show_location(self, location: Location) -> None:
        """`key` is the id of an alert: what would hide it gives way."""
        self._wanted = location.key
        self._choose_wanted()
        self.register_page_handlers()

    def _choose_wanted(self) -> None:
        found = next((each for each in self._found.alerts if each.id == self._wanted), None)
        if found is None:
            return
        self._kinds = frozenset()
        self.chips[found.state_at(times.now())].setChecked(True)
        self._show_lines()
        self.list.choose(self._wanted)
        self._wanted = ""

    def panes(self) -> list[QWidget]:
        return [self.list, self.detail.open_button]

    def parts(self) -> list[QWidget]:
        detail = self.detail
        return [*self.chips.values(), self.kind_chip, self.thresholds, self.list, detail.open_button,
                detail.acknowledge_button, detail.reopen_button, detail.snooze_button, detail.threshold]  # fmt: skip

    def show_narrow(self, narrow: bool) -> None:
        self._is_narrow = narrow
        self._fit_detail()
        for chip in self.chips.values():
            chip.fold(narrow)

    def handlers(self) -> dict[str, Handler]:
        return {"refresh": self.invalidate}

    # Its room

    def _fit_detail(self) -> None:
        """Beside the list; where that had too little room, in its place when it is opened."""
        is_small = self.width() < _LEAST
        self._is_alone = self._is_alone and is_small
        self._left.setHidden(self._is_alone)
        self.detail.setHidden(is_small and not self._is_alone)
        width = _NARROW if self._is_narrow else _WIDE
        self.detail.setMinimumWidth(0 if is_small else width)
        self.detail.setMaximumWidth(_ANY if is_small else width)
        self.detail.show_way_back(is_small)

    def _show_detail_alone(self, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._fit_detail()
        (self.detail.open_button if is_alone else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def _open(self) -> None:
        """What the chosen one is about; where the alert itself is not seen, that first."""
        if self.detail.isHidden():
            self._show_detail_alone(True)
        else:
            self._with_current(self.actions_.open)

    # Reading

    def reload(self) -> None:
        self.context.run(self, _read, self._on_read, self._on_failed)

    def show_ages(self) -> None:
        """What grows, and a snooze that is over by now."""
        self._show_lines()

    def _on_read(self, found: _Found) -> None:
        self._found = found
        self._show_lines()
        self._choose_wanted()

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.invalidate)

    def _show_lines(self) -> None:
        now = times.now()
        wanted = [each for each in self._found.alerts if not self._kinds or each.kind in self._kinds]
        groups = by_state(wanted, now)
        for state, chip in self.chips.items():
            beyond = "+" if state is S.CLOSED and self._found.has_more and groups[state] else ""
            chip.set_count(f"{number(len(groups[state]))}{beyond}" if groups[state] else "")
        shown = {state for state, chip in self.chips.items() if chip.isChecked()}
        self._show_kinds()
        self._foot.setVisible(S.CLOSED in shown and self._found.has_more)
        lines = lines_of(groups, shown)
        self.list.show_lines(lines)  # none, too: what cannot be seen is done nothing about
        if lines:
            self.states.show_content()
            self._hand_keyboard_to_list()
        else:
            self._show_empty(bool(self._found.alerts) and any(groups.values()))

    def _hand_keyboard_to_list(self) -> None:
        """Once it is there for the first time: while it was read, only the chips could have the keyboard."""
        holder = self.window().focusWidget()
        if not self._has_been_shown and (holder is None or holder in self.chips.values()):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._has_been_shown = True

    def _show_empty(self, is_hidden: bool) -> None:
        last = self._found.last
        open_ones = any(each.closed_at is None for each in self._found.alerts)
        if open_ones:
            self.states.show_empty(
                "magnifying-glass", tr("No alert is like that"), "", (tr("Show all that are open"), self._show_open)
            )
            return
        told = tr("What should have run, fails often or runs long, a disk or a backup that needs care: it stands here"
                  " until it is over.")  # fmt: skip
        if last is not None:
            told = tr("The last one closed {age}: {alert}.", age=ago(last.closed_at, times.now()),
                      alert=words.headline(last))  # fmt: skip
        show = (tr("Show closed ones"), partial(self.chips[S.CLOSED].setChecked, True))
        self.states.show_empty("check-circle-fill", tr("Nothing needs attention"), told, show if is_hidden else None)

    def _show_open(self) -> None:
        self._kinds = frozenset()
        for state, chip in self.chips.items():
            chip.setChecked(state is not S.CLOSED or chip.isChecked())
        self._show_lines()

    # Kinds

    def _show_kinds(self) -> None:
        names = [translate(ALERT_KIND_WORDS[kind]) for kind in AlertKind if kind in self._kinds]
        self.kind_chip.set_word(", ".join(names) if names else tr("All kinds"))

    def _ask_kind(self) -> None:
        show_below(self.kind_menu(), self.kind_chip)

    def kind_menu(self) -> QMenu:
        """Several are one or the other."""
        menu = popup_menu(self)
        everything = menu.addAction(tr("All kinds"), partial(self._choose_kind, None))
        everything.setCheckable(True)
        everything.setChecked(not self._kinds)
        menu.addSeparator()
        for kind in AlertKind:
            action = menu.addAction(translate(ALERT_KIND_WORDS[kind]), partial(self._choose_kind, kind))
            action.setCheckable(True)
            action.setChecked(kind in self._kinds)
        return menu

    def _choose_kind(self, kind: AlertKind | None) -> None:
        self._kinds = frozenset() if kind is None else self._kinds ^ {kind}
        self._show_lines()

    # What can be done

    def _snooze(self) -> None:
        """The menu opens at its button, else at the row."""
        alert = self.list.current
        if alert is None or alert.state_at(times.now()) not in (S.RAISED, S.ACKNOWLEDGED):
            return
        if self.detail.snooze_button.isVisible():
            self.detail.show_snoozes()
        else:
            at = self.list.visualRect(self.list.currentIndex()).bottomLeft()
            self.actions_.snooze_menu(alert, self.list).popup(self.list.viewport().mapToGlobal(at))

    def _with_current(self, do: object) -> None:
        if self.list.current is not None and callable(do):
            do(self.list.current)

    def _go_to_thresholds(self) -> None:
        self.context.navigator.go(Location("settings", "alerts"))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the list, while a button has the keyboard; Esc leads back to it."""
        if event.key() == Qt.Key.Key_Escape and self._is_alone:
            self._show_detail_alone(False)
        elif not self.list.take_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_detail()


def _read() -> _Found:
    closed = alerts.list_closed_alerts(limit=_MOST_CLOSED)
    return _Found((*alerts.list_alerts(), *closed.rows), closed.next is not None, next(iter(closed.rows), None))
