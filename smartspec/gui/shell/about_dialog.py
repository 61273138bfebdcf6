"""About the program, and the diagnostics that a report needs."""

from __future__ import annotations

import platform
from pathlib import Path

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from smartspec import __version__
from smartspec.commands import database
from smartspec.errors import SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import number, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import Dialog, wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
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


class AboutDialog(Dialog):
    """What this is, and all that a report of an error needs; the home folder is left out of it."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent, tr("About SmartSpec"), width=560)
        self._database = context.database
        self._text = ""
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(5)
        self.body.addLayout(_program())
        self.body.addSpacing(8)
        self.body.addWidget(label(tr("Diagnostics"), "section"))
        self.body.addLayout(self._grid)
        self.body.addStretch(1)
        self.body.addSpacing(8)
        self.body.addWidget(
            wrapped(tr("MIT licence. Icons: Phosphor (MIT). Fonts: Inter, JetBrains Mono (OFL)."), "caption")
        )
        self.copy = button(tr("Copy diagnostics"), "ghost", "copy", self._copy_diagnostics)
        self.copy.setEnabled(False)
        self.add_left(self.copy)
        self.add_button(tr("Close"), then=self.reject)
        context.run(self, _facts, self._show_facts, self._show_error, worker="slow")

    def _copy_diagnostics(self) -> None:
        QGuiApplication.clipboard().setText(self._text)

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
            said = wrapped(value)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(said, place, 1)
        self._grid.setColumnStretch(1, 1)
        self._text = "\n".join(f"{name}: {value}" for name, value in pairs)
        self.copy.setEnabled(True)

    def _show_error(self, error: SmartSpecError) -> None:
        self.show_problem(translate(error.sentence))


def _program() -> QHBoxLayout:
    logo = QLabel()
    logo.setPixmap(icons.application_icon().pixmap(QSize(48, 48)))
    words = column(
        label(tr("SmartSpec {version}", version=__version__), "title"),
        label(tr("The local workflow ledger"), "secondary"),
        spacing=2,
    )
    return row(logo, words, None, spacing=14)
