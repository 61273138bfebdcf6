"""In the status bar: the slow thing that is under way, how far it is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from smartspec.gui.background import Background
from smartspec.gui.widgets.controls import button, label, row
from smartspec.gui.words import tr
from smartspec.gui.work import Work

_SHOWN_AFTER_MS = 400  # what is done by then needs no progress
_WIDTH = 120


class WorkItem(QWidget):
    """The one that began last; another that is still under way comes back when that has ended."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._works: list[Work] = []
        self._name = label("", "small")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 1_000)
        self._bar.setFixedSize(QSize(_WIDTH, 6))
        self._part = label("", "small")
        self.cancel = button(tr("Cancel"), "link", then=self._stop)
        self.setLayout(row(self._name, self._bar, self._part, self.cancel, spacing=8, margins=(8, 0, 8, 0)))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._late = QTimer(self, singleShot=True, interval=_SHOWN_AFTER_MS)
        self._late.timeout.connect(self._show)
        background.began.connect(self._on_began)
        self.hide()

    @property
    def text(self) -> str:
        return f"{self._name.text()} {self._part.text()}" if self.isVisible() else ""

    def _on_began(self, work: Work) -> None:
        self._works.append(work)
        work.moved.connect(lambda share: self._on_moved(work, share))
        work.ended.connect(lambda: self._on_ended(work))
        self._late.start()

    def _show(self) -> None:
        self.setVisible(bool(self._works))
        if self._works:
            self._name.setText(self._works[-1].name)
            self._bar.setAccessibleName(self._works[-1].name)
            self.cancel.setAccessibleName(tr("Cancel: {0}").format(self._works[-1].name))

    def _on_moved(self, work: Work, share: float) -> None:
        if self._works and work is self._works[-1]:
            self._bar.setValue(round(share * 1_000))
            self._part.setText(f"{share * 100:.0f} %")

    def _on_ended(self, work: Work) -> None:
        self._works.remove(work)
        self._bar.setValue(0)
        self._part.setText("")
        self._late.stop()
        self._show()

    def _stop(self) -> None:
        if self._works:
            self._works[-1].stop()
