"""The dialogs of the shell: settings, keyboard shortcuts, help, about and diagnostics."""

from __future__ import annotations

import platform
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from smartspec import __version__
from smartspec.commands import database, settings
from smartspec.domain.jsontext import Json
from smartspec.errors import SmartSpecError
from smartspec.gui import icons
from smartspec.gui.actions import ACTIONS, MENUS, Actions, plain_text
from smartspec.gui.desk import AppContext
from smartspec.gui.widgets.controls import Choice, button, column, label, line, plain_tip, row
from smartspec.gui.words import duration, size, tr
from smartspec.value import frozen


def _dialog(title: str, parent: QWidget) -> QDialog:
    made = QDialog(parent)
    made.setWindowTitle(title)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return made


def _scrolled(inner: QWidget) -> QScrollArea:
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setFrameShape(QScrollArea.Shape.NoFrame)
    made.setWidget(inner)
    return made


def _close_buttons(dialog: QDialog) -> QDialogButtonBox:
    made = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    made.rejected.connect(dialog.reject)
    return made


class SettingsDialog(QDialog):
    """The appearance, and what the runner and the warnings go by. Saved as soon as it is changed and holds up."""

    appearance_changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._fields: dict[str, QWidget] = {}
        self._wrong = label("", "error")
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        as_system = ("system", tr("As the system"))
        self.theme = self._appearance_choice(
            tr("Appearance"), "theme", as_system, ("light", tr("Light")), ("dark", tr("Dark"))
        )
        self.contrast = self._appearance_choice(
            tr("Contrast"), "contrast", as_system, ("normal", tr("Normal")), ("high", tr("High"))
        )
        self.motion = self._appearance_choice(
            tr("Motion"), "still", (None, as_system[1]), (False, tr("Yes")), (True, tr("Reduced"))
        )
        self.keeps_running = QCheckBox(tr("what runs keeps running, without a question"))
        self.keeps_running.setChecked(context.ui_state.get("close.goes_on", False))
        self.keeps_running.toggled.connect(lambda on: context.ui_state.keep("close.goes_on", on))
        self._form.addRow(tr("When the window is closed"), self.keeps_running)
        path = str(context.database.parent)
        folder = label("", "secondary")
        folder.setText(folder.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, 240))
        folder.setToolTip(plain_tip(path))
        open_folder = button(tr("Open"), "link", then=context.actions["open_folder"].trigger)
        place = QWidget()
        place.setLayout(row(folder, open_folder, None))
        self._form.addRow(tr("Data folder"), place)
        inner = QWidget()
        inner.setLayout(column(self._form, None, margins=(4, 4, 12, 4)))
        layout = QVBoxLayout(self)
        layout.addWidget(_scrolled(inner))
        layout.addWidget(self._wrong)
        layout.addWidget(_close_buttons(self))
        self.resize(800, 600)
        context.run(self, settings.list_settings, self._show_settings_fields)

    def _appearance_choice(self, name: str, key: str, *choices: tuple[Json, str]) -> Choice:
        """A choice that is in force as soon as it is made."""
        made = Choice(name)
        for value, word in choices:
            made.addItem(word, value)
        values = [value for value, _ in choices]
        made.setCurrentIndex(
            values.index(chosen) if (chosen := self._context.ui_state.get(key, values[0])) in values else 0
        )
        made.activated.connect(lambda at: self._choose_appearance(key, values[at]))
        self._form.addRow(name, made)
        return made

    def _choose_appearance(self, key: str, value: Json) -> None:
        self._context.ui_state.keep(key, value)
        self.appearance_changed.emit()

    def field(self, key: str) -> QWidget:
        return self._fields[key]

    def _show_settings_fields(self, values: dict[str, Json]) -> None:
        for key, value in values.items():
            choice = settings.SETTINGS[key]
            made = self._field(key, choice.kind, value)
            made.setAccessibleName(choice.meaning)
            self._fields[key] = made
            words = label(choice.meaning[:1].upper() + choice.meaning[1:])
            words.setToolTip(key)
            self._form.addRow(words, self._place(key, made))

    def _field(self, key: str, kind: type, value: Json) -> QWidget:
        if kind is bool:
            made = QCheckBox(tr("yes"))
            made.setChecked(bool(value))
            made.toggled.connect(lambda on: self._save(key, on))
            return made
        line_ = QLineEdit(str(value))
        line_.setFixedWidth(180)
        line_.editingFinished.connect(lambda: self._save_text(key, kind, line_))
        return line_

    def _place(self, key: str, field: QWidget) -> QWidget:
        """A field, and beside bytes and milliseconds what they are in words."""
        humane = next((each for suffix, each in (("_bytes", size), ("_ms", duration)) if key.endswith(suffix)), None)
        if humane is None or not isinstance(field, QLineEdit):
            return field
        words = label("", "secondary")

        def tell(text: str) -> None:
            words.setText(humane(int(text)) if text.isdecimal() else "")

        field.textChanged.connect(tell)
        tell(field.text())
        place = QWidget()
        place.setLayout(row(field, words, None))
        return place

    def _save_text(self, key: str, kind: type, field: QLineEdit) -> None:
        text = field.text().strip()
        if kind is int and not text.isdecimal():
            self._show_setting_error(
                tr("“{0}” is not a whole number: {1}.").format(text, settings.SETTINGS[key].meaning)
            )
            return
        self._save(key, int(text) if kind is int else text)

    def _save(self, key: str, value: Json) -> None:
        self._context.run(
            self, partial(settings.set_setting, key, value), lambda _: self._show_setting_error(""),
            lambda error: self._show_setting_error(str(error)),
        )  # fmt: skip

    def _show_setting_error(self, sentence: str) -> None:
        self._wrong.setText(sentence)


