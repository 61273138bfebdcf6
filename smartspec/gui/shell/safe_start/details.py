"""The details for somebody who helps: as they are on screen, and redacted when copied."""

from __future__ import annotations

import getpass
import platform
import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from smartspec import __version__
from smartspec.gui.style import icons
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, frame, row
from smartspec.messages import tr

if TYPE_CHECKING:
    from smartspec.commands.safe_start import Examination, PagesFound

_MOST = 12  # findings that are shown; all are copied


class Details(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._text: list[str] = []
        self.toggle = button(tr("Details"), "ghost", "caret-right", self._fold)
        self.toggle.setCheckable(True)
        self.copy = button(tr("Copy"), "", "copy", self._copy)
        self._box = frame("sunken")
        self._lines = QVBoxLayout(self._box)
        self._lines.setContentsMargins(12, 10, 12, 10)
        self._lines.setSpacing(2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        told = label(tr("your home folder and your name are left out when copied"), "small")
        layout.addLayout(row(self.toggle, told, None, self.copy, spacing=4))
        layout.addWidget(self._box)
        self._show_folded(folded=True)

    def show_facts(self, found: Examination, error: str, pages: PagesFound | None) -> None:
        facts = [_of_program(), _of_file(found), error]
        wrong = list(pages.findings) if pages is not None else []
        self._text = [*facts, *(f"  {each}" for each in wrong)]
        clear_layout(self._lines)
        for each in facts:
            self._add(each, "mono")
        for each in wrong[:_MOST]:
            self._add(f"  {each}", "monobad")
        if len(wrong) > _MOST:
            self._add(tr("  … and {count} more, which are copied too", count=len(wrong) - _MOST), "mono")
        if wrong:
            self._show_folded(folded=False)

    def _add(self, text: str, role: str) -> None:
        made = label(text, role, selectable=True)
        made.setWordWrap(True)
        made.setProperty("verbatim", True)
        self._lines.addWidget(made)

    def _fold(self) -> None:
        self._show_folded(folded=not self._box.isHidden())

    def _show_folded(self, *, folded: bool) -> None:
        self._box.setVisible(not folded)
        self.toggle.setChecked(not folded)
        self.toggle.setIcon(icons.icon("caret-right" if folded else "caret-down"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(redacted("\n".join(self._text)))


def redacted(text: str) -> str:
    """Without the home folder and the name of who copies it."""
    text = text.replace(str(Path.home()), "~")
    name = getpass.getuser()
    return re.sub(rf"\b{re.escape(name)}\b", "USER", text) if len(name) > 1 else text


def _of_program() -> str:
    return (
        f"SmartSpec {__version__} · Python {platform.python_version()} · Qt {qVersion()} · "
        f"{platform.system()} {platform.release()} {platform.machine()}"
    )


def _of_file(found: Examination) -> str:
    schema = "?" if found.schema is None else found.schema
    return f"{found.file}  {found.database.size:,} bytes · schema {schema} · journal {found.journal.size:,} bytes"
