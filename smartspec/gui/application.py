"""Qt's application, made once for the process."""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from smartspec import __version__

_SWITCH_SECONDS = 0.0005  # a thread that works gives way to the one that paints ten times as often as by default
_MADE_MS = 2_000  # by then all modules are imported and the first page is made


def application() -> QApplication:
    """Qt's, made once for the process."""
    app = QApplication.instance()
    if app is None:
        QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
        app = QApplication([*sys.argv[:1], "-style", "Fusion"])  # `setStyle` would answer with a QStyle: 4 ms
        sys.setswitchinterval(_SWITCH_SECONDS)
        QTimer.singleShot(_MADE_MS, app, _keep_what_is_made)
    assert isinstance(app, QApplication)
    app.setApplicationName("SmartSpec")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("smartspec")
    return app


def _keep_what_is_made() -> None:
    """What there is by now stays to the end: looking through it for garbage held the window for 40 ms (measured)."""
    gc.freeze()
    gc.enable()
