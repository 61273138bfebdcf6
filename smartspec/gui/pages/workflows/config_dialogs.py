"""The dialogs of the config editor: another value, a moment of the past, the history of a value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from smartspec.domain import config, times
from smartspec.domain.config import ConfigChange, ValueType
from smartspec.errors import Invalid
from smartspec.gui.pages.workflows.moment_chips import moment_with_chips
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.choice import Choice
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.dialogs.parts import wrapped
from smartspec.gui.widgets.forms.number_text import guess_number, read_number
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, line, row
from smartspec.gui.widgets.moment_edit import MomentEdit
from smartspec.gui.widgets.tag import Tag
from smartspec.messages import tr, translate, trn

_NAME_WIDTH = 92
_MOST_SHOWN = 100


class AddSettingDialog(Dialog):
    """`add` is called with key, type, text, description and the dialog, which it closes or refuses."""

    def __init__(self, taken: list[str], add: Callable[[str, str, str, str, AddSettingDialog], object],
                 parent: QWidget) -> None:  # fmt: skip
        super().__init__(parent, tr("Add a value"), tr("Beside those that the definition declares."))
        self._taken, self._add = taken, add
        self.key, self.text, self.description = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind = Choice(tr("Type"))
        self.kind.addItems([each.value for each in ValueType])
        for word, field in ((tr("Key"), self.key), (tr("Type"), self.kind), (tr("Value"), self.text),
                            (tr("Description"), self.description)):  # fmt: skip
            self.body.addLayout(_named(word, field))
        self.description.setPlaceholderText(tr("optional"))
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Add"), "primary", self._on_add)
        self.kind.currentTextChanged.connect(self._on_kind)
        for each in (self.key, self.text):
            each.textChanged.connect(self._check_new_setting)
        self._enable_primary()

    def _on_kind(self, kind: str) -> None:
        is_secret = kind == ValueType.SECRET
        self.text.setEchoMode(QLineEdit.EchoMode.Password if is_secret else QLineEdit.EchoMode.Normal)
        self._check_new_setting()

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and not self._problem_of_new()

    def _check_new_setting(self) -> None:
        self.show_problem(self._problem_of_new() if self.key.text() else "")

    @property
    def _typed(self) -> str:
        """A number as JSON writes it."""
        text = self.text.text()
        return (read_number(text) or text) if self.kind.currentText() == ValueType.NUMBER else text

    def _problem_of_new(self) -> str:
        try:
            key = config.check_key(self.key.text().strip())
            if key in self._taken:
                return tr("There is a value “{key}” already.", key=key)
            config.read_value(self._typed, ValueType(self.kind.currentText()), key)
        except Invalid as error:
            guess = guess_number(self.text.text()) if self.kind.currentText() == ValueType.NUMBER else ""
            return translate(error.sentence) + (" " + tr("Did you mean {guess}?", guess=guess) if guess else "")
        return ""

    def _on_add(self) -> None:
        self.set_busy(True)
        self._add(self.key.text().strip(), self.kind.currentText(), self._typed, self.description.text(), self)


def _named(word: str, field: QWidget) -> QVBoxLayout:
    name = label(word, "secondary")
    name.setMinimumWidth(_NAME_WIDTH)
    name.setBuddy(field)
    field.setAccessibleName(word)
    made = row(name, field, spacing=12)
    made.setStretch(1, 1)
    return column(made)


class AsOfDialog(Dialog):
    """`then` is called with a moment of the past."""

    def __init__(self, then: Callable[[datetime], object], parent: QWidget) -> None:
        super().__init__(parent, tr("Values of the past"), tr("They are shown as they were, and cannot be changed."))
        self._then = then
        now = times.now().astimezone().replace(second=0, microsecond=0)
        self.moment = MomentEdit(tr("As of"), "date-time")
        self.moment.set_value((now - timedelta(days=1)).isoformat())
        self.body.addWidget(moment_with_chips(self.moment, [
            (tr("An hour ago"), now - timedelta(hours=1)), (tr("Yesterday"), now - timedelta(days=1)),
            (tr("A week ago"), now - timedelta(days=7)), (tr("A month ago"), now - timedelta(days=30)),
        ]))  # fmt: skip
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Show"), "primary", self._show_then)
        self.moment.textChanged.connect(self._check_moment)

    def _check_moment(self) -> None:
        self.show_problem(self._problem_of_moment())

    def _problem_of_moment(self) -> str:
        try:
            moment = self.moment.moment
        except Invalid as error:
            return translate(error.sentence)
        if moment is None:
            return tr("Give a moment.")
        return tr("That has not been yet.") if moment > times.now() else ""

    def _show_then(self) -> None:
        moment = self.moment.moment
        if moment is not None and not self._problem_of_moment():
            self.accept()
            self._then(moment)


class HistoryDialog(Dialog):
    """Every value that a setting had, newest first."""

    def __init__(self, key: str, found: tuple[ConfigChange, ...], parent: QWidget) -> None:
        caption = trn("{n} change", "{n} changes", len(found)) if found else tr("It was never set.")
        super().__init__(parent, tr("History of {key}", key=key), caption, width=560)
        self.body.setSpacing(10)
        for index, each in enumerate(found[:_MOST_SHOWN]):
            if index:
                self.body.addWidget(line())
            self.body.addLayout(_change(each))
        if len(found) > _MOST_SHOWN:
            self.body.addWidget(label(tr("Older ones are not shown here."), "caption"))
        if not found:
            self.body.addWidget(wrapped(tr("The default of the definition holds, or nothing does."), "secondary"))
        self.body.addStretch(1)
        self.add_button(tr("Close"), then=self.accept).setDefault(True)


def _change(change: ConfigChange) -> QVBoxLayout:
    """When and by whom; the old value with −, the new one with +, as in a difference."""
    head = row(label(exact(change.at), "small"), label(change.by or "", "caption"), None)
    if change.new is None:
        head.addWidget(Tag(tr("Forgotten")))
    lines = [head]
    for sign, role, text in (("−", "removed", change.old), ("+", "added", change.new)):
        if text is not None:
            shown = tr("a secret") if change.value_type is ValueType.SECRET else text[:500]
            words = wrapped(shown, "mono")
            words.setProperty("verbatim", True)
            part = row(label(sign, role), words, spacing=8)
            part.setStretch(1, 1)
            lines.append(part)
    return column(*lines, spacing=4)
