"""The bar at the top: logo, menus, back and forward, search, commands, messages, light or dark."""

from __future__ import annotations

import sys
from functools import cached_property

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QMenuBar, QToolButton, QWidget

from smartspec.gui.core.actions import MENUS, Actions, without_mnemonic
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.buttons import button, icon_button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.search_field import make_searching
from smartspec.messages import tr, translate

HEIGHT = 44
_PAUSE_MS = 200  # between letters


class TopBar(QWidget):
    """`searched`: what is written is to be looked for; `typed`: so far, while one still writes."""

    searched = Signal(str)
    typed = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(HEIGHT)
        self._actions = actions
        self.menus = self._menu_bar()
        self.hamburger = self._hamburger()
        self.search = _Search()
        self._typing = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._typing.timeout.connect(self._on_paused)
        self.search.textEdited.connect(lambda _text: self._typing.start())
        self.search.returnPressed.connect(self._on_entered)
        self.back = self._tool("back")
        self.forward = self._tool("forward")
        self.commands = button(tr("Commands"), "ghost", "command", actions["palette"].trigger)
        actions["palette"].changed.connect(lambda: self.commands.setEnabled(actions["palette"].isEnabled()))
        actions["find"].changed.connect(lambda: self.search.setEnabled(actions["find"].isEnabled()))
        self._keys = _key(_native("Ctrl+K"))
        self.bell = icon_button("bell", tr("Messages"), self._on_bell)
        self._has_unread = self._has_alerts = False
        actions["messages"].changed.connect(lambda: self.bell.setEnabled(actions["messages"].isEnabled()))
        self.theme = self._tool("theme")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 0, 16, 0)
        layout.setSpacing(4)
        layout.addWidget(_Logo())
        layout.addSpacing(20)
        layout.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self.hamburger)
        layout.addStretch(1)
        layout.addWidget(self.back)
        layout.addWidget(self.forward)
        layout.addSpacing(4)
        layout.addWidget(self.search, 8)
        layout.addSpacing(8)
        layout.addWidget(self.commands)
        layout.addWidget(self._keys)
        layout.addStretch(1)
        layout.addWidget(self.bell)
        layout.addWidget(self.theme)
        self.show_narrow(False)

    def _on_entered(self) -> None:
        self._typing.stop()
        self.searched.emit(self.search.text())

    def _on_paused(self) -> None:
        """A filter without its value is not looked for yet."""
        if not self.search.text().rstrip().endswith(":"):
            self.typed.emit(self.search.text())

    def show_search(self, text: str) -> None:
        """What is looked for now, unless that stands there: the cursor stays."""
        if text != self.search.text():
            self.search.setText(text)

    def show_narrow(self, narrow: bool) -> None:
        """Below 1,120 px the menus fold into one."""
        native = sys.platform == "darwin"
        self.search.show_narrow(narrow)
        self.menus.setVisible(not narrow and not native)
        self.hamburger.setVisible(narrow and not native)

    def show_unread(self, unread: bool) -> None:
        """Whether there are messages that nobody has looked at."""
        self._has_unread = unread
        self._show_bell()

    def show_attention(self, page: str, needed: bool) -> None:
        """What needs a person on a page: alerts ring."""
        if page == "alerts":
            self._has_alerts = needed
            self._show_bell()

    @property
    def _is_for_alerts(self) -> bool:
        return self._has_alerts and not self._has_unread

    def _show_bell(self) -> None:
        """It rings for messages, else for alerts, and leads to what it rings for."""
        rings = self._has_unread or self._has_alerts
        self.bell.setIcon(icons.icon("bell-ringing" if rings else "bell", "failed" if rings else "text2"))
        name = tr("Alerts") if self._is_for_alerts else tr("Messages")
        self.bell.setAccessibleName(name)
        self.bell.setToolTip(name)

    def _on_bell(self) -> None:
        self._actions["page_alerts" if self._is_for_alerts else "messages"].trigger()

    def follow_theme(self) -> None:
        self.theme.setIcon(icons.icon("moon" if theme.tokens().name == "light" else "sun"))

    def _menu_bar(self) -> QMenuBar:
        bar = QMenuBar()
        bar.setNativeMenuBar(sys.platform == "darwin")
        for title in MENUS:
            self._actions.menu(title, bar.addMenu(translate(title)))
        return bar

    def _hamburger(self) -> QToolButton:
        """All menus in one, made when it is wanted."""
        made = icon_button("list", tr("Menu"))
        made.clicked.connect(lambda: self.all_menus.popup(made.mapToGlobal(made.rect().bottomLeft())))
        return made

    @cached_property
    def all_menus(self) -> QMenu:
        menu = QMenu(self)
        for title in MENUS:
            self._actions.menu(title, menu.addMenu(translate(title)))
        return menu

    def _tool(self, name: str) -> QToolButton:
        action = self._actions[name]
        made = icon_button(str(action.property("icon_name")), without_mnemonic(action.text()), action.trigger)
        action.changed.connect(lambda: made.setEnabled(action.isEnabled()))
        made.setEnabled(action.isEnabled())
        return made


def _native(keys: str) -> str:
    """As the platform writes them, without the plus signs."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText).replace("+", " ")


def _key(text: str) -> QWidget:
    made = label(text, "key")
    made.setFixedHeight(22)
    return made


class _Search(QLineEdit):
    """Takes the language of History, which shows what fits while one types. Enter goes there, Esc leaves the line."""

    def __init__(self) -> None:
        super().__init__()
        make_searching(self)
        self.setAccessibleName(tr("Search executions"))
        self.setMaximumWidth(480)
        self.setMinimumWidth(180)
        self._keys = _key(_native("Ctrl+F"))
        self._keys.setParent(self)
        self.setTextMargins(0, 0, self._keys.sizeHint().width(), 0)
        self.show_narrow(False)
        self.textChanged.connect(lambda text: self._keys.setVisible(not text))

    def show_narrow(self, narrow: bool) -> None:
        whole = tr("Search executions, e.g. status:failed wf:backup after:mon")
        self.setPlaceholderText(tr("Search executions, e.g. status:failed") if narrow else whole)
        self.setToolTip(self.placeholderText())

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self._keys.sizeHint()
        self._keys.setGeometry(self.width() - size.width() - 6, (self.height() - 22) // 2, size.width(), 22)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
            return
        super().keyPressEvent(event)


class _Logo(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(24)

    # Qt

    def sizeHint(self) -> QSize:
        return QSize(24, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        icons.paint_logo(painter, QRectF(0, (self.height() - 24) / 2, 24, 24))
        painter.end()
