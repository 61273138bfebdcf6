"""The window: bars around the pages, and what floats above them."""

from __future__ import annotations

from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from smartspec.domain.workspace import SAMPLES
from smartspec.gui import icons, theme
from smartspec.gui.desk import Desk
from smartspec.gui.notices import Message
from smartspec.gui.places import LINK, Place
from smartspec.gui.shell.deeds import WindowDeeds
from smartspec.gui.shell.messagebar import MessageBar, MessagesDialog
from smartspec.gui.shell.rail import Rail
from smartspec.gui.shell.statusbar import StatusBar
from smartspec.gui.shell.toast import ToastBar
from smartspec.gui.shell.topbar import TopBar
from smartspec.gui.words import tr

if TYPE_CHECKING:
    from smartspec.gui.shell.palette import Palette

NARROW = 1120
PAGES = {"workflows": "page_workflows", "history": "page_history"}
_SUFFIXES = (".yaml", ".yml", ".json")


class MainWindow(QMainWindow):
    """`closing`: a person closes the window."""

    closing = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self._narrow: bool | None = None
        self.setWindowTitle("SmartSpec")
        self.setWindowIcon(icons.application_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)
        self.deeds = WindowDeeds(desk, self)
        self._serve_window()
        self.top = TopBar(desk.actions)
        self.rail = Rail(desk.actions, PAGES)
        self.status = StatusBar(desk)
        self.deeds.backed_up.connect(self.status.look_at_health)
        self.message_bar = MessageBar(desk.notices, desk.actions)
        self.stack = QStackedWidget()
        self._pages: dict[str, QWidget] = {}
        self.toast = ToastBar(desk.notices, self)
        self._lay_out()
        self.top.searched.connect(lambda text: desk.navigator.go(Place("history", query=text)))
        desk.navigator.went.connect(self._on_went)
        desk.notices.told.connect(self._on_told)
        theme.on_change(self.top.follow_theme)
        self.top.follow_theme()
        for action in desk.actions:
            self.addAction(action)
        for number in range(1, 7):
            QShortcut(QKeySequence(f"Alt+{number}"), self, partial(self._show_tab, number - 1))
        self._restore()

    def _on_told(self) -> None:
        self.top.show_news(True)

    def _lay_out(self) -> None:
        root = QWidget()
        root.setObjectName("root")
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.message_bar)
        inner.addWidget(self.stack, 1)
        middle = QHBoxLayout()
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

    def page(self, name: str) -> QWidget:
        if name not in self._pages:
            self._pages[name] = self._made(name)
            self.stack.addWidget(self._pages[name])
            if self._narrow is not None:
                self._pages[name].show_narrow(self._narrow)  # type: ignore[attr-defined]
        return self._pages[name]

    def _made(self, name: str) -> QWidget:
        if name == "workflows":
            from smartspec.gui.workflows.page import WorkflowsPage

            page = WorkflowsPage(self.desk)
            page.trash_asked.connect(self.deeds.show_trash)
            page.manager.attention.connect(partial(self.rail.show_attention, "workflows"))
            return page
        if name == "history":
            from smartspec.gui.history.page import HistoryPage

            history = HistoryPage(self.desk)
            history.searched.connect(self._on_searched)
            return history
        from smartspec.gui.execution.page import ExecutionPage

        return ExecutionPage(self.desk)

    def _on_went(self, place: Place) -> None:
        page = self.page(place.page)
        self.stack.setCurrentWidget(page)
        self.rail.show_page("history" if place.page == "execution" else place.page)
        self.top.search.setText(place.query if place.page == "history" else "")
        page.show_place(place)  # type: ignore[attr-defined]
        if not self._focus_is_inside(page):
            page.panes()[0].setFocus()  # type: ignore[attr-defined]
        self._serve_window()
        if place.page != "execution":
            self.desk.memory.keep("page", place.page)

    def _focus_is_inside(self, page: QWidget) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and page.isAncestorOf(focused)

    def _on_searched(self, text: str) -> None:
        self.top.search.setText(text)
        self.desk.navigator.go(Place("history", query=text))

    # Deeds of the window

    def _serve_window(self) -> None:
        navigator = self.desk.navigator
        refused = {
            name for name, can in (("back", navigator.can_go_back), ("forward", navigator.can_go_forward)) if not can
        }
        refused.add("samples" if self.desk.workspace == SAMPLES else "remove_samples")
        self.desk.actions.serve("window", {
            **self.deeds.handlers(), "quit": self.close, "undo": self.undo, "find": self.find_text,
            "page_workflows": lambda: navigator.go(Place("workflows")),
            "page_history": lambda: navigator.go(Place("history")),
            "back": lambda: navigator.step(-1), "forward": lambda: navigator.step(1),
            "next_pane": lambda: self._step_pane(1), "previous_pane": lambda: self._step_pane(-1),
            "fullscreen": self.toggle_fullscreen, "messages": self.show_messages, "palette": self.show_palette,
        }, refused)  # fmt: skip

    def toggle_fullscreen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def undo(self) -> None:
        if self.toast.can_undo:
            self.toast.undo()

    def find_text(self) -> None:
        """Among all executions; an editor or a log that is shown finds in itself."""
        self.top.search.setFocus()
        self.top.search.selectAll()

    def _step_pane(self, by: int) -> None:
        panes = [*getattr(self.stack.currentWidget(), "panes", list)(), self.status.database, self.rail]
        focused = QApplication.focusWidget()
        at = next(
            (n for n, pane in enumerate(panes) if pane is focused or (focused and pane.isAncestorOf(focused))), -1
        )
        pane = panes[(at + by) % len(panes)]
        target = (
            pane
            if pane.focusPolicy()
            else next((each for each in pane.findChildren(QWidget) if each.focusPolicy() and each.isVisible()), pane)
        )
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_tab(self, number: int) -> None:
        """A tab of the page, where it has tabs."""
        tabs = getattr(self.stack.currentWidget(), "tabs", None)
        if tabs is not None and number < tabs.count():
            tabs.setCurrentIndex(number)

    @cached_property
    def palette_view(self) -> Palette:
        from smartspec.gui.shell.palette import Palette

        return Palette(self.desk, self)

    def show_palette(self) -> None:
        self.palette_view.open()

    def show_messages(self) -> None:
        self.top.show_news(False)
        MessagesDialog(self.desk.notices.messages, self).show()

    def open_wish(self, wish: str) -> None:
        """A link to an execution, a file to import, or nothing: the window comes to the front."""
        self.show()
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()
        if wish.startswith(LINK):
            self.desk.navigator.go(Place("execution", wish.removeprefix(LINK).strip("/")))
        elif wish.lower().endswith(_SUFFIXES):
            self.deeds.preview([Path(wish)])
        elif wish:
            self.desk.notices.tell(Message(
                "error", tr("“{0}” cannot be opened.").format(wish),
                tr("A workflow file ends in .yaml, .yml or .json; a link begins with {0}").format(LINK),
            ))  # fmt: skip

    # State

    def _restore(self) -> None:
        memory = self.desk.memory
        geometry = memory.get("geometry", "")
        if geometry and self.restoreGeometry(QByteArray.fromBase64(QByteArray(geometry.encode()))):
            return
        room = self.screen().availableSize() - QSize(8, 32)  # the frame of the window is outside of it
        self.resize(QSize(1280, 800).boundedTo(room))

    def remember(self) -> None:
        self.desk.memory.keep("geometry", bytes(self.saveGeometry().toBase64().data()).decode())
        self.desk.memory.save()

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.toast.place()
        if "palette_view" in self.__dict__ and self.palette_view.isVisible():
            self.palette_view.place()
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            for each in (self.top, self.rail, self.status, *self._pages.values()):
                each.show_narrow(narrow)  # type: ignore[attr-defined]

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(each.toLocalFile().lower().endswith(_SUFFIXES) for each in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        chosen = [Path(each.toLocalFile()) for each in event.mimeData().urls()]
        self.deeds.preview([each for each in chosen if each.suffix.lower() in _SUFFIXES])

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
        if event.isAccepted():
            self.remember()
