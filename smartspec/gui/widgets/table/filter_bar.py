"""The chips of a search: another view of the same text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from smartspec.commands import executions
from smartspec.domain import times
from smartspec.domain.engine.states import ACTIVE, PROBLEM, ExecutionStatus
from smartspec.domain.search import periods, query
from smartspec.domain.search.filters import ExecutionFilter
from smartspec.domain.search.periods import Period
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import count
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.folding import fold_in_turn, has_room
from smartspec.gui.widgets.table.filter_kinds import KINDS
from smartspec.gui.widgets.table.period_arrows import PeriodArrows
from smartspec.messages import tr, translate
from smartspec.value import replace

_STATUSES = ("failed", "timeout", "interrupted", "running", "completed", "paused", "pending", "cancelled")
_SETS = {"problem": PROBLEM, "active": ACTIVE}


class FilterBar(QWidget):
    """`changed` carries the text that stands for the chips. `statuses` are shown as chips of their own, the rest in a
    menu; `kinds` names the other chips, by their names in `KINDS`.
    """

    changed = Signal(str)

    def __init__(
        self, context: AppContext, kinds: Iterable[str], shown: int = 5, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context = context
        self._text = ""
        self._shown = shown
        self._counts: dict[str, int] = {}
        self._counted_exactly = 0
        self._more_statuses = 0
        self._wanted = 0  # pixels across
        self._read_values: dict[str, list[str]] = {}
        self.chips = {status: self._status_chip(status) for status in _STATUSES}
        self.more = Chip("+3")
        self.more.setCheckable(False)
        self._more_menu = QMenu(self)
        self.more.set_menu(self._more_menu)
        self.kinds = {kind: self._kind_chip(kind) for kind in kinds}
        self._more_kinds = {kind: self._kind_menu(kind) for kind in self.kinds}
        self.period = PeriodArrows()
        self.period.moved.connect(self._show_period)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for chip in (*self.chips.values(), self.more, *self.kinds.values()):
            layout.addWidget(chip)
            if chip is self.kinds.get("after"):
                layout.addWidget(self.period)
        layout.addStretch(1)
        self._show_chips()

    @property
    def text(self) -> str:
        return self._text

    def show_text(self, text: str) -> None:
        """Show a search; nothing is emitted."""
        self._text = text
        self._show_chips()

    def show_statuses(self, shown: int) -> None:
        """How many statuses have a chip of their own."""
        self._shown = shown
        self._show_chips()

    def count(self, scope: str) -> None:
        """Read the counts of the statuses, within all other filters of the text and those of `scope`."""
        asked = self._text
        text = query.with_filter(asked, "status", None)

        def read() -> tuple[dict[str, int], int]:
            wanted = executions.read_query(f"{text} {scope}".strip(), self._context.workspace)
            counted = {
                each: _count_status(wanted, each, self._context.workspace) for each in _STATUSES if self._text == asked
            }
            return counted, executions.counted_exactly(wanted)

        self._context.run(self, read, partial(self._on_counted, asked), _ignore, worker="slow")

    def _on_counted(self, text: str, counted: tuple[dict[str, int], int]) -> None:
        if text == self._text:
            self._counts, self._counted_exactly = counted
            self._show_chips()

    # What the chips say

    @property
    def _chosen(self) -> set[str]:
        words = query.filter_values(self._text).get("status", "").split(",")
        found: set[str] = set()
        for word in words:
            found |= {each.value for each in _SETS.get(word, ())} or {word}
        return found & {*_STATUSES}

    def _show_chips(self) -> None:
        chosen = self._chosen
        there = [each for each in _STATUSES if self._counts.get(each, 1)][: self._shown]
        own = [each for each in _STATUSES if each in there or each in chosen]
        for status, chip in self.chips.items():
            chip.setVisible(status in own)
            chip.setChecked(status in chosen)
            chip.set_count(self._count_of(status) if status in self._counts else "")
        rest = [each for each in _STATUSES if each not in own]
        self._more_menu.clear()
        for status in rest:
            number = f"   {self._count_of(status)}" if status in self._counts else ""
            self._more_menu.addAction(f"{status_style(status).word}{number}", partial(self._toggle, status))
        self._more_statuses = len(rest)
        written = query.filter_values(self._text)
        for kind, chip in self.kinds.items():
            value = written.get(kind, "")
            before = written.get("before", "") if kind == "after" else ""
            chip.setChecked(bool(value or before))
            chip.set_word(_dates_word(value, before) if before else _kind_word(kind, value))
        self.period.show_period(periods.period(self._text, times.now()))
        self._fit_to_width()

    def _count_of(self, status: str) -> str:
        return count(self._counts[status], self._counted_exactly)

    def _fit_to_width(self) -> None:
        """Where room ends the icons of what is not chosen have to do, the last first; then those of all the rest.

        At last what is not chosen stands in the menu of what has no chip.
        """
        unset = {kind: each for kind, each in reversed(self.kinds.items()) if not each.isChecked()}
        statuses = [each for each in reversed(self.chips.values()) if not each.isChecked()]
        self._leave_out([])
        last = [*self.chips.values(), *self.kinds.values()]
        self._note_width(last)
        if fold_in_turn(self, *([each] for each in (*unset.values(), *statuses)), last):
            return
        for many in range(1, len(unset) + 1):
            self._leave_out([*unset][:many])
            if has_room(self):
                return

    def _note_width(self, chips: Iterable[Chip]) -> None:
        """Of all its words: it is asked for also while they are folded, so that they come back."""
        for each in chips:
            each.fold(False)
        if (layout := self.layout()) is not None:
            layout.activate()
            self._wanted = layout.sizeHint().width()
            self.updateGeometry()

    def _leave_out(self, left_out: list[str]) -> None:
        """Kinds that have no chip: each a menu in the one of the statuses that have none."""
        for kind, chip in self.kinds.items():
            chip.setVisible(kind not in left_out)
            menu = self._more_kinds[kind]
            self._more_menu.removeAction(menu.menuAction())
            if kind in left_out:
                self._more_menu.addMenu(menu)
        many = self._more_statuses + len(left_out)
        self.more.setVisible(bool(many))
        self.more.set_word(f"+{many}")
        self.more.setAccessibleName(tr("More filters") if left_out else tr("More statuses"))

    def _kind_menu(self, kind: str) -> QMenu:
        made = QMenu(translate(KINDS[kind].word), self._more_menu)
        made.setIcon(icons.icon(KINDS[kind].icon))
        made.aboutToShow.connect(lambda: self._fill_menu(made, kind))
        return made

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(self._wanted, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_to_width()

    # What a press changes

    def _status_chip(self, status: str) -> Chip:
        shown = status_style(status)
        chip = Chip(shown.word, shown.icon, shown.colour)
        chip.clicked.connect(lambda: self._on_status(status))
        return chip

    def _on_status(self, status: str) -> None:
        if _shift_is_down():
            self._change("status", status)
        else:
            self._toggle(status)

    def _toggle(self, status: str) -> None:
        chosen = self._chosen ^ {status}
        self._change("status", ",".join(each for each in _STATUSES if each in chosen) or None)

    def _kind_chip(self, kind: str) -> Chip:
        chip = Chip(_kind_word(kind, ""), KINDS[kind].icon)
        menu = QMenu(chip)
        menu.aboutToShow.connect(lambda: self._fill_menu(menu, kind))
        chip.set_menu(menu)
        chip.set_clearable(lambda: self._choose_filter(kind, None))
        chip.clicked.connect(self._show_chips)
        if KINDS[kind].read is not None:
            self._read_choices(kind)
        return chip

    def _read_choices(self, kind: str) -> None:
        """For the menu of the next time: a menu does not wait for the disk."""
        if (read := KINDS[kind].read) is not None:
            found = partial(read, self._context.workspace)
            self._context.run(self, found, partial(self._read_values.__setitem__, kind), _ignore, worker="slow")

    def _fill_menu(self, menu: QMenu, kind: str) -> None:
        menu.clear()
        choices = KINDS[kind].choices
        found = choices() if choices is not None else [(each, each) for each in self._read_values.get(kind, ())]
        if choices is None:
            self._read_choices(kind)
        menu.addAction(translate(KINDS[kind].any_word), partial(self._choose_filter, kind, None))
        menu.addSeparator()
        now = query.filter_values(self._text).get(kind)
        if kind == "after":
            menu.addAction(tr("Dates…"), self._ask_dates)
            menu.addSeparator()
        for word, value in found:
            action = menu.addAction(word.replace("&", "&&"), partial(self._choose_filter, kind, value))
            action.setCheckable(True)
            action.setChecked(value == now)

    def _ask_dates(self) -> None:
        from smartspec.gui.widgets.table.dates_dialog import DatesDialog

        written = query.filter_values(self._text)
        dialog = DatesDialog(written.get("after", ""), written.get("before", ""), self)
        dialog.given.connect(self._on_dates)
        dialog.open()

    def _on_dates(self, first: str, after_last: str) -> None:
        self._text = query.with_filter(self._text, "before", after_last)
        self._change("after", first)

    def _choose_filter(self, kind: str, value: str | None) -> None:
        """From a menu: a time that goes until now has no end."""
        if kind == "after":
            self._text = query.with_filter(self._text, "before", None)
        self._change(kind, value)

    def _show_period(self, wanted: Period) -> None:
        self._text = periods.with_period(self._text, wanted)
        self._show_chips()
        self.changed.emit(self._text)

    def _change(self, key: str, value: str | None) -> None:
        self._text = query.with_filter(self._text, key, value)
        self._show_chips()
        self.changed.emit(self._text)

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Right: True, Qt.Key.Key_Left: False}
        if event.key() in steps:
            self.focusNextPrevChild(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


def _shift_is_down() -> bool:
    return bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)


def _ignore(error: SmartSpecError) -> None:
    """The table tells what is wrong with the text; the counts stay as they are."""


def _count_status(wanted: ExecutionFilter, status: str, workspace: str) -> int:
    narrowed = replace(wanted, status=frozenset({ExecutionStatus(status)}))
    return executions.count_executions(narrowed, workspace=workspace)


def _dates_word(after: str, before: str) -> str:
    """The last day is the one before the end, where that is a day."""
    try:
        last = f"{date.fromisoformat(before) - timedelta(days=1):%Y-%m-%d}"
    except ValueError:
        return (
            tr("{after} until {before}", after=after, before=before) if after else tr("Before {before}", before=before)
        )
    return f"{after} – {last}" if after else tr("To {last}", last=last)


def _kind_word(kind: str, value: str) -> str:
    return KINDS[kind].said(value) if value else translate(KINDS[kind].word)
