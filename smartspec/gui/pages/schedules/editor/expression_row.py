"""The expression of cron: typed, or written by the choices above; in words, with what may not be meant."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLayout, QLineEdit, QVBoxLayout, QWidget

from smartspec.domain.schedule.cron_warnings import CronWarning, Fix
from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, frame, row
from smartspec.gui.widgets.local_keys import add_local_key
from smartspec.messages import tr, translate


class ExpressionRow(FormRow):
    """`typed` carries what a person wrote; `fix_taken` another rule instead of it."""

    typed = Signal(str)
    fix_taken = Signal(object)

    def __init__(self) -> None:
        self.line = QLineEdit()
        self.line.setAccessibleName(tr("Expression"))
        self.line.setFont(theme.font(mono=True))
        self.line.setFixedWidth(200)
        self._words = Elided("name")
        self._warnings = QVBoxLayout()
        self._warnings.setSpacing(4)
        self._first: Fix | None = None
        first = row(self.line, 4, self._words, label(tr("type here, or choose above"), "caption"))
        first.setStretch(2, 1)
        super().__init__(tr("Expression"), column(first, self._warnings, spacing=6), self.line)
        self.line.textEdited.connect(self.typed)
        for keys in ("Alt+Return", "Alt+Enter"):
            add_local_key(self.line, keys, self._take_first)

    def show_words(self, words: str) -> None:
        self._words.setText(words)

    def show_warnings(self, warnings: Sequence[CronWarning]) -> None:
        """They never keep anybody from saving."""
        clear_layout(self._warnings)
        self._first = next((fix for each in warnings for fix in each.fixes), None)
        for each in warnings:
            self._warnings.addWidget(self._card(each))

    def _card(self, warning: CronWarning) -> QWidget:
        made = frame("warning")
        head = row(Icon("warning-fill", "retrying", 14), wrapped(translate(warning.sentence), "strong"), spacing=8)
        head.setStretch(1, 1)
        parts = column(head, spacing=4, margins=(10, 6, 10, 6))
        if warning.fixes:
            parts.addLayout(self._fixes(warning.fixes))
        made.setLayout(parts)
        return made

    def _fixes(self, fixes: Sequence[Fix]) -> QLayout:
        links = Flow(spacing=14)
        for each in fixes:
            links.addWidget(button(translate(each.words), "link", then=partial(self.fix_taken.emit, each)))
        if self._first in fixes:
            links.addWidget(label(tr("Alt Enter takes the first"), "caption"))
        return row(22, links, spacing=0)

    def _take_first(self) -> None:
        if self._first is not None:
            self.fix_taken.emit(self._first)
