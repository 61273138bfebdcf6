"""The head of the page: search, what is changed, and where a person is in a narrow window."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit

from smartspec.domain.settings import GROUPS
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.gui.widgets.search_field import make_searching
from smartspec.messages import tr, translate, trn

_HEIGHT, _TITLE, _SEARCH = 48, 224, 360
_WITH_KEY = 200  # pixels across that have room for the key beside the words


class SettingsHeader(QFrame):
    """`picked` carries the group that was chosen in a narrow window."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "strip")
        self.setMinimumHeight(_HEIGHT)
        self._title = label(tr("Settings"), "title")
        self._title.setMinimumWidth(_TITLE)
        self.search = _Search()
        self.only_changed = Chip(tr("Changed"))
        self.group = Choice(tr("Group"))
        for name, (title, _caption) in GROUPS.items():
            self.group.addItem(translate(title), name)
        self.group.activated.connect(lambda at: self.picked.emit([*GROUPS][at]))
        self.group.hide()
        self._said = label("", "small")
        layout = row(self._title, self.group, self.search, self.only_changed, None, self._said, margins=(20, 8, 32, 8))
        layout.setStretchFactor(self.search, 1)
        self.setLayout(layout)
        self.show_found(None, 0)

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.search.text().split())

    def follow(self, group: str) -> None:
        self.group.setCurrentIndex([*GROUPS].index(group))

    def show_changed(self, count: int) -> None:
        self.only_changed.set_count(number(count))
        self.only_changed.setEnabled(bool(count) or self.only_changed.isChecked())

    def show_found(self, found: int | None, of_all: int) -> None:
        """None: nothing is left out."""
        if found is None:
            self._said.setText(tr("Saved as you change them"))
        else:
            self._said.setText(trn("{found} of {n} setting", "{found} of {n} settings", of_all, found=number(found)))

    def show_narrow(self, narrow: bool) -> None:
        self.group.setVisible(narrow)
        self._title.setVisible(not narrow)
        self._said.setVisible(not narrow)


class _Search(QLineEdit):
    """With the key that goes there, as long as nothing stands in it."""

    def __init__(self) -> None:
        super().__init__()
        make_searching(self)
        self.setPlaceholderText(tr("Search settings, e.g. memory, dark"))
        self.setToolTip(self.placeholderText())
        self.setAccessibleName(tr("Search settings"))
        self.setMaximumWidth(_SEARCH)
        self.setMinimumWidth(120)
        self._key = QLabel("/", self)
        self._key.setProperty("role", "key")
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.textChanged.connect(lambda _: self._show_key())

    def _show_key(self) -> None:
        self._key.setVisible(not self.text() and not self.hasFocus() and self.width() >= _WITH_KEY)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._key.sizeHint()
        self._key.resize(size)
        self._key.move(self.width() - size.width() - 8, (self.height() - size.height()) // 2)
        self._show_key()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show_key()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_key()
