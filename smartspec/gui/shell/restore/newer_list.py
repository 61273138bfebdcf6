"""What is only in the ledger, and not in the backup: the first few, and the sum of all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from smartspec.domain import times
from smartspec.domain.reasons import reason_in_text
from smartspec.domain.text import one_line
from smartspec.formatting import format_number
from smartspec.gui.style.formatting import ago, duration
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.icon import Icon
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, line, row
from smartspec.messages import tr, translate, trn
from smartspec.vocabulary import status_in_text

if TYPE_CHECKING:
    from smartspec.commands.safe_start import Newer, NewerExecution

_HEIGHT, _NUMBER, _MOMENT, _DETAIL = 26, 56, 96, 120  # pixels
_FIRST = 5


class NewerList(QFrame):
    """`list_asked`: all of them are wanted."""

    list_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._told, self._is_bad = "", False
        self._newer: Newer | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)
        self._layout.setSpacing(0)

    def show_sentence(self, sentence: str) -> None:
        self._newer = None
        self._fill([_sentence(sentence)])

    def show_newer(self, newer: Newer) -> None:
        if newer == self._newer:
            return
        self._newer = newer
        if newer.is_nothing:
            nothing = tr("Nothing is newer. You lose nothing.")
            self._fill([_sentence(nothing if newer.is_readable else tr("Nothing that is newer was seen."))])
            return
        rows: list[QWidget] = [_execution(each) for each in newer.executions[:_FIRST]]
        whole = button(tr("List"), "link", then=self.list_asked.emit)
        self._fill([*rows, _sentence(summed(newer), whole if newer.executions or newer.versions else None)])

    def tell(self, text: str, *, is_bad: bool = False, tip: str = "", link: QWidget | None = None) -> None:
        """A line below: what became of the export of them."""
        if self._newer is not None:
            newer, self._newer = self._newer, None
            self.show_newer(newer)
            self._layout.addWidget(line())
            self._layout.addWidget(_sentence(text, link, "badstrong" if is_bad else "small", tip))

    def _fill(self, rows: Iterable[QWidget]) -> None:
        clear_layout(self._layout)
        for number, each in enumerate(rows):
            if number:
                self._layout.addWidget(line())
            self._layout.addWidget(each)


def summed(newer: Newer) -> str:
    """All of them: “In all 9 completed, 1 failed · 2 versions · 1 draft · 3 settings”."""
    parts = [
        tr("{count} known from a log", count=format_number(count)) if status is None
        else f"{format_number(count)} {status_in_text(status)}"
        for status, count in sorted(newer.by_status.items(), key=lambda each: -each[1])
    ]  # fmt: skip
    told = [tr("In all {parts}", parts=", ".join(parts))] if parts else []
    if len(newer.versions) == 1:
        told.append(tr("version {version} of {ref}", version=newer.versions[0].version, ref=newer.versions[0].ref))
    elif newer.versions:
        told.append(trn("{n} version of a workflow", "{n} versions of workflows", len(newer.versions)))
    if newer.drafts:
        told.append(trn("{n} draft", "{n} drafts", newer.drafts))
    if newer.settings:
        told.append(trn("{n} change of a setting", "{n} changes of settings", newer.settings))
    if not newer.is_readable:
        told.append(tr("not all of it can be read"))
    return " · ".join(told)


def _sentence(text: str, link: QWidget | None = None, role: str = "small", tip: str = "") -> QWidget:
    made = QWidget()
    made.setMinimumHeight(30)
    words = Elided(role)
    words.setText(text)
    words.set_tip(tip)
    layout = row(words, *([link] if link is not None else []), margins=(12, 0, 12, 0))
    layout.setStretchFactor(words, 1)
    made.setLayout(layout)
    return made


def what_came(each: NewerExecution) -> str:
    """How long it took; of one that did not go well the reason."""
    if each.status not in (None, "completed", "running") and (each.reason or each.error):
        told = translate(reason_in_text(each.reason)) if each.reason else each.error or ""
        return one_line(told, 60)
    return duration(each.duration_ms) if each.duration_ms is not None else ""


def name_of(each: NewerExecution) -> str:
    return each.name or tr("an execution of which only the log is known")


def number_of(each: NewerExecution) -> str:
    return f"#{format_number(each.number)}" if each.number else ""


def sign_of(each: NewerExecution) -> tuple[str, str]:
    """Icon and colour."""
    if each.status is None:
        return "question", "pending"
    style = status_style(each.status)
    return style.icon, style.colour


def _execution(each: NewerExecution) -> QWidget:
    made, name, detail = QWidget(), Elided(""), Elided("small")
    made.setMinimumHeight(_HEIGHT)
    name.setText(name_of(each))
    number = label(number_of(each), "small")
    moment = label(ago(each.at, times.now()), "small")
    detail.setText(what_came(each))
    for part, width in ((number, _NUMBER), (moment, _MOMENT), (detail, _DETAIL)):
        part.setMinimumWidth(width)
    detail.setMaximumWidth(_DETAIL)
    detail.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
    for part in (number, detail):
        part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    layout = row(Icon(*sign_of(each)), name, number, moment, detail, spacing=12, margins=(12, 0, 12, 0))
    layout.setStretchFactor(name, 1)
    made.setLayout(layout)
    word = status_style(each.status).word if each.status else ""
    parts = (word, name.full_text, number.text(), moment.text(), detail.full_text)
    made.setAccessibleName(" ".join(filter(None, parts)))
    return made
