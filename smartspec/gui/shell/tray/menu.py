"""The menu of the icon: a plain one, which the desktop draws."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from smartspec.gui.shell.tray.lines import Line, Verb
from smartspec.gui.style import icons


class TrayMenu(QObject):
    """`chosen` carries a Line."""

    chosen = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self._shown: tuple[Line, ...] = ()
        self._inner: list[QMenu] = []

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Made anew only where they say something else: one that is open stays."""
        if lines == self._shown:
            return
        self._shown = lines
        self.menu.clear()
        for each in self._inner:
            each.deleteLater()
        self._inner = []
        self._fill(self.menu, lines)

    def _fill(self, menu: QMenu, lines: Iterable[Line]) -> None:
        for line in lines:
            if line.verb is Verb.SEPARATOR:
                menu.addSeparator()
            else:
                self._add(menu, line)

    def _add(self, menu: QMenu, line: Line) -> None:
        text = line.text.replace("&", "&&")
        if line.lines:
            inner = QMenu(text, menu)
            self._inner.append(inner)
            self._fill(inner, line.lines)
            action = menu.addMenu(inner)
        else:
            action = menu.addAction(text, partial(self.chosen.emit, line))
        if line.icon:
            action.setIcon(icons.icon(line.icon, line.colour))
        action.setEnabled(line.is_enabled)
        if line.is_bold:
            font = action.font()
            font.setBold(True)
            action.setFont(font)

    def close(self) -> None:
        self.menu.deleteLater()
