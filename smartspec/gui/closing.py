"""What closing the window does: it steps aside where that is wanted, else it asks while something runs, or ends."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent

from smartspec.gui.application import application
from smartspec.gui.lifecycle import cancel_all

if TYPE_CHECKING:
    from smartspec.gui.program import Program

_GOES_ON = "close.goes_on"


class Closing(QObject):
    """`is_ending`: who closes the window now closes it for good."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.is_ending = False

    @property
    def _program(self) -> Program:
        """Not kept, as in WaysOut."""
        return cast("Program", self.parent())

    def on_closing(self, event: QCloseEvent) -> None:
        """A window that can be come back to only steps aside, whatever runs."""
        program = self._program
        if program.window is None:
            return
        if not self.is_ending and program.companions.keep_window:
            event.ignore()
            program.window.step_aside()
        elif self._asks:
            self._take(event, self._program.ask_what_to_do(program.window.status.running))

    @property
    def _asks(self) -> bool:
        window = self._program.window
        return window is not None and bool(window.status.running) and not self._program.ui_state.get(_GOES_ON, False)

    def _take(self, event: QCloseEvent, answer: str) -> None:
        window = self._program.window
        if answer == "cancel":
            event.ignore()
        elif answer == "stop" and window is not None:
            self._program.background.run(self._program, partial(cancel_all, window.context.workspace))

    def ask(self, running: int) -> str:
        """`keep`, `stop` or `cancel`."""
        from smartspec.gui.closing_question import ask_what_to_do

        window = self._program.window
        assert window is not None
        answer, always = ask_what_to_do(window, running)
        if always:
            self._program.ui_state.keep(_GOES_ON, True)
        return answer

    def end(self) -> None:
        """For good; the question is asked by a window that is seen."""
        window = self._program.window
        if window is None:
            application().quit()
            return
        if window.is_aside and self._asks:
            window.open_target("")
        self.is_ending = True
        is_closed = window.close()
        self.is_ending = False
        if is_closed:
            application().exit(0)  # one that stands aside is not the last window that is closed
