"""The head of the panel: what is shown of it, the pin, and the way out."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from smartspec.domain.activity import State
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import icon_button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import Message, _, tr, translate

_CHIPS: dict[State, tuple[Message, str, str]] = {
    State.ASKED: (_("Needs you"), "hand-palm", "retrying"),
    State.RUNNING: (_("Running"), "play-circle", "running"),
    State.WAITING: (_("Waiting"), "circle-dashed", "pending"),
    State.PAUSED: (_("Paused"), "pause-circle-fill", "paused"),
    State.TIMED_OUT: (_("Timed out"), "hourglass-medium-fill", "timeout"),
}


class NowHeader(QFrame):
    """`chosen`: another state is wanted, or all; `pinned` carries whether it is to stay at the right."""

    chosen = Signal()
    closed = Signal()
    pinned = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "nowHeader")
        self.state: State | None = None
        self.all = Chip(tr("All"))
        self.all.setChecked(True)
        self.chips = {state: Chip(translate(word), icon, colour) for state, (word, icon, colour) in _CHIPS.items()}
        self.all.clicked.connect(lambda: self.choose(None))
        for state, chip in self.chips.items():
            chip.clicked.connect(lambda _on, each=state: self.choose(each))
        self.pin = icon_button("push-pin", tr("Keep it at the right"), self._on_pin)
        close = icon_button("x", tr("Close"), self.closed.emit)
        self._title = label(tr("Now"), "title")
        layout = row(self._title, self.all, *self.chips.values(), None, self.pin, close, spacing=6,
                     margins=(16, 11, 12, 11))  # fmt: skip
        self.setLayout(layout)
        self._is_pinned = False

    def choose(self, state: State | None) -> None:
        self.state = state
        self.all.setChecked(state is None)
        for each, chip in self.chips.items():
            chip.setChecked(each is state)
        self.chosen.emit()

    def show_counts(self, counts: Mapping[State, int]) -> None:
        """A state that nothing is in has no chip, but for the one that is wanted."""
        self.all.set_count(number(sum(counts.values())))
        for state, chip in self.chips.items():
            chip.set_count(number(counts.get(state, 0)))
            chip.setVisible(bool(counts.get(state, 0)) or state is self.state)
        self.fit()

    def show_pinned(self, pinned: bool) -> None:
        self._is_pinned = pinned
        self.pin.setIcon(icons.icon("push-pin-fill" if pinned else "push-pin", "accent_text" if pinned else "text2"))
        name = tr("Back above the bar at the bottom") if pinned else tr("Keep it at the right")
        self.pin.setToolTip(name)
        self.pin.setAccessibleName(name)

    def fit(self) -> None:
        """Where there is no room for the words of the chips only their icons and counts."""
        self._title.show()
        if not fold_in_turn(self, self.chips.values()):
            self._title.hide()

    def _on_pin(self) -> None:
        self.pinned.emit(not self._is_pinned)
