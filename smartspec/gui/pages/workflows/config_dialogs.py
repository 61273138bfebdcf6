"""The dialogs of the config editor: another value, a moment of the past, the history of a value."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtWidgets import QDateTimeEdit, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from smartspec.domain import config, times
from smartspec.domain.config import ConfigChange, ValueType
from smartspec.errors import Invalid
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.inputs import Choice
from smartspec.gui.widgets.labels import label
from smartspec.messages import tr, translate


class AddSettingDialog(QDialog):
    """`given` carries key, type, text and description, once they hold up."""

    given = Signal(str, str, str, str)

    def __init__(self, taken: list[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Add value"))
        self._taken = taken
        self.key, self.text, self.description = QLineEdit(), QLineEdit(), QLineEdit()
        self.kind = Choice(tr("Type"))
        self.kind.addItems([each.value for each in ValueType])
        form = QFormLayout()
        for word, field in ((tr("Key"), self.key), (tr("Type"), self.kind), (tr("Value"), self.text),
                            (tr("Description"), self.description)):  # fmt: skip
            field.setAccessibleName(word)
            form.addRow(word, field)
        self.wrong = label("", "error")
        self.wrong.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.ok = buttons.addButton(tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.wrong)
        layout.addWidget(buttons)
        self.kind.currentTextChanged.connect(self._on_kind)
        for field in (self.key, self.text):
            field.textChanged.connect(self._check_new_setting)
        self.resize(420, 220)
        self._check_new_setting()

    def _on_kind(self, kind: str) -> None:
        secret = kind == ValueType.SECRET
        self.text.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        self._check_new_setting()

    def _check_new_setting(self) -> None:
        self.wrong.setText(self._problem() if self.key.text() else "")
        self.ok.setEnabled(not self._problem())

    def _problem(self) -> str:
        try:
            key = config.check_key(self.key.text().strip())
            if key in self._taken:
                return tr("There is a value “{key}” already.", key=key)
            config.read_value(self.text.text(), ValueType(self.kind.currentText()), key)
        except Invalid as error:
            return translate(error.sentence)
        return ""

    def _on_accepted(self) -> None:
        self.accept()
        self.given.emit(self.key.text().strip(), self.kind.currentText(), self.text.text(), self.description.text())


class AsOfDialog(QDialog):
    """Asks for a moment of the past."""

    given = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("As of"))
        self.moment = QDateTimeEdit(QDateTime.currentDateTime().addDays(-1))
        self.moment.setCalendarPopup(True)
        self.moment.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.moment.setAccessibleName(tr("Moment"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(label(tr("Show the values as they were at this moment:"), "secondary"))
        layout.addWidget(self.moment)
        layout.addWidget(buttons)

    def _on_accepted(self) -> None:
        self.accept()
        self.given.emit(times.from_ms(self.moment.dateTime().toMSecsSinceEpoch()))


class HistoryDialog(QDialog):
    """Every value that a setting had, newest first."""

    def __init__(self, key: str, found: tuple[ConfigChange, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("History of {key}", key=key))
        layout = QVBoxLayout(self)
        for each in found[:100]:
            secret = each.value_type is ValueType.SECRET
            old, new = (tr("a secret") if secret and text else text or "–" for text in (each.old, each.new))
            layout.addWidget(label(f"{exact(each.at)}   {each.by or ''}", "caption"))
            layout.addWidget(label(f"{old[:120]}  →  {new[:120]}", "mono", selectable=True))
        if not found:
            layout.addWidget(label(tr("It was never set."), "secondary"))
        layout.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.resize(460, 300)
