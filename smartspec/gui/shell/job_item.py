"""In the status bar: the slow thing that is under way, how far it is, and the way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from smartspec.gui.core.background import Background
from smartspec.gui.core.job import BackgroundJob
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

_SHOWN_AFTER_MS = 400  # what is done by then needs no progress
_WIDTH = 120


class JobItem(QWidget):
    """The one that began last; another that is still under way comes back when that has ended."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[BackgroundJob] = []
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
        self._late.timeout.connect(self._show_job)
        background.began.connect(self._on_began)
        self.hide()

    @property
    def text(self) -> str:
        return f"{self._name.text()} {self._part.text()}" if self.isVisible() else ""

    def _on_began(self, job: BackgroundJob) -> None:
        self._jobs.append(job)
        job.moved.connect(lambda share: self._on_moved(job, share))
        job.ended.connect(lambda: self._on_ended(job))
        self._late.start()

    def _show_job(self) -> None:
        self.setVisible(bool(self._jobs))
        if self._jobs:
            self._name.setText(self._jobs[-1].name)
            self._bar.setAccessibleName(self._jobs[-1].name)
            self.cancel.setAccessibleName(tr("Cancel: {job}", job=self._jobs[-1].name))

    def _on_moved(self, job: BackgroundJob, share: float) -> None:
        if self._jobs and job is self._jobs[-1]:
            self._bar.setValue(round(share * 1_000))
            self._part.setText(f"{share * 100:.0f} %")

    def _on_ended(self, job: BackgroundJob) -> None:
        self._jobs.remove(job)
        self._bar.setValue(0)
        self._part.setText("")
        self._late.stop()
        self._show_job()

    def _stop(self) -> None:
        if self._jobs:
            self._jobs[-1].stop()
