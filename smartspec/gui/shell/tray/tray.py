"""The icon in the notification area: how it stands, and a menu for what is done from the side."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QSystemTrayIcon

from smartspec.domain import times
from smartspec.domain.overview import Overview, Standing, in_words, standing
from smartspec.gui.contract import Companion, ShownWindow
from smartspec.gui.shell.tray.choices import TrayChoices
from smartspec.gui.shell.tray.host import TrayHost
from smartspec.gui.shell.tray.icon_painting import tray_icon
from smartspec.gui.shell.tray.lines import last_lines, lines
from smartspec.gui.shell.tray.menu import TrayMenu
from smartspec.gui.shell.tray.reader import OverviewReader
from smartspec.gui.shell.tray.setting import STAYS
from smartspec.messages import tr, translate


class Tray(Companion):
    """There as long as the desktop has a place for it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.icon: QSystemTrayIcon | None = None
        self.menu = TrayMenu(self)
        self._choices = TrayChoices(self)
        self._choices.looked.connect(self._show_overview)
        self.menu.chosen.connect(self._choices.do)
        self.host = TrayHost(self)
        self.host.changed.connect(self._on_host)
        self._window: ShownWindow | None = None
        self._reader: OverviewReader | None = None
        self._overview: Overview | None = None
        self._standing: Standing | None = None

    # Companion

    def follow(self, window: ShownWindow | None) -> None:
        self._window = window
        self._choices.follow(window)
        self.host.use(window.context if window is not None else None)
        if window is None:
            self._drop_icon()
        elif self.icon is not None:
            self._begin_reading()
        elif self.host.is_there:
            self._make_icon()
        else:
            self.host.look()

    def keeps(self, window: ShownWindow) -> bool:
        """A person wants it so, and sees the icon."""
        is_wanted = bool(window.context.ui_state.get(STAYS, False))
        return is_wanted and self.host.is_there and self.icon is not None and self.icon.isVisible()

    def close(self) -> None:
        self.follow(None)
        self.menu.close()

    # The icon

    def _on_host(self, is_there: bool) -> None:
        """A window that stands aside has lost its way back where there is none any more."""
        if is_there:
            self._make_icon()
            return
        self._drop_icon()
        self.host.look_often(False)
        if self._window is not None and self._window.is_aside:
            self._window.open_target("")

    def _make_icon(self) -> None:
        """It is seen once there is something to say."""
        self.icon = QSystemTrayIcon(self)
        self.icon.setContextMenu(self.menu.menu)
        self.icon.activated.connect(self._on_activated)
        self._begin_reading()

    def _drop_icon(self) -> None:
        self._stop_reading()
        if self.icon is not None:
            self.icon.hide()
            self.icon.deleteLater()
            self.icon = None

    def _stop_reading(self) -> None:
        self._overview = None
        if self._reader is not None:
            self._reader.deleteLater()
            self._reader = None

    def _begin_reading(self) -> None:
        self._stop_reading()
        if self._window is not None:
            self._reader = OverviewReader(self._window.context, self)
            self._reader.told.connect(self._on_told)
            self._reader.failed.connect(self._on_failed)
            self._reader.read()

    def _on_told(self, overview: Overview) -> None:
        self._overview = overview
        self.host.look_often(self._window is not None and self._window.is_aside)
        self._show_overview()

    def _show_overview(self) -> None:
        if self.icon is None or self._overview is None:
            return
        overview, now, looked_at = self._overview, times.now(), self._choices.looked_at
        self._show(standing(overview, looked_at), translate(in_words(overview, looked_at, now)))
        self.menu.show_lines(lines(overview, looked_at, now))

    def _on_failed(self) -> None:
        self._overview = None
        if self.icon is None:
            return
        self._show(Standing.NEEDS_YOU, tr("The ledger cannot be read"))
        self.menu.show_lines(last_lines())

    def _show(self, stands: Standing, words: str) -> None:
        assert self.icon is not None
        if stands is not self._standing or self.icon.icon().isNull():
            self._standing = stands
            self.icon.setIcon(tray_icon(stands))
        self.icon.setToolTip(words)
        self.icon.show()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger and self._window is not None:
            self._window.open_target("")
