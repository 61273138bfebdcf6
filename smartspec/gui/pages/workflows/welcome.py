"""The first run: three ways to begin."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from smartspec.gui.core.actions import shortcut_text
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons, painting, theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

_LONGEST_PATH = 160  # pixels
_LOW = 480  # of the page: the picture has no room


class Welcome(QWidget):
    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        actions = context.actions
        cards = [
            _Card(actions["new"], "plus", tr("Create your first workflow"),
                  tr("Begin with one task, and write on with live checks."), primary=True),
            _Card(actions["import"], "download-simple", tr("Import what you have"),
                  tr("YAML or JSON files, with a preview.")),
            _Card(actions["samples"], "flask", tr("Explore sample data"),
                  tr("5 workflows, 200 executions. One click removes it all.")),
        ]  # fmt: skip
        self.first = cards[0]
        title = label(tr("Workflows live here"), "display")
        words = label(
            tr("A workflow is a list of commands on this machine and the order they run in.\n"
               "Every execution is recorded: when, which version, what it printed, why it failed."), "secondary"
        )  # fmt: skip
        drop = label(tr("or drop .yaml or .json files, or a folder of them, anywhere in this window"), "caption")
        for each in (title, words, drop):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setWordWrap(True)
        folder = str(context.database.parent).replace(str(Path.home()), "~")
        stays = label("", "caption")
        shown = stays.fontMetrics().elidedText(folder, Qt.TextElideMode.ElideMiddle, _LONGEST_PATH)
        stays.setText(tr("Everything stays in {folder} on this computer. No account, no telemetry.", folder=shown))
        stays.setToolTip(plain_tip(folder) if shown != folder else "")
        open_folder = button(tr("Open folder"), "link", then=actions["open_folder"].trigger)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(10)
        layout.addStretch(3)
        self._picture = _Picture()
        layout.addLayout(row(None, self._picture, None))
        layout.addSpacing(10)
        layout.addWidget(title)
        layout.addWidget(words)
        layout.addSpacing(8)
        layout.addLayout(row(None, *cards, None, spacing=14))
        layout.addSpacing(4)
        layout.addWidget(drop)
        layout.addStretch(3)
        layout.addLayout(row(None, stays, open_folder, None))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words before pictures, where there is not room for both."""
        super().resizeEvent(event)
        self._picture.setVisible(event.size().height() > _LOW)


class _Card(QAbstractButton):
    def __init__(self, action: QAction, icon: str, title: str, words: str, *, primary: bool = False) -> None:
        super().__init__()
        self._icon, self._title, self._words, self._primary = icon, title, words, primary
        self._keys = shortcut_text(action)
        self.setAccessibleName(title)
        self.setAccessibleDescription(words)
        self.setToolTip(f"{title}\n{words}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(236, 124)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, 124)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ring = self.hasFocus() or self._primary
        painter.setPen(QPen(theme.colour("focus" if ring else "line_strong"), 2 if ring else 1))
        painter.setBrush(theme.colour("hover" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent" if self._primary else "sunken"))
        painter.drawRoundedRect(QRectF(16, 16, 32, 32), 6, 6)
        icons.paint(painter, QRectF(24, 24, 16, 16), self._icon, "on_accent" if self._primary else "text2")
        key = theme.font("caption", 500)
        painter.setFont(key)
        width = painter.fontMetrics().horizontalAdvance(self._keys) + 14
        box = QRectF(self.width() - width - 14, 20, width, 20)
        painter.setPen(QPen(theme.colour("line_strong"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        painting.text(painter, box, self._keys, "text2", key, Qt.AlignmentFlag.AlignHCenter)
        painting.text(painter, QRectF(16, 56, self.width() - 28, 20), self._title, "text", theme.font("body", 600))
        room = QRectF(16, 77, self.width() - 28, self.height() - 82)
        painting.paragraph(painter, room, self._words, "text2", theme.font("small"))
        painter.end()


class _Picture(QWidget):
    """Four tasks and what they wait for."""

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(432, 120)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cards = (
            (0, 37, "terminal-window", "completed", "check-circle-fill"),
            (156, 1, "stack", "completed", "check-circle-fill"),
            (156, 73, "database", "running", "play-circle"), (310, 37, "bell", "outline", "circle-dashed"),
        )  # fmt: skip
        for start, end in ((0, 1), (0, 2), (1, 3), (2, 3)):
            one = QPointF(cards[start][0] + 120, cards[start][1] + 22)
            other = QPointF(cards[end][0], cards[end][1] + 22)
            path = QPainterPath(one)
            path.cubicTo(one + QPointF(18, 0), other - QPointF(18, 0), other)
            painter.setPen(QPen(theme.colour("outline"), 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(path)
        for x, y, icon, colour, status in cards:
            box = QRectF(x, y, 120, 44)
            painter.setPen(QPen(theme.colour("line_strong"), 1))
            painter.setBrush(theme.colour("raised"))
            painter.drawRoundedRect(box, 6, 6)
            painter.fillRect(QRectF(x, y + 3, 4, 38), theme.colour(colour))
            icons.paint(painter, QRectF(x + 14, y + 14, 16, 16), icon, "text2")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("line_strong"))
            painter.drawRoundedRect(QRectF(x + 40, y + 14, 50, 5), 2, 2)
            painter.setBrush(theme.colour("line"))
            painter.drawRoundedRect(QRectF(x + 40, y + 25, 28, 5), 2, 2)
            painting.status_icon(
                painter, QRectF(x + 98, y + 15, 14, 14), status, colour if colour != "outline" else "text2"
            )
        painter.end()
