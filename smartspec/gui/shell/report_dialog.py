"""The report of an error in the program itself, with a button to copy it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr


class ReportDialog(QDialog):
    """Does not stand in the way: everything else can be used."""

    def __init__(self, text: str, file: Path | None, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setObjectName("report")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.setWindowTitle(tr("An error in SmartSpec itself"))
        words = label(
            tr("Something went wrong that is not your fault. What was saved is safe, and you can continue."), ""
        )
        words.setWordWrap(True)
        shown = QPlainTextEdit(text)
        shown.setReadOnly(True)
        shown.setProperty("verbatim", True)
        shown.setFont(theme.font("small", mono=True))
        shown.setAccessibleName(tr("The report"))
        copy = button(tr("Copy report"), "primary", "copy", lambda: QGuiApplication.clipboard().setText(text))
        kept = label(tr("Kept in {file}", file=file) if file else "", "caption", selectable=True)
        layout = QVBoxLayout(self)
        for each in (words, shown, kept):
            layout.addWidget(each)
        layout.addLayout(row(None, button(tr("Close"), then=self.close), copy))
        self.resize(640, 360)
