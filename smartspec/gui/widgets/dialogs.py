"""What dialogs are made of, and the question before what cannot be undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QMessageBox,
    QScrollArea,
    QWidget,
)

from smartspec.messages import tr


def plain_dialog(title: str, parent: QWidget) -> QDialog:
    made = QDialog(parent)
    made.setWindowTitle(title)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made


def scrolled(inner: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QScrollArea.Shape.NoFrame)
    made.setWidget(inner)
    return made


def close_buttons(dialog: QDialog) -> QDialogButtonBox:
    made = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    made.rejected.connect(dialog.reject)
    return made


def confirm(parent: QWidget, headline: str, meaning: str, verb: str) -> bool:
    """For what cannot be undone: the verb on the button, the safe one as default."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(tr("SmartSpec"))
    box.setText(headline)
    box.setInformativeText(meaning)
    do = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is do
