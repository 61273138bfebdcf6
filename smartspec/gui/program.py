"""The parts that live as long as the window, and the window of a workspace."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFileOpenEvent
from PySide6.QtWidgets import QCheckBox, QMessageBox

from smartspec import languages
from smartspec.changes import ChangeSet, Topic
from smartspec.domain.workspace import SAMPLES
from smartspec.errors import DatabaseDamaged, DatabaseEncrypted, SmartSpecError, WorkspaceNotFound
from smartspec.gui.application import application
from smartspec.gui.contract import Feature, actions_of, pages_of
from smartspec.gui.core.actions import Actions
from smartspec.gui.core.background import OTHER_WORKERS, Background
from smartspec.gui.core.changes import ChangeListener
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.crash import CrashReporter
from smartspec.gui.core.language import speak, wanted
from smartspec.gui.core.navigation import Location, Navigator
from smartspec.gui.core.notifications import Message, Notifications
from smartspec.gui.core.ui_state import UiState
from smartspec.gui.lifecycle import (
    PAINTED_CHECKS,
    PAINTED_MS,
    cancel_all,
    close_database,
    leave_database,
    open_database,
    read_language,
    recover_executions,
)
from smartspec.gui.shell.instance import Instance
from smartspec.gui.shell.report_dialog import ReportDialog
from smartspec.gui.shell.window import MainWindow
from smartspec.gui.style import theme
from smartspec.messages import tr, translate, trn

_FIRST_MS = 800  # the window is filled first, then it looks at the rest
REMEMBERED = "window.json"  # beside the database
_LOOKS = ("theme", "contrast", "still")  # what is remembered and changes how it looks


class Program(QObject):
    """The parts that live as long as the window: threads, changes, remembered choices; and the window of a workspace.

    `shown`: the window is on the screen. `gave_up`: the database could not be opened, and a person was told;
    `exit_code` says why.
    """

    shown = Signal()
    gave_up = Signal()

    def __init__(self, file: Path, features: tuple[Feature, ...], *, remembers: bool = True) -> None:
        super().__init__()
        self._features = features
        self._file = file.expanduser().absolute()
        self.ui_state = UiState(self._file.parent / REMEMBERED if remembers else None, self)
        speak(str(self.ui_state.get("language", "")))  # as it was last: what is saved now is read once the window shows
        self.apply_appearance()
        theme.system().colorSchemeChanged.connect(self.apply_appearance)
        theme.system().accessibility().contrastPreferenceChanged.connect(self.apply_appearance)
        self.background = Background(self)
        self.change_listener = ChangeListener(self)
        self.notifications = Notifications(self)
        self.ui_state.kept.connect(self._on_kept)
        self.crash_reporter = CrashReporter(self._file.parent, self)
        self.change_listener.changed.connect(self._on_changed)
        self.background.command_failed.connect(self._on_command_failed)
        self.background.broken.connect(self.crash_reporter.take_error)
        self.crash_reporter.reported.connect(self._show_report)
        self.window: MainWindow | None = None
        self.instance: Instance | None = None
        self.exit_code = 0
        self.is_closed = False
        self._unspoken = False  # a language was chosen that the window does not speak yet
        self._is_shown, self._is_open = Event(), Event()

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
        opening = partial(open_database, self._file, with_samples, self._is_shown, self._is_open)
        self.background.run(self, opening, self._on_opened, self._on_open_failed)
        for worker in OTHER_WORKERS:
            self.background.run(self, self._is_open.wait, worker=worker)
        self._make_window(workspace)
        self._begin(open_target)

    def _begin(self, open_target: str, looks: int = 0) -> None:
        """As soon as the window is on the screen: what follows takes longer than all before."""
        if self.window is None or self.is_closed:
            return
        painted = looks > 0 and self.window.windowHandle().isExposed()
        if not painted and looks < PAINTED_CHECKS:
            QTimer.singleShot(PAINTED_MS, partial(self._begin, open_target, looks + 1))
            return
        self._is_shown.set()
        self.shown.emit()
        if self.window.context.navigator.location is None:
            self._go_where_it_was()
        if open_target:
            self.window.open_target(open_target)

    def show(self, workspace: str, way: Navigator | None = None) -> None:
        """A window on a workspace, in the place of the one that is shown; `way` led to what it shows first."""
        old = self.window
        new = self._make_window(workspace)
        if way is not None and way.location is not None:
            new.context.navigator.take_over(way)
            new.context.navigator.go(way.location)
        else:
            self._go_where_it_was()
        if old is not None:
            new.restoreGeometry(old.saveGeometry())
            if not old.isMaximized() and not old.isFullScreen():
                new.resize(old.size())  # also where a person made it larger than the screen
            old.hide()
            for each in (old, old.context.actions, old.context.navigator):
                each.deleteLater()

    # The language

    def _on_changed(self, change_set: ChangeSet) -> None:
        if Topic.SETTINGS in change_set.topics:
            self._read_language()
        elif self._unspoken:
            self._speak()

    def _read_language(self) -> None:
        self.background.run(self, read_language, self._on_language)

    def _on_language(self, setting: str) -> None:
        self.ui_state.keep("language", setting)
        self._unspoken = wanted(setting) != languages.current()
        self._speak()

    def _speak(self) -> None:
        """In a window made anew, once nobody is writing in the one that is shown: what is not saved would be lost."""
        if not self._unspoken or self.window is None or self.is_closed:
            return
        if (dialog := self.window.open_dialog()) is not None:
            dialog.finished.connect(self._speak, Qt.ConnectionType.QueuedConnection)
        elif not self.window.is_dirty:
            self._unspoken = False
            speak(str(self.ui_state.get("language", "")))
            self.show(self.window.context.workspace, self.window.context.navigator)

    def _make_window(self, workspace: str) -> MainWindow:
        self.ui_state.keep("workspace", workspace)
        actions = Actions(actions_of(self._features), self)
        context = AppContext(
            self.background,
            self.change_listener,
            actions,
            Navigator(self),
            self.notifications,
            self.ui_state,
            self._file,
            workspace,
            tuple(each for feature in self._features for each in feature.settings),
        )
        self.window = made = MainWindow(context, self._features)
        made.window_actions.workspace_asked.connect(self.show, Qt.ConnectionType.QueuedConnection)
        made.closing.connect(self._on_closing)
        made.show()
        QTimer.singleShot(_FIRST_MS, made.status.check_health)
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
        """From now on second starts come here."""
        self.instance = Instance(self._file, self)
        self.instance.target_received.connect(lambda target: self.window.open_target(target) if self.window else None)
        if sys.platform == "darwin":  # nobody else asks for files so, and every event of Qt's would pass here: 18 ms
            application().installEventFilter(self)

    def _on_opened(self, _: None) -> None:
        self.change_listener.watch()
        self._read_language()
        if self.ui_state.was_damaged:
            self.notifications.notify(
                Message(
                    "warning", tr("The window's settings could not be read."), tr("They are as at the first start.")
                )
            )
        QTimer.singleShot(
            _FIRST_MS, partial(self.background.run, self, partial(recover_executions, self._file), worker="slow")
        )

    def _show_report(self, text: str, file: Path | None) -> None:
        ReportDialog(text, file, self.window).show()

    def _on_command_failed(self, error: SmartSpecError) -> None:
        """Tell it, unless nothing could be opened; where the workspace that was shown is gone, show the default one."""
        if self.exit_code:
            return
        if isinstance(error, DatabaseDamaged | DatabaseEncrypted) and self.window is not None:
            self.window.status.check_every_page()  # the bar says it too
        if not isinstance(error, WorkspaceNotFound):
            self.notifications.notify_error(error)
        elif self.window is not None and self.window.context.workspace != "default":
            self.show("default")

    def _on_open_failed(self, error: SmartSpecError) -> None:
        """A file that cannot be opened: say why, and leave it as it is."""
        self.exit_code = error.exit_code
        box = QMessageBox(self.window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setWindowTitle("SmartSpec")
        box.setIcon(QMessageBox.Icon.Critical)
        box.setText(translate(error.sentence))
        box.setInformativeText(str(self._file))
        box.finished.connect(lambda _: self.gave_up.emit())
        box.open()

    # Closing

    def _on_closing(self, event: QCloseEvent) -> None:
        """While something runs it asks once: keep running without the window, stop it, or do not close."""
        if self.window is None or not self.window.status.running or self.ui_state.get("close.goes_on", False):
            return
        answer = self.ask_what_to_do(self.window.status.running)
        if answer == "cancel":
            event.ignore()
        elif answer == "stop":
            self.background.run(self, partial(cancel_all, self.window.context.workspace))

    def ask_what_to_do(self, running: int) -> str:
        """`keep`, `stop` or `cancel`."""
        box = QMessageBox(self.window)
        box.setIcon(QMessageBox.Icon.NoIcon)
        box.setWindowTitle("SmartSpec")
        box.setText(trn("{n} execution runs", "{n} executions run", running))
        box.setInformativeText(
            trn("It is run by a process of its own, and can keep running without this window.",
                "They are run by a process of its own, and can keep running without this window.", running)
        )  # fmt: skip
        keep = box.addButton(tr("Keep running"), QMessageBox.ButtonRole.AcceptRole)
        stop = box.addButton(trn("Stop it", "Stop them", running), QMessageBox.ButtonRole.DestructiveRole)
        cancel = box.addButton(tr("Do not close"), QMessageBox.ButtonRole.RejectRole)
        always = QCheckBox(tr("Always keep running"))
        box.setCheckBox(always)
        box.setDefaultButton(keep)
        box.setEscapeButton(cancel)
        box.exec()
        if box.clickedButton() is keep:
            self.ui_state.keep("close.goes_on", always.isChecked())
        return "stop" if box.clickedButton() is stop else "cancel" if box.clickedButton() is cancel else "keep"

    def close(self) -> None:
        """The window goes, everything that was begun is finished; the database is closed last."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.instance is not None:
            self.instance.close()
        if self.window is not None:
            self.window.remember()
            self.window.hide()
            self.window.deleteLater()
        self.change_listener.close()
        self.background.finish(leave_database, close_database)
        self.ui_state.save()

    # Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and self.window is not None:
            self.window.open_target(event.file() or event.url().toString())
            return True
        return False
