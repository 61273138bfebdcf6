"""The question before what cannot be undone."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from smartspec.gui.widgets.dialogs.dialog import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.messages import tr


def confirm(parent: QWidget, headline: str, meaning: str, verb: str) -> bool:
    """For what cannot be undone: the verb on the button, the safe one as default. It returns when it is answered."""
    dialog = Dialog(parent, headline, width=440)
    dialog.body.addWidget(wrapped(meaning, "secondary"))
    dialog.setAccessibleDescription(meaning)
    keep = dialog.add_button(tr("Cancel"), then=dialog.reject)
    dialog.add_button(verb, "danger", dialog.accept)
    keep.setDefault(True)
    keep.setFocus()
    return dialog.exec() == QDialog.DialogCode.Accepted
