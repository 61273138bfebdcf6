"""Of a draft that waits for an event: when it would have been in the last days, and what of it is there already."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from smartspec.commands.event_previews import EventPreview, PastEvent
from smartspec.formatting import format_day, format_month
from smartspec.gui.style.formatting import number
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import wrapped
from smartspec.gui.widgets.labels import Elided, label
from smartspec.gui.widgets.layout import clear_layout, column, row
from smartspec.gui.widgets.schedules.due_lines import warning_card
from smartspec.messages import tr, translate, trn

_MOST = 5


class PastList(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._heading, self._count = label("", "heading"), label("", "small")
        self._lines, self._folder = QVBoxLayout(), ""
        self._lines.setSpacing(4)
        self.folder_link = button(tr("Show the folder"), "link", then=self._show_folder)
        self._there = wrapped("", "small")
        head = row(self._heading, None, self._count)
        parts = (head, self._lines, row(self.folder_link, None), self._there)
        self.setLayout(column(*parts, spacing=8, margins=(8, 0, 8, 0)))
        self.hide()

    def show_preview(self, found: EventPreview | None) -> None:
        """None: it waits for no event."""
        self.setVisible(found is not None)
        clear_layout(self._lines)
        if found is None:
            return
        past = found.past or ()
        self._heading.setText(tr("Files that fit, last 7 days") if found.folder else tr("Would have been, last 7 days"))
        times = number(len(past)) if found.folder else trn("{n} time", "{n} times", len(past))
        self._count.setText(times if past else "")
        if found.problem is not None:
            self._lines.addWidget(warning_card(translate(found.problem), ""))
        elif not past:
            self._lines.addWidget(wrapped(_none(found), "small"))
        for each in past[:_MOST]:
            self._lines.addWidget(_line(each))
        if rest := len(past) - len(past[:_MOST]):
            self._lines.addWidget(label(trn("{n} more", "{n} more", rest), "small"))
        self._folder = found.folder
        self.folder_link.setVisible(bool(found.folder) and found.past is not None)
        count = len(found.fitting)
        self._there.setVisible(bool(count))
        self._there.setText(
            trn("{n} file that fits lies there already: only what comes after saving counts.",
                "{n} files that fit lie there already: only what comes after saving counts.", count)
        )  # fmt: skip

    def _show_folder(self) -> None:
        at = Path(self._folder)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(at if at.is_dir() else at.parent)))


def _none(found: EventPreview) -> str:
    if found.past is None:
        return tr("Nobody knows when that was.")
    return tr("None was changed.") if found.folder else tr("It would not have been.")


def _line(each: PastEvent) -> QWidget:
    local, made = each.at.astimezone(), QWidget()
    grid = QGridLayout(made)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(10)
    grid.setColumnMinimumWidth(0, 92)
    grid.setColumnStretch(2, 1)
    said = Elided("small")
    said.setProperty("verbatim", True)
    said.setText(each.what)
    day = tr("{day} {month}", day=translate(format_day(local)), month=translate(format_month(local)))
    for place, part in enumerate((label(day), label(f"{local:%H:%M}", "name"), said)):
        grid.addWidget(part, 0, place)
    return made