def shortcut_sheet(actions: Actions, parent: QWidget) -> QDialog:
    """Every action with its keys, by menu."""
    made = _dialog(tr("Keyboard shortcuts"), parent)
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(6)
    at = {0: 0, 1: 0}
    for number, menu in enumerate(MENUS):
        side = number % 2
        specs = [spec for spec in ACTIONS if spec.menu == menu and spec.keys]
        if not specs:
            continue
        grid.addWidget(label(tr(menu).replace("&", ""), "section"), at[side], side * 2)
        at[side] += 1
        for spec in specs:
            keys = "   ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in spec.keys)
            grid.addWidget(label(plain_text(actions[spec.name])), at[side], side * 2)
            grid.addWidget(label(keys, "secondary"), at[side], side * 2 + 1)
            at[side] += 1
    rest = (
        ("Alt+1 … Alt+6", tr("tab of the page")), ("↑ ↓, Enter", tr("move, open")), ("Space", tr("toggle a chip")),
        ("F3, Shift+F3", tr("next, previous match in a log")), ("Ctrl+Shift+E", tr("first error of a log")),
        ("Alt+Enter", tr("apply the fix of a problem")), ("Esc", tr("close what is on top")),
    )  # fmt: skip
    top = max(at.values())
    grid.addWidget(label(tr("Everywhere"), "section"), top, 0)
    for number, (keys, word) in enumerate(rest):
        grid.addWidget(label(word), top + 1 + number // 2, number % 2 * 2)
        grid.addWidget(label(keys, "secondary"), top + 1 + number // 2, number % 2 * 2 + 1)
    inner = QWidget()
    inner.setLayout(column(grid, None, margins=(8, 8, 16, 8)))
    layout = QVBoxLayout(made)
    layout.addWidget(_scrolled(inner))
    layout.addWidget(_close_buttons(made))
    made.resize(760, 560)
    return made


_HELP = (
    ("What is a workflow?",
     "A YAML file of tasks: commands on this machine and the order they run in. Its text is kept as versions; nothing "
     "that was ever saved is lost."),
    ("How do I make one?",
     "File, New workflow: it begins with one task that runs. Or drop a .yaml or .json file on the window. The tab "
     "Definition checks the text while you type and says what is wrong and where."),
    ("How do I run it?",
     "The button Run, or Ctrl+Enter. Ctrl+Shift+Enter asks for parameters first. It is run by a process of its own, so "
     "it keeps running when this window is closed."),
    ("How do I stop it?",
     "Ctrl+. cancels what runs. Run, Pause lets the running tasks end and starts no others."),
    ("It failed. Why?",
     "Open the execution: the red strip says what failed, the log stands below. Compare sets it beside the last one "
     "that worked, the likely reason first. Re-run failed runs only what failed and what comes after it."),
    ("How do I find something?",
     "Type in the search at the top: words that occur anywhere, and filters such as status:failed, wf:backup, "
     "after:mon, dur:>5m. History shows the same filter as chips."),
    ("How do I go back to an old version?",
     "The tab Versions shows what changed, in words and lines. Restore makes a new version of the old text; nothing is "
     "overwritten."),
    ("I deleted the wrong thing.",
     "Ctrl+Z, or Undo in the note that appears. Later: the Trash below the list of workflows."),
    ("Where is it all?",
     "In one folder, which Tools, Open the data folder shows: one SQLite file, and long logs beside it. Nothing is "
     "sent anywhere."),
)  # fmt: skip


def help_dialog(parent: QWidget) -> QDialog:
    """How it works, for who never read a line."""
    made = _dialog(tr("How it works"), parent)
    inner = QWidget()
    rows = column(margins=(8, 8, 16, 8), spacing=4)
    for question, answer in _HELP:
        rows.addWidget(label(tr(question), "heading"))
        words = label(tr(answer), "secondary")
        words.setWordWrap(True)
        rows.addWidget(words)
        rows.addSpacing(8)
    rows.addStretch(1)
    inner.setLayout(rows)
    layout = QVBoxLayout(made)
    layout.addWidget(_scrolled(inner))
    layout.addWidget(_close_buttons(made))
    made.resize(600, 560)
    return made


@frozen
class _Facts:
    version: database.Version
    health: database.Health
    stats: dict[str, int]
    backup: str


def _facts() -> _Facts:
    newest = next(iter(database.list_backups()), None)
    return _Facts(
        database.database_version(), database.database_health(), database.database_stats(),
        newest.made_at if newest else tr("none yet"),
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
            label(f"SmartSpec {__version__}", "title"), label(tr("The local workflow ledger"), "secondary"), spacing=2
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
            (tr("Health"), " ".join(facts.health.findings) or facts.health.status),
            (tr("Workflows"), str(facts.stats["workflow_count"])),
            (tr("Executions"), str(facts.stats["execution_count"])), (tr("Last verified backup"), facts.backup),
        )  # fmt: skip
        for number, (name, value) in enumerate(pairs):
            self._grid.addWidget(label(name, "secondary"), number, 0)
            self._grid.addWidget(label(value, selectable=True), number, 1)
        self._grid.setColumnStretch(1, 1)
        self._text = "\n".join(f"{name}: {value}" for name, value in pairs)
        self.copy.setEnabled(True)

    def _show_error(self, error: SmartSpecError) -> None:
        self._grid.addWidget(label(str(error), "error"), 0, 0)


def confirm(parent: QWidget, headline: str, meaning: str, verb: str) -> bool:
    """For what cannot be undone: the verb on the button, the safe one as default."""
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.NoIcon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setWindowTitle(tr("SmartSpec"))
    box.setText(headline)
    box.setInformativeText(meaning)
    do = box.addButton(verb, QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    return box.clickedButton() is do
