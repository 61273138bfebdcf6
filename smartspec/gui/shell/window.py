"""The window: bars around the pages, and what floats above them."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain.workspace import SAMPLES
from smartspec.gui.contract import Feature, Page, pages_of
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.editing import Editing
from smartspec.gui.core.navigation import LINK, Location
from smartspec.gui.core.notifications import Message
from smartspec.gui.shell import window_place
from smartspec.gui.shell.actions import WindowActions
from smartspec.gui.shell.ages import Ages
from smartspec.gui.shell.attention_watch import AttentionWatch
from smartspec.gui.shell.failure_watch import FailureWatch
from smartspec.gui.shell.ledger_view import LedgerView
from smartspec.gui.shell.message_bar import MessageBar
from smartspec.gui.shell.now.place import NowPlace
from smartspec.gui.shell.now.reader import NowReader
from smartspec.gui.shell.pane_steps import step_pane
from smartspec.gui.shell.rail import Rail
from smartspec.gui.shell.run_watch import RunWatch
from smartspec.gui.shell.status_bar import StatusBar
from smartspec.gui.shell.telling_watch import TellingWatch
from smartspec.gui.shell.toast import ToastBar
from smartspec.gui.shell.top_bar import TopBar
from smartspec.gui.shell.window_search import WindowSearch
from smartspec.gui.style import icons, theme
from smartspec.gui.widgets.tab_order import step
from smartspec.messages import tr

if TYPE_CHECKING:
    from smartspec.gui.shell.palette.overlay import Palette

NARROW = 1120
_SUFFIXES = (".yaml", ".yml", ".json")


class MainWindow(QMainWindow):
    """`closing`: a person closes the window; `quit_asked`: the program is to end."""

    closing = Signal(object)
    quit_asked = Signal()

    def __init__(self, context: AppContext, features: tuple[Feature, ...]) -> None:
        super().__init__()
        self._features = features
        self._specs = {spec.name: spec for spec in pages_of(features)}
        self.context = context
        self._narrow: bool | None = None
        self.is_aside = False
        self.setWindowTitle("SmartSpec")
        self.setWindowIcon(icons.application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)
        self.window_actions = WindowActions(context, features, self)
        self._register_window_handlers()
        self.top = TopBar(context.actions)
        self.rail = Rail(context.actions, self._specs.values())
        searched = next((spec.name for spec in self._specs.values() if spec.takes_search), "")
        self._search = WindowSearch(context.navigator, self.top, searched, lambda: self.shown)
        self.status = StatusBar(context, self._search.show_found)
        self.window_actions.backed_up.connect(self.status.check_health)
        self.window_actions.checked.connect(self.status.check_every_page)
        self.message_bar = MessageBar(context.notifications, context.actions)
        self.stack = QStackedWidget()
        self._pages: dict[str, Page] = {}
        self.toast = ToastBar(context.notifications, self, self._top_of_bars)
        self.toast.offered.connect(context.actions.do_first)
        self.ledger = LedgerView(context, self.stack, self.status, self)
        self._follow_runs()
        self._lay_out_window()
        self.now_reader = NowReader(context, self)
        self.now_reader.told.connect(self.status.show_now)
        self.now = NowPlace(context, self.now_reader, self.status.runner, self, self._middle)
        self.ledger.lost_changed.connect(self.now.show_lost)
        self.ledger.lost_changed.connect(self.now_reader.read)
        self.ledger.lost_changed.connect(self._light_page)
        context.navigator.went.connect(self._on_went)
        for told in (context.notifications.notified, context.notifications.kept):
            told.connect(self._on_notified)
        theme.on_change(self.top.follow_theme)
        self.top.follow_theme()
        for action in context.actions:
            self.addAction(action)
        for number in range(1, 10):
            QShortcut(QKeySequence(f"Alt+{number}"), self, partial(self._show_tab, number - 1))
        Ages(self)
        self._restore()

    def _follow_runs(self) -> None:
        self._runs, self.failures = RunWatch(self.context, self), FailureWatch(self.context, self)
        self.telling = TellingWatch(self.context, self)
        self._attention = AttentionWatch(self.context, self._specs.values(), self)
        self._attention.told.connect(self.rail.show_attention)
        self._attention.told.connect(self.top.show_attention)

    def _on_notified(self) -> None:
        self.top.show_unread(True)

    def _lay_out_window(self) -> None:
        root = QWidget()
        root.setObjectName("root")
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.ledger.bar)
        inner.addWidget(self.message_bar)
        inner.addWidget(self.stack, 1)
        self._middle = middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self.rail)
        middle.addWidget(body, 1)
        outer = QVBoxLayout(root)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top)
        outer.addLayout(middle, 1)
        outer.addWidget(self.status)
        self.setCentralWidget(root)

    # Pages: each is made when it is first gone to

    def page(self, name: str) -> Page:
        if name not in self._pages:
            made = self._pages[name] = self._specs[name].make(self.context, self.stack)
            self.stack.addWidget(made)
            if self._narrow is not None:
                made.show_narrow(self._narrow)
        return self._pages[name]

    @property
    def shown(self) -> Page | None:
        """The page that is to be seen."""
        return next((page for page in self._pages.values() if page is self.stack.currentWidget()), None)

    def _on_went(self, location: Location) -> None:
        spec, page = self._specs[location.page], self.page(location.page)
        if self.ledger.is_safe_start and spec.is_at_foot:
            self.ledger.step_back()
        if spec.is_at_foot or not self.ledger.is_safe_start:
            self.stack.setCurrentWidget(page)
        self.rail.show_page(spec.parent or spec.name)
        self.top.show_search(location.query if spec.takes_search else "")
        page.show_location(location)
        self.toast.on_went(location)
        if not self._focus_is_inside(page):
            page.panes()[0].setFocus()
        self._register_window_handlers()
        if spec.title and not spec.is_at_foot:
            self.context.ui_state.keep("page", location.page)

    def _light_page(self) -> None:
        """In the rail: the one that is shown, none where that is what was found of a lost ledger."""
        location = self.context.navigator.location
        spec = self._specs[location.page] if location is not None and self.shown is not None else None
        self.rail.show_page((spec.parent or spec.name) if spec is not None else "")

    def show_what_was_found(self) -> None:
        """Of a ledger that is lost, with the ways out."""
        if self.ledger.lost is not None:
            self.ledger.show_safe_start(self.ledger.lost)
            self._light_page()

    def _top_of_bars(self, left: int, right: int) -> int:
        """Where the lowest bars begin, between two columns of the window."""
        bars = [self.status, *(self.shown.bottom_bars() if self.shown else [])]
        places = [QRect(each.mapTo(self, QPoint()), each.size()) for each in bars if each.isVisible()]
        tops = [place.top() for place in places if place.left() < right and place.right() > left]
        return min(tops, default=self.height())

    def _focus_is_inside(self, page: QWidget) -> bool:
        focused = QApplication.focusWidget() or self.focusWidget()  # nobody has it just after a dialog
        return focused is not None and page.isAncestorOf(focused)

    # Actions of the window

    def _register_window_handlers(self) -> None:
        navigator = self.context.navigator
        disabled = {
            name for name, can in (("back", navigator.can_go_back), ("forward", navigator.can_go_forward)) if not can
        }
        disabled.add("samples" if self.context.workspace == SAMPLES else "remove_samples")
        self.context.actions.register_handlers("window", {
            **self.window_actions.handlers(), "quit": self.quit, "find": lambda: self._search.take_keyboard(),
            **{spec.action: partial(navigator.go, Location(spec.name)) for spec in self._specs.values() if spec.title},
            "back": lambda: navigator.step(-1), "forward": lambda: navigator.step(1),
            "next_pane": lambda: self._step_pane(1), "previous_pane": lambda: self._step_pane(-1),
            "fullscreen": self.toggle_fullscreen, "messages": self.show_messages, "palette": self.show_palette,
            "now": lambda: self.now.toggle(),
        }, disabled)  # fmt: skip

    def toggle_fullscreen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _step_pane(self, by: int) -> None:
        step_pane([*(self.shown.panes() if self.shown else []), self.status.database, self.rail], by)

    def _show_tab(self, number: int) -> None:
        """A tab of the page, where it has tabs."""
        tabs = self.shown.tab_bar() if self.shown else None
        if tabs is not None and number < tabs.count():
            tabs.setCurrentIndex(number)

    @cached_property
    def palette_view(self) -> Palette:
        from smartspec.gui.shell.palette.overlay import Palette

        return Palette(self.context, self._features, self)

    def show_palette(self) -> None:
        self.palette_view.open()

    def show_messages(self) -> None:
        from smartspec.gui.shell.messages_dialog import MessagesDialog

        self.top.show_unread(False)
        MessagesDialog(self.context.notifications.messages, self.context.navigator.go, self).open()

    def quit(self) -> None:
        self.quit_asked.emit()

    def show_now(self) -> None:
        self.open_target("")
        self.now.open()

    def step_aside(self) -> None:
        """Closed, and kept: `open_target` brings it back. A dialog that is closed meanwhile is not the last window."""
        self.remember()
        self.is_aside = True
        QApplication.setQuitOnLastWindowClosed(False)
        self.hide()

    def open_target(self, target: str) -> None:
        """A link to an execution, a file to import, or nothing: the window comes to the front."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        opened = next((spec for spec in self._specs.values() if spec.link and target.startswith(spec.link)), None)
        key = target.removeprefix(opened.link).strip("/") if opened is not None else ""
        if opened is not None and key:
            self.context.navigator.go(Location(opened.name, key))
        elif target.lower().endswith(_SUFFIXES):
            self.window_actions.preview([Path(target)])
        elif target:
            self.context.notifications.notify(Message(
                "error", tr("“{target}” cannot be opened.", target=target),
                tr("A workflow file ends in .yaml, .yml or .json; a link begins with {link}", link=LINK),
            ))  # fmt: skip

    # State

    @property
    def is_dirty(self) -> bool:
        """Whether something is written in it that is not saved."""
        return any(isinstance(each, Editing) and each.is_dirty for each in self.findChildren(QWidget))

    def open_dialog(self) -> QDialog | None:
        """One in which something may be written."""
        return next((each for each in self.findChildren(QDialog) if each.isVisible()), None)

    def _restore(self) -> None:
        if window_place.put(self, self.context.ui_state.get("geometry", [])):
            return
        room = self.screen().availableSize() - QSize(8, 32)  # the frame of the window is outside of it
        self.resize(QSize(1280, 800).boundedTo(room))

    def take_place_of(self, old: MainWindow) -> None:
        """Where it stands, as large as it is."""
        window_place.put(self, window_place.place_of(old))
        if not old.isMaximized() and not old.isFullScreen():
            self.resize(old.size())  # also where a person made it larger than the screen

    def remember(self) -> None:
        self.context.ui_state.keep("geometry", window_place.place_of(self))
        self.context.ui_state.save()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.is_aside = False
        QApplication.setQuitOnLastWindowClosed(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.toast.reposition()
        self.now.reposition()
        if "palette_view" in self.__dict__ and self.palette_view.isVisible():
            self.palette_view.reposition()
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            for bar in (self.top, self.rail, self.status, self.now):
                bar.show_narrow(narrow)
            for page in self._pages.values():
                page.show_narrow(narrow)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """In the order in which the window is read."""
        shown = self.shown.parts() if self.shown is not None else []
        bars = (self.top, self.rail, self.ledger.bar, self.message_bar)
        return step(self, (*bars, *shown, self.stack, self.status, self.toast), is_next=is_next)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(_can_be_imported(Path(each.toLocalFile())) for each in event.mimeData().urls() if each.isLocalFile()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        chosen = [Path(each.toLocalFile()) for each in event.mimeData().urls() if each.isLocalFile()]
        self.window_actions.preview([each for each in chosen if _can_be_imported(each)])

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
        if event.isAccepted():
            self.remember()


def _can_be_imported(path: Path) -> bool:
    """A workflow file, or a folder that may hold some."""
    return path.suffix.lower() in _SUFFIXES or path.is_dir()
