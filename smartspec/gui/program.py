"""The program: the ledger that is shown, and the window that shows it."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent

from smartspec import paths
from smartspec.changes import ChangeSet, Topic
from smartspec.domain.workspace import SAMPLES
from smartspec.errors import (
    DatabaseDamaged,
    DatabaseEncrypted,
    DatabaseGone,
    DatabaseReplaced,
    SmartSpecError,
    WorkspaceNotFound,
)
from smartspec.gui.application import application
from smartspec.gui.closing import Closing
from smartspec.gui.companions import Companions
from smartspec.gui.contract import Feature, actions_of, pages_of
from smartspec.gui.core.actions import Actions
from smartspec.gui.core.background import Background
from smartspec.gui.core.changes import ChangeListener
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.crash import CrashReporter
from smartspec.gui.core.language import speak
from smartspec.gui.core.navigation import Location, Navigator
from smartspec.gui.core.notifications import Message, Notifications, of_error
from smartspec.gui.core.slices import Slices
from smartspec.gui.core.ui_state import PERSONAL, UiState
from smartspec.gui.lifecycle import PAINTED_CHECKS, PAINTED_MS, How, recover_executions
from smartspec.gui.preloading import preload_commands, preload_window
from smartspec.gui.session import Session
from smartspec.gui.shell.instance import Instance
from smartspec.gui.shell.window import MainWindow
from smartspec.gui.style import theme
from smartspec.gui.ways_out import WaysOut
from smartspec.gui.window_language import WindowLanguage
from smartspec.messages import tr
from smartspec.value import replace

_FIRST_MS = 800  # the window is filled first, then it looks at the rest
_LOOKS = ("theme", "contrast", "still")  # what is remembered and changes how it looks


class Program(QObject):
    """The ledger that is shown, and its window.

    `shown`: the window is on the screen. `exit_code` says why the ledger did not open; 0 where it did.
    """

    shown = Signal()

    def __init__(self, file: Path, features: tuple[Feature, ...], *, remembers: bool = True) -> None:
        super().__init__()
        self._features, self._remembers = features, remembers
        self.window: MainWindow | None = None
        self.instance: Instance | None = None
        self.companions = Companions(self)
        self.exit_code = 0
        self.is_closed = False
        file = paths.expanded(file).absolute()
        self.crash_reporter = CrashReporter(file.parent, self)
        self.crash_reporter.reported.connect(self._show_report)
        self._language, self._ways, self._closing = WindowLanguage(self), WaysOut(self), Closing(self)
        self._next: tuple[Path, How] = (file, "work")  # the ledger that is opened once this one is left
        self._told: tuple[str, ...] = ()  # what a person should know of that, besides
        self.session = self._begin_session(Session(file, self, remembers=remembers))
        theme.system().colorSchemeChanged.connect(self.apply_appearance)
        theme.system().accessibility().contrastPreferenceChanged.connect(self.apply_appearance)

    @property
    def ui_state(self) -> UiState:
        return self.session.ui_state

    @property
    def background(self) -> Background:
        return self.session.background

    @property
    def change_listener(self) -> ChangeListener:
        return self.session.change_listener

    @property
    def notifications(self) -> Notifications:
        return self.session.notifications

    def _begin_session(self, session: Session) -> Session:
        self.session = session
        speak(str(self.ui_state.get("language", "")))  # as it was last: what is saved now is read once the window shows
        self.apply_appearance()
        self.ui_state.kept.connect(self._on_kept)
        self.change_listener.changed.connect(self._on_changed)
        self.change_listener.lost.connect(self._on_lost)
        self.change_listener.found.connect(self._on_found)
        self.background.command_failed.connect(self._on_command_failed)
        self.background.broken.connect(self.crash_reporter.take_error)
        return session

    def apply_appearance(self) -> None:
        """What was chosen, else as the system has it."""
        theme.apply(self.ui_state.get("theme", "system"), self.ui_state.get("contrast", "system"))
        still = self.ui_state.get("still", None)
        theme.keep_still(still if isinstance(still, bool) else None)

    def _on_kept(self, key: str) -> None:
        if key in _LOOKS:
            self.apply_appearance()

    def open(self, *, open_target: str = "", workspace: str = "", with_samples: bool = False) -> None:
        """Show a window at once; then open the database off the GUI thread, and make the page that it fills."""
        if not workspace:
            workspace = SAMPLES if with_samples else self.ui_state.get("workspace", "default")
        self.session.open(self._on_opened, self._on_open_failed, with_samples=with_samples)
        self._replace_window(workspace)
        self._begin(open_target)

    def _begin(self, open_target: str, looks: int = 0) -> None:
        """As soon as the window is on the screen: what follows takes longer than all before."""
        if self.window is None or self.is_closed:
            return
        painted = looks > 0 and self.window.windowHandle().isExposed()
        if not painted and looks < PAINTED_CHECKS:
            QTimer.singleShot(PAINTED_MS, partial(self._begin, open_target, looks + 1))
            return
        self.session.is_shown.set()
        self.shown.emit()
        if self.exit_code:
            return  # it did not open, and that is what is shown
        if self.window.context.navigator.location is None:
            self._go_where_it_was()
        if open_target:
            self.window.open_target(open_target)

    # Its window

    def show(self, workspace: str, way: Navigator | None = None) -> None:
        """A window on a workspace, in the place of the one that is shown; `way` led to what it shows first."""
        new = self._replace_window(workspace)
        if way is not None and way.location is not None:
            new.context.navigator.take_over(way)
            new.context.navigator.go(way.location)
        elif not self.exit_code:
            self._go_where_it_was()

    def _replace_window(self, workspace: str) -> MainWindow:
        old, self.window = self.window, self._made_window(workspace)
        lost = old.ledger.lost if old is not None and old.context.background is self.background else None
        if old is not None:
            self.window.take_place_of(old)
        self.window.show()
        if old is not None:
            _dispose(old)
        self.companions.follow(self.window if self.session.how != "look" else None)
        if lost is not None:
            show = self.window.ledger.show_safe_start if self.exit_code else self.window.ledger.show_lost
            show(lost)
        QTimer.singleShot(_FIRST_MS, self.window.status.check_health)
        return self.window

    def _made_window(self, workspace: str) -> MainWindow:
        self.ui_state.keep("workspace", workspace)
        context = AppContext(
            self.background,
            self.change_listener,
            Actions(actions_of(self._features), self),
            Navigator(self),
            self.notifications,
            self.ui_state,
            self.session.file,
            workspace,
            tuple(each for feature in self._features for each in feature.settings),
        )
        made = MainWindow(context, self._features)
        made.window_actions.workspace_asked.connect(self.show, Qt.ConnectionType.QueuedConnection)
        made.closing.connect(self._closing.on_closing)
        made.quit_asked.connect(self.end)
        made.ledger.asked.connect(self._ways.take, Qt.ConnectionType.QueuedConnection)
        made.window_actions.way_asked.connect(self._ways.take)
        return made

    def _go_where_it_was(self) -> None:
        """To the page, and what it had, that were shown last; at first to the first of the rail."""
        assert self.window is not None
        pages = [each for each in pages_of(self._features) if each.title and not each.is_at_foot]
        name = self.ui_state.get("page", "")
        page = next((each for each in pages if each.name == name), pages[0])
        key = self.ui_state.get(page.remembered_key, "") if page.remembered_key else ""
        self.window.context.navigator.go(Location(page.name, key))

    def listen(self) -> None:
        """From now on second starts for this ledger come here."""
        if self.instance is not None:
            self.instance.close()
            self.instance.deleteLater()
        self.instance = Instance(self.session.file, self)
        self.instance.target_received.connect(lambda target: self.window.open_target(target) if self.window else None)
        if sys.platform == "darwin":  # nobody else asks for files so, and every event of Qt's would pass here: 18 ms
            application().installEventFilter(self)

    def _preload_window(self, _done: None) -> None:
        preloading = Slices(self.session)
        if self._remembers:  # a picture has nobody beside it
            preloading.done.connect(partial(self.companions.make, self._features))
        preloading.run(preload_window())

    # Its ledger

    def _on_opened(self, notices: tuple[str, ...]) -> None:
        self.change_listener.watch()
        self._language.read()
        rest = partial(self.background.run, self.session, preload_commands, self._preload_window, worker="jobs")
        QTimer.singleShot(_FIRST_MS, rest)
        if self.session.how == "look" and self.window is not None:
            self.window.ledger.show_to_look((*notices, *self._told))
            return
        for each in notices:
            self.notifications.notify(replace(of_error(SmartSpecError(each)), level="warning"))
        if self.ui_state.was_damaged:
            self.notifications.notify(
                Message(
                    "warning", tr("The window's settings could not be read."), tr("They are as at the first start.")
                )
            )
        if self._remembers:  # a picture starts nothing
            recover = partial(recover_executions, self.session.file)
            QTimer.singleShot(_FIRST_MS, partial(self.background.run, self.session, recover, worker="slow"))

    def open_ledger(self, file: Path, how: How = "work", told: tuple[str, ...] = ()) -> None:
        """Another one, or this one anew, in this window; `told` is said of one that is only looked at."""
        self._next, self._told = (file, how), told
        if self.window is not None:
            self.window.remember()
            self.window.setEnabled(False)
        self.session.ended.connect(self._enter)
        self.session.leave()

    def _enter(self) -> None:
        self.enter(*self._next)

    def enter(self, file: Path, how: How = "work") -> None:
        """Open a ledger once the one before was left."""
        if self.is_closed:
            return
        before = self.session
        session = Session(file, self, remembers=self._remembers, how=how)
        session.ui_state.adopt(before.ui_state, PERSONAL if how != "look" else None)
        self.exit_code = 0
        self.crash_reporter.folder = file.parent
        self._begin_session(session)
        self.open()
        before.deleteLater()

    def _on_changed(self, change_set: ChangeSet) -> None:
        if Topic.SETTINGS in change_set.topics:
            self._language.read()
        else:
            self._language.follow()

    def _on_lost(self, error: SmartSpecError) -> None:
        if self.window is None:
            return
        was_known = type(self.window.ledger.lost) is type(error)
        self.window.ledger.show_lost(error)
        if was_known:
            self.notifications.toast(self.window.ledger.bar.headline.text(), None, "warning-circle")

    def _on_found(self) -> None:
        if self.window is not None:
            self.window.ledger.show_found()

    def _show_report(self, text: str, file: Path | None) -> None:
        from smartspec.gui.shell.report_dialog import ReportDialog  # dialogs come when they are wanted

        ReportDialog(text, file, self.window).show()

    def _on_command_failed(self, error: SmartSpecError) -> None:
        """Tell it, unless nothing could be opened; where the workspace that was shown is gone, show the default one."""
        if self.exit_code or (self.window is not None and self.window.ledger.lost is not None):
            return
        if isinstance(error, DatabaseGone | DatabaseReplaced):
            return  # the bar above the page tells it in a moment, for as long as it is so
        if isinstance(error, DatabaseDamaged | DatabaseEncrypted) and self.window is not None:
            self.window.status.check_every_page()  # the bar says it too
        if not isinstance(error, WorkspaceNotFound):
            self.notifications.notify_error(error)
        elif self.window is not None and self.window.context.workspace != "default":
            self.show("default")

    def _on_open_failed(self, error: SmartSpecError) -> None:
        """A file that cannot be opened is left as it is; what can be done is shown in the place of the pages."""
        self.exit_code = error.exit_code
        if self.window is not None:
            self.window.ledger.show_safe_start(error)

    # Closing

    def end(self) -> None:
        """For good, after the question where there is one."""
        self._closing.end()

    def expect_end(self) -> None:
        """Who closes the window now closes it for good: the session of the desktop is over."""
        self._closing.is_ending = True

    def ask_what_to_do(self, running: int) -> str:
        """`keep`, `stop` or `cancel`."""
        return self._closing.ask(running)

    def close(self) -> None:
        """The window goes, everything that was begun is finished; the database is closed last."""
        if self.is_closed:
            return
        self.is_closed = True
        self._ways.stop()
        if self.instance is not None:
            self.instance.close()
        self.companions.close()
        if self.window is not None:
            self.window.remember()
            _dispose(self.window)
        self.session.close()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and self.window is not None:
            self.window.open_target(event.file() or event.url().toString())
            return True
        return False


def _dispose(window: MainWindow) -> None:
    window.hide()
    for each in (window, window.context.actions, window.context.navigator):
        each.deleteLater()
