"""The panel: what goes on in groups, narrowed by chips, with what can be done about each."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QMouseEvent, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from smartspec.domain.activity import Now
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.shell.now.activity_list import ActivityList
from smartspec.gui.shell.now.activity_row import ActivityRow
from smartspec.gui.shell.now.controls import ActivityControls
from smartspec.gui.shell.now.footer import NowFooter
from smartspec.gui.shell.now.header import NowHeader
from smartspec.gui.shell.now.reader import NowReader
from smartspec.gui.widgets.layout import column, restyle
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import tr

MOST_HEIGHT = 582
_COMPACT, _LEAST_LIST = 640, 120
_TICK_MS = 100


class NowPanel(QFrame):
    """`closed` and `pinned`: a person wants it gone, or at the right (or above the bar again). `filled`: it shows
    something else, and may want another height.
    """

    closed = Signal()
    pinned = Signal(bool)
    filled = Signal()

    def __init__(self, context: AppContext, reader: NowReader, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("now")
        self.setAccessibleName(tr("Now"))
        self._reader = reader
        self.is_docked = False
        self.opener: QWidget | None = None  # a click on it is no click outside
        self.controls = ActivityControls(context, self)
        self.header = NowHeader()
        self.list = ActivityList(context.workspace)
        self.states = ContentStates(self.list)
        self.footer = NowFooter()
        self._layout = column(self.header, self.states, self.footer, spacing=0, margins=(1, 1, 1, 1))
        self._layout.setStretch(1, 1)
        self.setLayout(self._layout)
        self._tick = QTimer(self, interval=_TICK_MS)
        self._tick.timeout.connect(self.list.tick)
        self._connect()
        self.hide()

    def _connect(self) -> None:
        self._reader.told.connect(self._on_told)
        self._reader.failed.connect(self._on_failed)
        self.controls.done.connect(self._reader.read)
        self.controls.opened.connect(self._on_opened)
        self.list.made.connect(self._on_row)
        self.list.more.connect(self._on_more)
        self.list.emptied.connect(lambda: self.header.all.setFocus(Qt.FocusReason.OtherFocusReason))
        self.header.chosen.connect(self._show)
        self.header.closed.connect(self.closed)
        self.header.pinned.connect(self.pinned)
        self.footer.limit_asked.connect(lambda: self.controls.open_setting("runner.at_once"))
        self.footer.runner_asked.connect(self.controls.start_runner)
        self.footer.pause_asked.connect(self.controls.pause_all)
        escape = QShortcut(QKeySequence("Esc"), self, self._on_escape)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_docked(self, docked: bool) -> None:
        """At the right it stays until it is closed; above the bar a click elsewhere closes it."""
        self.is_docked = docked
        restyle(self, docked=docked)
        self.header.show_pinned(docked)
        self._watch_clicks()

    def wanted_height(self) -> int:
        """Of the whole list, as far as there is room for it."""
        widget = self.list.widget()
        rows = widget.sizeHint().height() if widget is not None else 0
        ends = self.header.sizeHint().height() + self.footer.sizeHint().height()
        inner, frame = self.contentsMargins(), self._layout.contentsMargins()
        edges = inner.top() + inner.bottom() + frame.top() + frame.bottom()
        return min(MOST_HEIGHT, edges + ends + max(_LEAST_LIST, rows))

    def focus_first(self) -> None:
        rows = self.list.in_order
        (rows[0] if rows else self.header.all).setFocus(Qt.FocusReason.PopupFocusReason)

    # What is shown

    def _on_told(self, _now: Now) -> None:
        if self.isVisible():
            self._show()

    def _show(self) -> None:
        now = self._reader.now
        if now is None:
            self.states.show_loading()
            return
        self.footer.show_now(now)
        self.header.show_counts(now.counts)
        if self.list.show_now(now, self.header.state):
            self.states.show_content()
        elif self.header.state is None:
            self.states.show_empty("check", tr("Nothing runs, and nothing waits."))
        else:
            self.states.show_empty("check", tr("Nothing of that kind now"), "", (tr("Show all"), self._show_all))
        self.filled.emit()

    def _on_more(self) -> None:
        if self.isVisible():
            self._show()

    def _show_all(self) -> None:
        self.header.choose(None)

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self._reader.read)

    def _on_row(self, row: ActivityRow) -> None:
        row.asked.connect(self.controls.do)
        row.opened.connect(self.controls.open)
        row.setting_opened.connect(self.controls.open_setting)

    # The way out

    def _on_opened(self) -> None:
        if not self.is_docked:
            self.closed.emit()

    def _on_escape(self) -> None:
        if not self.is_docked:
            self.closed.emit()

    def _watch_clicks(self) -> None:
        """Of everything in the window, and only while it is there above it."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
            if self.isVisible() and not self.is_docked:
                app.installEventFilter(self)

    def _is_outside(self, watched: QObject) -> bool:
        if not isinstance(watched, QWidget) or watched.window() is not self.window():
            return False  # a menu, a dialog, a tooltip
        inside = watched is self or self.isAncestorOf(watched)
        return not inside and watched is not self.opener

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(event, QMouseEvent)
            and self._is_outside(watched)
        ):
            self.closed.emit()
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """It ends here: what is below is not clicked, and nothing was clicked outside."""
        event.accept()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tick.start()
        self._watch_clicks()
        self._show()
        self._reader.read()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._tick.stop()
        self._watch_clicks()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.header.fit()
        self.footer.show_compact(self.width() < _COMPACT)
