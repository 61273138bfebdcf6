"""Run with parameters: which version, a field for each parameter, and why; checked while one types."""

from __future__ import annotations

import shlex
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QVBoxLayout, QWidget

from smartspec.commands import starting, working_copies
from smartspec.domain import params, times
from smartspec.domain.execution import Execution, Origin, Trigger
from smartspec.domain.jsontext import JsonObject, as_mapping, dump, texts
from smartspec.errors import Invalid, Problem, SmartSpecError
from smartspec.gui.core.context import AppContext
from smartspec.gui.pages.workflows.run_choices import RunChoices, VersionChoice
from smartspec.gui.pages.workflows.run_version import VersionStrip
from smartspec.gui.style import icons
from smartspec.gui.style.formatting import ago
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.forms.field import as_shown
from smartspec.gui.widgets.forms.field_row import LEFT, NAME_WIDTH
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.forms.schema_form import SchemaForm
from smartspec.gui.widgets.labels import key_cap, label
from smartspec.gui.widgets.layout import column, line, row
from smartspec.messages import tr, translate

_CHECKS_AFTER_MS = 150
_LONGEST_WORDS = 70  # of what was given, in a menu


class RunDialog(Dialog):
    """`started` carries the execution; `failed` what a run could not begin for and no field can mend, with what would
    begin it again. What does not fit is told below its field."""

    started = Signal(object)
    failed = Signal(object, object)

    def __init__(self, context: AppContext, choices: RunChoices, parent: QWidget) -> None:
        workflow = choices.workflow
        super().__init__(parent, tr("Run {name}", name=workflow.name), width=620, height=640)
        self._context, self._choices = context, choices
        self._tried = False
        self.versions = VersionStrip(choices)
        self.versions.chosen.connect(self._on_version)
        self.strip.addWidget(self.versions)
        self.form = self._made_form()
        self._forms = QVBoxLayout()
        self._forms.addWidget(self.form)
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Why this run? Kept with the execution, found by search"))
        inset = self.body.contentsMargins()
        self.body.setContentsMargins(inset.left() - LEFT, inset.top() - 4, inset.right(), inset.bottom())
        self.body.setSpacing(14)
        self.body.addLayout(self._origin_row())
        self.body.addLayout(self._forms)
        self.body.addStretch(1)
        edge = line()
        self.body.addLayout(row(edge, margins=(LEFT, 0, 0, 0)))
        self.body.addLayout(self._note_row())
        self._checks = QTimer(self, singleShot=True, interval=_CHECKS_AFTER_MS)
        self._checks.timeout.connect(self._check_values)
        self._add_buttons()
        self._fill_in(choices.last)
        self._show_missing_fields()
        self._focus_form()

    def _focus_form(self) -> None:
        first = next(iter(self.form.group.rows.values()), None)
        (first.field.editor if first is not None else self.run_button).setFocus()

    def _origin_row(self) -> QVBoxLayout:
        self._origin = IconLine("small", icon_size=14)
        self.others = Chip(tr("Other values"), checkable=False)
        self.others.set_menu(self._other_values())
        self.others.setVisible(bool(self._choices.runs))
        self.defaults = button(tr("Back to defaults"), "link", then=partial(self._fill_in, None))
        words = row(self._origin, self.others, self.defaults, spacing=10, margins=(LEFT, 0, 0, 0))
        words.setStretchFactor(self._origin, 1)
        return column(words)

    def _note_row(self) -> QVBoxLayout:
        name = label(tr("Note"), "secondary")
        name.setBuddy(self.note)
        name.setMinimumWidth(NAME_WIDTH)
        self.note.setAccessibleName(tr("Note"))
        return column(row(name, self.note, spacing=12, margins=(LEFT, 0, 0, 0)))

    def _add_buttons(self) -> None:
        self.raw = button(tr("As JSON"), "ghost", "brackets-curly", self._swap_view)
        self.raw.setCheckable(True)
        self.copy = button(tr("Copy as command"), "ghost", "terminal-window", self._copy_command)
        self.add_left(self.raw)
        self.add_left(self.copy)
        self._keys = key_cap("Ctrl+Enter")
        self._right.addWidget(self._keys, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add_button(tr("Cancel"), then=self.reject)
        self.run_button = self.add_button(tr("Run"), "primary", self._run)
        self.run_button.setIcon(icons.icon("play-fill", "on_accent"))
        self.run_button.setIconSize(QSize(19, 16))

    # Which version, and what it takes

    @property
    def target(self) -> VersionChoice:
        return self.versions.target

    def _made_form(self) -> SchemaForm:
        made = SchemaForm(self.target.schema, self._context, self._choices.workflow.folder or "")
        made.edited.connect(self._on_edited)
        return made

    def _on_version(self) -> None:
        """Another version may take other parameters: what was entered stays where it has a field."""
        values, _wrong = self.form.readable()
        raw = self.form.is_raw
        old, self.form = self.form, self._made_form()
        self._forms.replaceWidget(old, self.form)
        old.hide()
        old.deleteLater()
        self.form.fill({key: each for key, each in values.items() if key in self.form.group.names})
        self.form.show_raw(raw)
        self._show_missing_fields()
        self._on_edited()

    def _show_missing_fields(self) -> None:
        takes = bool(self.form.group.names)
        self.raw.setVisible(takes)
        if not takes:
            self.defaults.hide()
            self._origin.show_text(tr("This version takes no parameters."))

    # What is filled in

    def _fill_in(self, execution: Execution | None) -> None:
        """As for an execution, else with nothing: then the defaults hold. Changes count from here."""
        self.form.fill(as_mapping(execution.input) if execution is not None else {})
        self.form.group.settle()
        if execution is None:
            told = tr("Empty fields take their defaults")
        elif execution is self._choices.last:
            told = tr("Filled in as for {number}, your last run by hand", number=f"#{execution.number}")
        else:
            told = tr("Filled in as for {number}", number=f"#{execution.number}")
        self._origin.show_text(told, "clock-counter-clockwise" if execution is not None else "", "text2")
        self.defaults.setVisible(execution is not None)
        self.form.group.show_problems({})

    def _other_values(self) -> QMenu:
        menu = QMenu(self)
        now = times.now()
        for each in self._choices.runs:
            given = ", ".join(f"{key} {as_shown(value)}" for key, value in as_mapping(each.input).items())
            words = f"#{each.number} · {ago(each.created_at, now)} · {given}"
            short = words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1]}…"
            menu.addAction(short.replace("&", "&&"), partial(self._fill_in, each)).setProperty("verbatim", True)
        return menu

    # Checked while one types

    def _on_edited(self) -> None:
        self.show_problem("")
        self._checks.start()

    def _check_values(self) -> None:
        """What cannot be read is said at once; whether the rest fits is asked off this thread: a schema may be slow."""
        if not self.form.group.is_whole:
            self._checks.start()
            return
        values, wrong = self.form.readable()
        if self.form.is_raw:
            self.show_problem(wrong.get("", ""))
        else:
            self.form.group.show_problems(wrong)
        if self.target.schema and not (self.form.is_raw and wrong):
            check = partial(params.input_problems, self.target.schema, values)
            self._context.run(self, check, partial(self._on_checked, values, wrong), lambda _: None, worker="slow")

    def _on_checked(self, values: JsonObject, wrong: dict[str, str], found: list[Problem]) -> None:
        if (values, wrong) != self.form.readable():
            return  # about what was typed before
        missing = set(texts(self.target.schema.get("required"))) - values.keys()
        fields = self.form.group.fields
        quiet = {key for key in missing if not self._tried or (key in fields and "default" in fields[key].schema)}
        told = {each.path: translate(each.sentence) for each in found if each.path and each.path not in quiet}
        self._show_told({**told, **wrong}, found)

    def _show_told(self, told: dict[str, str], found: list[Problem]) -> None:
        fields = self.form.group.names
        others = [] if self.form.is_raw else [each for each in found if each.path.split(".")[0] not in fields]
        if self.form.is_raw:
            self.show_problem("\n".join(told.values()))
        else:
            self.form.show_problems(told)
            self.show_problem("\n".join(translate(each.sentence) for each in others if each.path))

    def _swap_view(self) -> None:
        try:
            self.form.show_raw(not self.form.is_raw)
        except Invalid as error:
            self.show_problem(translate(error.sentence))
        self.raw.setChecked(self.form.is_raw)
        (self.form.raw if self.form.is_raw else self.raw).setFocus()

    # Running it

    def _copy_command(self) -> None:
        values, _wrong = self.form.readable()
        target, workspace = self.target, self._context.workspace
        words = ["smartspec", *(["--workspace", workspace] if workspace != "default" else []), "run"]
        words.append(self._choices.workflow.ref)
        if not target.is_draft and target is not self._choices.targets[0]:
            words += ["--version", target.version]
        for name, value in values.items():
            words += ["-p", f"{name}={value if isinstance(value, str) else dump(value)}"]
        if self.note.text():
            words += ["--note", self.note.text()]
        QApplication.clipboard().setText(shlex.join(words))
        self._context.notifications.toast(tr("Copied the command"), None, "copy")

    def _run(self) -> None:
        self._tried = True
        values, wrong = self.form.readable()
        if wrong:
            self._check_values()
            self.form.group.focus_problem()
            return
        self.set_busy(True)
        self.queue(values, self.note.text())

    def queue(self, values: JsonObject, note: str) -> None:
        """Start it; a draft is saved first."""
        queue = partial(_start, self._choices, self.target, values, note, self._context.workspace)
        self._context.start(self, queue, self._on_dialog_started, partial(self._on_start_failed, values, note))

    def _on_dialog_started(self, execution: Execution) -> None:
        self.accept()
        self.started.emit(execution)

    def _on_start_failed(self, values: JsonObject, note: str, error: SmartSpecError) -> None:
        self.set_busy(False)
        problems = list(error.problems) if isinstance(error, Invalid) else []
        if any(each.path.startswith("config.") for each in problems):
            self.failed.emit(error, partial(self.queue, values, note))
            return
        self._show_told({each.path: translate(each.sentence) for each in problems if each.path}, problems)
        if not any(each.problem for each in self.form.group.rows.values()) or self.form.is_raw:
            self.refuse(error)
        self.form.group.focus_problem()


def _start(choices: RunChoices, target: VersionChoice, values: JsonObject, note: str, workspace: str) -> Execution:
    label = target.version
    if target.is_draft:
        label = working_copies.save_version(choices.workflow.id, workspace=workspace).version
    return starting.start_execution(
        choices.workflow.id, values, version=label, origin=Origin(Trigger.MANUAL), note=note or None,
        workspace=workspace,
    )  # fmt: skip
