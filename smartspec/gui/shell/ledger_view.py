"""How the window shows that its ledger is gone, replaced, not to be written, or did not open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from smartspec.domain import times
from smartspec.errors import (
    DatabaseDamaged,
    DatabaseEncrypted,
    DatabaseGone,
    DatabaseReplaced,
    ReadOnly,
    SmartSpecError,
)
from smartspec.formatting import format_seconds
from smartspec.gui.core.actions import ActionSpec
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.pane import Pane
from smartspec.gui.shell.ledger_bar import LedgerBar, LedgerState
from smartspec.gui.shell.status_bar import StatusBar
from smartspec.gui.shell.veil import Veil
from smartspec.messages import tr, translate

if TYPE_CHECKING:
    from smartspec.gui.shell.safe_start.page import SafeStart

# What can be done without a ledger; the rest would only be refused.
_WITHOUT = frozenset({
    "quit", "undo", "redo", "next_pane", "previous_pane", "zoom_in", "zoom_out", "zoom_reset", "theme", "fullscreen",
    "open_folder", "open_ledger", "restore", "messages", "shortcuts", "help",
})  # fmt: skip


class LedgerView(QObject):
    """`asked` carries the way that a person chose: `retry`, `restore`, `open_ledger`, `found`, or of SafeStart.

    `lost_changed`: nothing is known of the ledger any more, or all is again.
    """

    asked = Signal(str)
    lost_changed = Signal(bool)

    def __init__(self, context: AppContext, pages: QStackedWidget, status: StatusBar, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window, self._status = context, window, status
        self._pages = pages
        self._safe_start: SafeStart | None = None
        self._page: QWidget | None = None  # what was shown before it
        self.lost: SmartSpecError | None = None  # why nothing is known of it
        self.bar = LedgerBar()
        self.bar.asked.connect(self.asked)
        self._veil = Veil(pages)

    def show_lost(self, error: SmartSpecError) -> None:
        """It cannot be read, or not be written, any more: nothing is claimed of it, and the ways out are offered."""
        self.lost = error
        self.lost_changed.emit(True)
        if self._safe_start is not None:
            return
        state = state_of(error)
        self.bar.show_state(state)
        self._veil.show_words(tr("As it was at {clock}", clock=format_seconds(times.now())))
        self._status.show_lost(state.short)
        self._context.actions.limit(_is_possible_without, state.headline)

    @property
    def is_safe_start(self) -> bool:
        """Whether what was found of a lost ledger is shown in the place of the pages."""
        return self._safe_start is not None

    def show_to_look(self, left_out: Sequence[str]) -> None:
        """It is only looked at: what writes cannot be done, and the bar says why."""
        headline = tr("This ledger is open read-only.")
        meaning = " ".join((tr("Nothing runs here, and nothing is written."), *map(translate, left_out)))
        ways = (("retry", tr("Open it to work with")), ("open_ledger", tr("Another ledger…")))
        self.bar.show_state(LedgerState("info", headline, meaning, ways))
        self._status.show_to_look()
        self._context.actions.limit(lambda spec: not spec.writes, headline)

    def show_safe_start(self, error: SmartSpecError) -> None:
        """It did not open: what was found, and the ways out, in the place of the pages."""
        from smartspec.gui.shell.safe_start.page import SafeStart

        self.lost = error
        self.lost_changed.emit(True)
        self._leave_safe_start()
        self._page = self._pages.currentWidget()
        self.bar.show_state(None)
        self._safe_start = SafeStart(self._context, error)
        self._safe_start.asked.connect(self.asked)
        self._safe_start.room.connect(self._status.show_room)
        self._pages.addWidget(self._safe_start)
        self._pages.setCurrentWidget(self._safe_start)
        self._veil.hide()
        self._status.show_lost(tr("Database did not open"))
        self._context.actions.limit(_is_possible_in_safe_start, self._safe_start.title.text())

    def step_back(self) -> None:
        """A page that needs no ledger is shown meanwhile; the bar says so, and leads back to what was found."""
        if self._safe_start is not None:
            meaning = tr("What the window keeps for itself can be chosen all the same.")
            back = (("found", tr("What can be done…")),)
            self.bar.show_state(LedgerState("error", self._safe_start.title.text(), meaning, back))

    def _leave_safe_start(self) -> None:
        if self._safe_start is not None:
            was_shown = self._pages.currentWidget() is self._safe_start
            self._pages.removeWidget(self._safe_start)
            self._safe_start.deleteLater()
            self._safe_start = None
            if self._page is not None and was_shown:
                self._pages.setCurrentWidget(self._page)

    def show_found(self) -> None:
        """All is well again: what is on screen is read anew."""
        self.lost = None
        self._leave_safe_start()
        self.bar.show_state(None)
        self._veil.hide()
        self._context.actions.limit(None)
        self._status.show_found()
        self.lost_changed.emit(False)
        for each in self._window.findChildren(Pane):
            each.invalidate()
        self._context.notifications.toast(tr("The database is back"), None, "database")


def _is_possible_without(spec: ActionSpec) -> bool:
    return spec.name in _WITHOUT


def _is_possible_in_safe_start(spec: ActionSpec) -> bool:
    """Settings too: some are the window's own."""
    return _is_possible_without(spec) or spec.name == "page_settings"


def state_of(error: SmartSpecError) -> LedgerState:
    """What is said of a ledger that is lost, and the ways out."""
    retry, another = ("retry", tr("Try again")), ("found", tr("What can be done…"))
    if isinstance(error, DatabaseReplaced):
        retry = ("retry", tr("Open what stands there"))
        return _lost(
            tr("Another database stands in its place."),
            tr("Database replaced"),
            tr("Nothing is written to that one, and nothing that runs can be recorded in it."),
            retry,
            another,
        )
    if isinstance(error, DatabaseGone):
        return _lost(
            tr("The database is gone."),
            tr("Database gone"),
            tr("Nothing is written, and nothing new is made in its place. It goes on when it is back."),
            retry,
            another,
        )
    if isinstance(error, ReadOnly):
        return _lost(
            tr("The database cannot be written."),
            tr("Database read-only"),
            tr("It, or its disk, was made read-only. It goes on when it can be written again."),
            retry,
            another,
        )
    if isinstance(error, DatabaseDamaged | DatabaseEncrypted):
        return _lost(
            tr("The database is damaged."),
            tr("Database damaged"),
            tr("What was read of it contradicts itself; nothing more is written."),
            retry,
            another,
        )
    return _lost(
        tr("The database does not answer."), tr("Database not read"), translate(error.sentence), retry, another
    )


def _lost(headline: str, short: str, meaning: str, *ways: tuple[str, str]) -> LedgerState:
    return LedgerState("error", headline, meaning, ways, short)
