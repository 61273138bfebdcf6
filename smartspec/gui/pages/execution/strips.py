"""The strips above the tabs of an execution: what failed, and what waits for a person."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from smartspec.gui.style import icons
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import restyle, row
from smartspec.messages import tr


class Cause(QWidget):
    """The red strip: what failed first, and the likely reason."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._icon = QLabel()
        self.what = Elided("heading")
        self.likely = Elided("small")
        self._ask = button(tr("What changed since it last worked?"), "link", then=self.asked.emit)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.what)
        words.addWidget(self.likely)
        layout = row(self._icon, margins=(20, 5, 20, 5), spacing=12)
        layout.addLayout(words, 1)
        layout.addWidget(self._ask)
        self.setLayout(layout)
        self.hide()

    def show_cause(self, what: str, status: str) -> None:
        self.what.setText(what)
        restyle(self, level="warning" if status == "interrupted" else "error")
        shown = status_style(status)
        self._icon.setPixmap(icons.icon(shown.icon, shown.colour).pixmap(QSize(16, 16)))
        self._ask.setVisible(status != "interrupted")
        self.setAccessibleName(what)
        self.show()

    def tell_likely(self, told: str) -> None:
        self.likely.setText(told)

    def show_narrow(self, narrow: bool) -> None:
        self.likely.setVisible(not narrow)


class Question(QWidget):
    """A strip with two answers."""

    answered = Signal(str, bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("messagebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._task = ""
        self._words = label("", "heading")
        self._words.setWordWrap(True)
        self.yes = button("", "primary", then=lambda: self.answered.emit(self._task, True))
        self.no = button("", "danger", then=lambda: self.answered.emit(self._task, False))
        layout = row(margins=(24, 5, 20, 5))
        layout.addWidget(self._words, 1)
        layout.addWidget(self.no)
        layout.addWidget(self.yes)
        self.setLayout(layout)
        self.hide()

    def ask(self, task: str, words: str, yes: str, no: str) -> None:
        self._task = task
        self._words.setText(f"{task}: {words}" if task else words)
        self.yes.setText(yes)
        self.no.setText(no)
        self.show()
