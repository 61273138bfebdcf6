"""About the program, and the diagnostics that a report needs."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from smartspec import __version__
from smartspec.commands import database
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import number, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, line, row
from smartspec.messages import sentences, tr, translate
from smartspec.value import frozen


@frozen
class _Facts:
    version: database.Version
    health: database.Health
    stats: dict[str, int]
    backup: str  # when the newest was made, in ISO 8601; empty without one


def _facts() -> _Facts:
    newest = next(iter(database.list_backups()), None)
    return _Facts(
        database.database_version(), database.database_health(), database.database_stats(),
        newest.made_at if newest else "",
    )  # fmt: skip


class AboutDialog(QDialog):
    """What this is, and all that a report of an error needs; the home folder is left out of it."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("About SmartSpec"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._database = context.database
        self._text = ""
        logo = QLabel()
        logo.setPixmap(icons.application_icon().pixmap(QSize(48, 48)))
        head = column(
            label(tr("SmartSpec {version}", version=__version__), "title"),
            label(tr("The local workflow ledger"), "secondary"),
            spacing=2,
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(4)
        self.copy = button(tr("Copy diagnostics"), "", "copy", lambda: QGuiApplication.clipboard().setText(self._text))
        self.copy.setEnabled(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.addLayout(row(logo, head, None, spacing=14))
        layout.addWidget(line())
        layout.addWidget(label(tr("Diagnostics"), "section"))
        layout.addLayout(self._grid)
        layout.addStretch(1)
        layout.addWidget(
            label(tr("MIT licence. Icons: Phosphor (MIT). Fonts: Inter, JetBrains Mono (OFL)."), "caption")
        )
        layout.addLayout(row(self.copy, None, button(tr("Close"), then=self.reject)))
        self.resize(560, 480)
        context.run(self, _facts, self._show_facts, self._show_error, worker="slow")

    @property
    def diagnostics(self) -> str:
        return self._text

    def _show_facts(self, facts: _Facts) -> None:
        home = str(self._database.parent).replace(str(Path.home()), "~")
        pairs = (
            ("SmartSpec", __version__), ("Python", platform.python_version()), ("Qt", qVersion()),
            ("SQLite", f"{facts.version.sqlite}, {facts.version.journal_mode}"),
            (tr("Schema"), str(facts.version.schema)), (tr("System"), f"{platform.system()} {platform.release()}"),
            (tr("Display"), QGuiApplication.platformName()), (tr("Data folder"), home),
            (tr("Database"), size(facts.health.database_bytes)), (tr("Free disk"), size(facts.health.free_disk_bytes)),
            (tr("Health"), translate(sentences(facts.health.findings)) or tr("sound")),
            (tr("Workflows"), number(facts.stats["workflow_count"])),
            (tr("Executions"), number(facts.stats["execution_count"])),
            (tr("Last verified backup"), facts.backup or tr("none yet")),
        )  # fmt: skip
        for place, (name, value) in enumerate(pairs):
            self._grid.addWidget(label(name, "secondary"), place, 0)
            self._grid.addWidget(label(value, selectable=True), place, 1)
        self._grid.setColumnStretch(1, 1)
        self._text = "\n".join(f"{name}: {value}" for name, value in pairs)
        self.copy.setEnabled(True)

    def _show_error(self, error: SmartSpecError) -> None:
        self._grid.addWidget(label(translate(error.sentence), "error"), 0, 0)
