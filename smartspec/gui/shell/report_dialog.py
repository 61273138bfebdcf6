"""The report of an error in the program itself, with a button to copy it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from smartspec.gui.widgets.dialogs import Dialog, text_to_read, wrapped
from smartspec.messages import tr


class ReportDialog(Dialog):
    """Does not stand in the way: everything else can be used."""

    def __init__(self, text: str, file: Path | None, parent: QWidget | None) -> None:
        super().__init__(
            parent, tr("An error in SmartSpec itself"),
            tr("Something went wrong that is not your fault. What was saved is safe, and you can continue."),
            width=680, height=420,
        )  # fmt: skip
        self.setObjectName("report")
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.body.addWidget(text_to_read(text, tr("The report")), 1)
        if file is not None:
            kept = wrapped(tr("Kept in {file}", file=file), "caption")
            kept.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self.body.addWidget(kept)
        self.add_button(tr("Close"), then=self.close)
        self.add_button(tr("Copy report"), "primary", lambda: QGuiApplication.clipboard().setText(text))
