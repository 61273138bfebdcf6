"""Only when: what has to hold on the machine for it to start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QFileDialog, QLayout, QLineEdit, QSizePolicy, QWidget

from smartspec.domain.jsontext import Json, texts
from smartspec.domain.quantities import Kind, parse_quantity, quantity
from smartspec.errors import Invalid, Problem
from smartspec.gui.pages.schedules.editor.form_row import FormRow, mark
from smartspec.gui.style import theme
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chips_edit import ChipsEdit
from smartspec.gui.widgets.flow import Flow
from smartspec.gui.widgets.forms.icon_line import IconLine
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate

_IDLE_EXAMPLE = 600_000  # ten minutes
_BARE = 1_000
_PATH_EXAMPLE, _COMMAND_EXAMPLE = "/media/backup", "ping -c1 nas.local"


class ConditionsSection(QWidget):
    """`edited` after each change by a person. What is ticked and left empty is empty in `values`, and is refused."""

    edited = Signal()
    networks_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._known: tuple[str, ...] | None = None
        self._has_asked = False
        self._kept_idle, self._shown_idle = "", _in_words(_IDLE_EXAMPLE)
        self.ticks = {
            "mains": QCheckBox(tr("on mains power")), "networks": QCheckBox(tr("on network")),
            "idle": QCheckBox(tr("idle for")), "path": QCheckBox(tr("this is there")),
            "command": QCheckBox(tr("this command succeeds")),
        }  # fmt: skip
        self.networks = ChipsEdit(tr("Names of networks"), tr("name of a network"))
        self.networks.setMinimumWidth(210)
        self.idle, self.path, self.command = (QLineEdit() for _each in range(3))
        for line, name in ((self.idle, tr("Length of idleness")), (self.path, tr("Path that has to be there")),
                           (self.command, tr("Command that has to succeed"))):  # fmt: skip
            line.setAccessibleName(name)
            line.textEdited.connect(lambda _text: self.edited.emit())
        self.idle.setText(self._shown_idle)
        self.idle.setFixedWidth(104)
        for line in (self.path, self.command):
            line.setProperty("verbatim", True)
        self.path.setPlaceholderText(_PATH_EXAMPLE)
        self.command.setPlaceholderText(_COMMAND_EXAMPLE)
        self.command.setFont(theme.font(mono=True))
        self._browse = button(tr("Browse…"), then=self._choose_path)
        self._browse.setAccessibleName(tr("Browse for {name}", name=tr("Path that has to be there")))
        self.row = FormRow(tr("Only when"), self._laid_out(), self.ticks["mains"])
        self.setLayout(column(self.row))
        for tick in self.ticks.values():
            tick.toggled.connect(lambda _on: self._show_parts())
            tick.clicked.connect(lambda _on: self.edited.emit())
        self.ticks["networks"].toggled.connect(self._ask_for_networks)
        self.networks.edited.connect(self.edited)
        self.networks.edited.connect(self._show_unknown)
        self._show_parts()

    def _laid_out(self) -> QLayout:
        first, network = Flow(spacing=14), QWidget()
        pair = row(self.ticks["networks"], self.networks, spacing=6)
        pair.setStretch(1, 1)
        network.setLayout(pair)
        idle = QWidget()
        idle.setLayout(row(self.ticks["idle"], self.idle, spacing=6))
        idle.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for each in (self.ticks["mains"], idle, network):
            first.addWidget(each)
        second = row(self.ticks["path"], self.path, self._browse)
        third = row(self.ticks["command"], self.command)
        for layout in (second, third):
            layout.setStretch(1, 1)
        self._unknown = IconLine("small", icon_size=13)
        self._unknown.hide()
        return column(first, self._unknown, second, third, spacing=6)

    def _show_parts(self) -> None:
        """What is not ticked cannot be written; what was, stays for when it is again."""
        for key, editors in {
            "networks": (self.networks,), "idle": (self.idle,), "path": (self.path, self._browse),
            "command": (self.command,),
        }.items():  # fmt: skip
            for each in editors:
                each.setEnabled(self.ticks[key].isChecked())
        self._show_unknown()

    def _ask_for_networks(self, on: bool) -> None:
        """Once, when they are wanted: the system may take seconds to answer."""
        if on and not self._has_asked:
            self._has_asked = True
            self.networks_asked.emit()

    def offer_networks(self, names: Sequence[str] | None) -> None:
        """Those that this machine knows; None: it does not tell."""
        self._known = None if names is None else tuple(names)
        completer = QCompleter([*(names or ())], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.networks.line.setCompleter(completer)
        self._show_unknown()

    def _show_unknown(self) -> None:
        """What may be meant otherwise keeps nobody from saving: it may be a network of tomorrow."""
        known = self._known
        asked = [chip.text() for chip in self.networks.chips] if self.ticks["networks"].isChecked() else []
        strange = [name for name in asked if known is not None and name not in known]
        sentences = [tr("This machine knows no network “{name}”.", name=name) for name in strange]
        self._unknown.show_text("\n".join(sentences), "warning-fill", "retrying")
        self._unknown.setVisible(bool(sentences))

    @property
    def values(self) -> dict[str, Json] | None:
        """As a draft has them; None: there are none."""
        is_idle_kept = bool(self._kept_idle) and self.idle.text() == self._shown_idle
        written: dict[str, Json] = {
            "mains": True, "networks": [*self.networks.texts],
            "idle": self._kept_idle if is_idle_kept else self.idle.text().strip(), "path": self.path.text().strip(),
            "command": self.command.text().strip(),
        }  # fmt: skip
        found = {key: value for key, value in written.items() if self.ticks[key].isChecked()}
        return found or None

    def fill(self, values: Mapping[str, Json] | None) -> None:
        given = values or {}
        for key, tick in self.ticks.items():
            tick.setChecked(key in given)
        self.networks.set_texts(texts(given.get("networks")))
        idle = given.get("idle")
        if isinstance(idle, str) and idle:
            ms = _ms(idle)
            self.idle.setText(idle if ms is None else _in_words(ms))
            self._kept_idle, self._shown_idle = idle, self.idle.text()
        for line, key in ((self.path, "path"), (self.command, "command")):
            line.setText(str(given.get(key) or ""))
        self._show_parts()

    def show_problems(self, problems: Sequence[Problem]) -> None:
        """`problems` have a path that begins with `conditions`."""
        self.row.show_problem("\n".join(translate(each.sentence) for each in problems))
        for key, editor in self.editors.items():
            mark(editor, "\n".join(translate(each.sentence) for each in problems if each.path.endswith(f".{key}")))

    @property
    def editors(self) -> dict[str, QWidget]:
        """By the name of the condition."""
        return {"networks": self.networks.line, "idle": self.idle, "path": self.path, "command": self.command}

    def _choose_path(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self.window(), tr("Choose a folder"), self.path.text())
        if chosen:
            self.path.setText(chosen)
            self.edited.emit()


def _ms(text: str) -> int | None:
    try:
        return parse_quantity(text, Kind.DURATION, _BARE)
    except Invalid:
        return None


def _in_words(ms: int) -> str:
    return translate(quantity(ms, Kind.DURATION).words)
