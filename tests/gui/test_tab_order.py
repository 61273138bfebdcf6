"""The way through a window leaves it as it is."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QVBoxLayout, QWidget

from smartspec.gui.widgets.tab_order import step


def test_what_follows_a_deleted_widget_is_not_taken_for_gone(qapp: QApplication) -> None:
    window = QWidget()
    one, other = QPushButton("one"), QPushButton("other")
    layout = QVBoxLayout(window)
    layout.addWidget(one)
    layout.addWidget(other)
    action = QMenu(other).addAction("made by Qt")
    window.show()
    one.setFocus()
    assert step(window, [window], is_next=True) and window.focusWidget() is other
    one.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert shiboken6.isValid(action) and action.text() == "made by Qt"
    window.close()
