"""Above the form: of which schedule it is, whether it is on, what is not saved, and the buttons that end it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame

from smartspec.gui.widgets.buttons import Switch, button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, key_cap, label, plain_tip
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr, trn


class EditorHead(QFrame):
    """`left`: back to the schedules; `switched`: on or off; `cancelled` and `save_asked` are the buttons."""

    left = Signal()
    switched = Signal()
    cancelled = Signal()
    save_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.back = button(tr("Schedules"), "link", then=self.left.emit)
        self.title = Elided("title", takes_its_width=True)
        self.switch = Switch(tr("Active"))
        self.switch.clicked.connect(lambda _on: self._on_switched())
        self._state = label("", "secondary")
        self._dot = Icon("circle-fill", "retrying", 8)
        self._unsaved = Elided("secondary", takes_its_width=True)
        self._wrong = Elided("wrong", takes_its_width=True)
        self.cancel = button(tr("Cancel"), "ghost", then=self.cancelled.emit)
        self._keys = key_cap("Ctrl+S")
        self.save = button(tr("Save"), "primary", then=self.save_asked.emit)
        whole = row(
            self.back, Icon("caret-right", "text3", 12), self.title, 4, self.switch, self._state, None, self._dot,
            self._unsaved, self._wrong, 4, self.cancel, self._keys, self.save, margins=(20, 8, 14, 8),
        )  # fmt: skip
        whole.setAlignment(self._keys, Qt.AlignmentFlag.AlignVCenter)
        self.setLayout(whole)
        self.show_unsaved(0, False)
        self.show_problems(())

    def show_narrow(self, narrow: bool) -> None:
        self._keys.setHidden(narrow)
        self._state.setHidden(narrow)

    def show_name(self, name: str, *, is_new: bool) -> None:
        self.title.setText(name or (tr("New schedule") if is_new else tr("Schedule")))

    def show_active(self, active: bool) -> None:
        self.switch.setChecked(active)
        self._state.setText(tr("Active") if active else tr("Paused"))

    def _on_switched(self) -> None:
        self.show_active(self.switch.isChecked())
        self.switched.emit()

    def show_unsaved(self, count: int, is_new: bool) -> None:
        """How many fields are not as they are stored; of a new one nothing is."""
        told = trn("{n} unsaved change", "{n} unsaved changes", count) if count and not is_new else ""
        told = tr("not saved yet") if count and is_new else told
        self._unsaved.setText(told)
        self._unsaved.setVisible(bool(told))
        self._dot.setVisible(bool(told))

    def show_problems(self, sentences: tuple[str, ...]) -> None:
        """What has to be mended before it can be saved."""
        count = len(sentences)
        self._wrong.setText(trn("fix {n} problem to save", "fix {n} problems to save", count) if count else "")
        self._wrong.setVisible(bool(count))
        self.save.setToolTip(plain_tip("\n".join(sentences)) if count else tr("Ctrl+S"))
