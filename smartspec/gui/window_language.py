"""The language of the window: what was saved is spoken, in a window made anew, once nobody is writing in this one."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt

from smartspec import languages
from smartspec.gui.core.language import speak, wanted
from smartspec.gui.lifecycle import read_language

if TYPE_CHECKING:
    from smartspec.gui.program import Program


class WindowLanguage(QObject):
    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self._unspoken = False  # a language was chosen that the window does not speak yet

    @property
    def _program(self) -> Program:
        """Not kept: what holds one another is taken away on any thread, and Qt's objects must not be."""
        return cast("Program", self.parent())

    def read(self) -> None:
        """What is saved in the ledger."""
        session = self._program.session
        session.background.run(self, read_language, self._on_language)

    def _on_language(self, setting: str) -> None:
        self._program.ui_state.keep("language", setting)
        self._unspoken = wanted(setting) != languages.current()
        self.follow()

    def follow(self) -> None:
        """Speak it, unless somebody is writing: what is not saved would be lost."""
        program, window = self._program, self._program.window
        if not self._unspoken or window is None or program.is_closed:
            return
        if (dialog := window.open_dialog()) is not None:
            dialog.finished.connect(self.follow, Qt.ConnectionType.QueuedConnection)
        elif not window.is_dirty:
            self._unspoken = False
            speak(str(program.ui_state.get("language", "")))
            program.show(window.context.workspace, window.context.navigator)
