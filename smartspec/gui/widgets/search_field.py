"""Lines to search with."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QToolButton

from smartspec.gui.style import icons
from smartspec.messages import tr


def search_field(hint: str, name: str) -> QLineEdit:
    """A line to search with."""
    made = QLineEdit()
    made.setPlaceholderText(hint)
    made.setToolTip(hint)
    made.setAccessibleName(name)
    make_searching(made)
    return made


def make_searching(field: QLineEdit) -> None:
    """Give a line the look of a search, and a button that clears it."""
    field.setProperty("kind", "search")
    field.setClearButtonEnabled(True)
    field.addAction(icons.icon("magnifying-glass", "text3"), QLineEdit.ActionPosition.LeadingPosition)
    name_buttons(field)


def name_buttons(field: QLineEdit) -> None:
    """Those that stand in a line to search with."""
    for each in field.findChildren(QToolButton):
        action = each.defaultAction()  # Qt names that of the button which clears, and not the button
        clears = action is not None and action.objectName() == "_q_qlineeditclearaction"
        each.setAccessibleName(tr("Clear") if clears else tr("Search"))
