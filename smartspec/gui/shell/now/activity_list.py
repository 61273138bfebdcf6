"""The rows of the panel, in groups; a row stays the same widget as long as it is of the same thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from smartspec.domain.activity import STATE_WORDS, Activity, Now, State
from smartspec.gui.shell.now.activity_row import ActivityRow, key_of
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column
from smartspec.gui.widgets.spoken_role import speak_as
from smartspec.messages import tr, translate, trn

GROUP = 26
_COMPACT = 600
_MOST_ROWS = 100  # of a group: more are counted
_AT_ONCE = 8  # that many new rows, then the window gets its turn


class ActivityList(QScrollArea):
    """`made` carries a row that is new: whoever made the list listens to it. `emptied`: the row that had the keyboard
    is gone, and there is no other. `more`: there are rows that were not made yet, to be asked for with `show_now`.
    """

    made = Signal(object)
    emptied = Signal()
    more = Signal()

    def __init__(self, workspace: str) -> None:
        """`workspace` is the one that is shown."""
        super().__init__()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._workspace = workspace
        self.rows: dict[tuple[State, str, str], ActivityRow] = {}
        self._heads = {state: _head() for state in State}
        self._may_make = 0
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.more)
        self._more = label("", "small")
        self._more.setContentsMargins(16, 8, 16, 8)
        self._list = QWidget()
        self._list.setAccessibleName(tr("What goes on"))
        speak_as(self._list, QAccessible.Role.List)
        self._layout = column(*self._heads.values(), self._more, None, spacing=0)
        self._list.setLayout(self._layout)
        self.setWidget(self._list)

    def show_now(self, now: Now, wanted: State | None) -> bool:
        """Only those in a state, where one is wanted; False where there is none."""
        shown = [each for each in now.activities if wanted in (None, each.state)]
        place, self._may_make = 0, _AT_ONCE
        for state, head in self._heads.items():
            of_state = [each for each in shown if each.state is state]
            head.setVisible(bool(of_state))
            self._layout.insertWidget(place, head)
            count = now.counts.get(state, 0)
            head.setText(tr("{state}  {count}", state=STATE_WORDS[state], count=number(count)))
            head.setAccessibleName(tr("{group}, {count}", group=translate(STATE_WORDS[state]), count=number(count)))
            place = self._show_rows(of_state[:_MOST_ROWS], place + 1)
        self._drop(key_of(each) for each in shown)
        left_out = sum(now.counts.get(each, 0) for each in State if wanted in (None, each)) - len(self.rows)
        self._more.setText(trn("and {n} more", "and {n} more", left_out))
        self._more.setVisible(left_out > 0)
        if not self._may_make:
            self._later.start()
        return bool(shown)

    def _show_rows(self, activities: Iterable[Activity], place: int) -> int:
        for each in activities:
            if key_of(each) not in self.rows:
                if not self._may_make:
                    break
                self._may_make -= 1
            row = self._row(each)
            if self._layout.indexOf(row) != place:
                self._layout.insertWidget(place, row)
                row.show()  # at once: it may be handed the keyboard
            place += 1
        return place

    def _row(self, activity: Activity) -> ActivityRow:
        key = key_of(activity)
        if key in self.rows:
            self.rows[key].show_activity(activity)
            return self.rows[key]
        made = self.rows[key] = ActivityRow(activity, self._workspace)
        made.show_compact(self.is_compact)
        made.moved.connect(lambda by: self.move_from(made, by))
        self.made.emit(made)
        return made

    def _drop(self, kept: Iterable[tuple[State, str, str]]) -> None:
        gone = [self.rows[key] for key in self.rows.keys() - {*kept}]
        focused = next((row for row in gone if row.has_keyboard), None)
        if focused is not None:
            self._hand_on_focus(focused, gone)
        for row in gone:
            del self.rows[row.key]
            row.hide()
            row.deleteLater()

    def _hand_on_focus(self, row: ActivityRow, gone: Sequence[ActivityRow]) -> None:
        """To the row of the same execution, which may be in another state by now, else to the one behind it."""
        rows = self.in_order
        at = rows.index(row)
        left = [each for each in (*rows[at + 1 :], *reversed(rows[:at])) if each not in gone]
        same = [each for each in left if each.activity.execution == row.activity.execution]
        if left:
            (same or left)[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.emptied.emit()

    @property
    def in_order(self) -> list[ActivityRow]:
        return sorted(self.rows.values(), key=self._layout.indexOf)

    @property
    def is_compact(self) -> bool:
        return self.width() < _COMPACT

    def move_from(self, row: ActivityRow, by: int) -> None:
        """The keyboard goes to the row before or behind it."""
        rows = self.in_order
        at = rows.index(row) + by
        if not 0 <= at < len(rows):
            at = rows.index(row) - by
        if 0 <= at < len(rows):
            rows[at].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(rows[at], 0, GROUP)

    def tick(self) -> None:
        for each in self.rows.values():
            each.tick()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for each in self.rows.values():
            each.show_compact(self.is_compact)


def _head() -> QLabel:
    made = label("", "section")
    made.setContentsMargins(16, 0, 16, 0)
    made.setMinimumHeight(GROUP)
    return made
