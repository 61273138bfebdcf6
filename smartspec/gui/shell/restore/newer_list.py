"""What is only in the ledger, and not in the backup: the first few, and the sum of all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.formatting import format_number
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago, duration
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, line, row
from smartspec.messages import tr, trn
from smartspec.vocabulary import status_in_text

if TYPE_CHECKING:
    from smartspec.commands.safe_start import Newer, NewerExecution

_HEIGHT = 26


class NewerList(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)

    def show_sentence(self, sentence: str) -> None:
        self._fill([_sentence(sentence)])

    def show_newer(self, newer: Newer) -> None:
        if not newer.count and not newer.versions:
            nothing = tr("Nothing is newer. You lose nothing.")
            self.show_sentence(nothing if newer.is_readable else tr("Nothing that is newer was seen."))
            return
        rows: list[QWidget] = [_execution(each) for each in newer.first]
        self._fill([*rows, _sentence(summed(newer))])

    def _fill(self, rows: Iterable[QWidget]) -> None:
        clear_layout(self._layout)
        for number, each in enumerate(rows):
            if number:
                self._layout.addWidget(line())
            self._layout.addWidget(each)


def summed(newer: Newer) -> str:
    """All of them: “In all 9 completed, 1 failed · 2 versions”."""
    parts = [
        tr("{count} known from a log", count=format_number(count)) if status is None
        else f"{format_number(count)} {status_in_text(status)}"
        for status, count in sorted(newer.by_status.items(), key=lambda each: -each[1])
    ]  # fmt: skip
    told = [tr("In all {parts}", parts=", ".join(parts))] if parts else []
    if newer.versions:
        told.append(trn("{n} version of a workflow", "{n} versions of workflows", newer.versions))
    return " · ".join(told)


def _sentence(text: str) -> QWidget:
    made = QWidget()
    made.setMinimumHeight(30)
    words = Elided("small")
    words.setText(text)
    layout = row(words, margins=(12, 0, 12, 0))
    layout.setStretchFactor(words, 1)
    made.setLayout(layout)
    return made


def _execution(each: NewerExecution) -> QWidget:
    made, icon, name, detail = QWidget(), QLabel(), Elided(""), label("", "small")
    made.setMinimumHeight(_HEIGHT)
    style = status_style(each.status) if each.status else None
    shape, colour = (style.icon, style.colour) if style else ("question", "pending")
    icon.setPixmap(icons.icon(shape, colour).pixmap(QSize(14, 14)))
    name.setText(each.name or tr("an execution of which only the log is known"))
    number = label(f"#{format_number(each.number)}" if each.number else "", "small")
    moment = label(ago(each.at, times.now()), "small")
    detail.setText(duration(each.duration_ms) if each.duration_ms is not None else "")
    layout = row(icon, name, number, moment, detail, spacing=12, margins=(12, 0, 12, 0))
    layout.setStretchFactor(name, 1)
    made.setLayout(layout)
    made.setAccessibleName(f"{style.word if style else ''} {name.full_text} {number.text()} {moment.text()}".strip())
    return made
