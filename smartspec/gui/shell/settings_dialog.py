"""The settings, saved as they are changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from smartspec import languages
from smartspec.commands import settings
from smartspec.domain.jsontext import Json
from smartspec.gui.contract import Feature, UiSetting
from smartspec.gui.core.context import AppContext
from smartspec.gui.style.formatting import duration, size
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import close_buttons, scrolled
from smartspec.gui.widgets.inputs import Choice
from smartspec.gui.widgets.labels import label, plain_tip
from smartspec.gui.widgets.layout import column, row
from smartspec.messages import tr, translate


class SettingsDialog(QDialog):
    """What the features let a person choose, and what the runner and the warnings go by.

    Saved as soon as it is changed and holds up.
    """

    appearance_changed = Signal()

    def __init__(self, context: AppContext, features: Iterable[Feature], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Settings"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        self._fields: dict[str, QWidget] = {}
        self._wrong = label("", "error")
        self._wrong.setWordWrap(True)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for setting in (each for feature in features for each in feature.settings):
            self._add_ui_setting(setting)
        path = str(context.database.parent)
        folder = label("", "secondary")
        folder.setText(folder.fontMetrics().elidedText(path, Qt.TextElideMode.ElideMiddle, 240))
        folder.setToolTip(plain_tip(path))
        folder.setProperty("verbatim", True)
        open_folder = button(tr("Open"), "link", then=context.actions["open_folder"].trigger)
        place = QWidget()
        place.setLayout(row(folder, open_folder, None))
        self._form.addRow(tr("Data folder"), place)
        inner = QWidget()
        inner.setLayout(column(self._form, None, margins=(4, 4, 12, 4)))
        layout = QVBoxLayout(self)
        layout.addWidget(scrolled(inner))
        layout.addWidget(self._wrong)
        layout.addWidget(close_buttons(self))
        self.resize(800, 600)
        context.run(self, settings.list_settings, self._show_settings_fields)

    def _add_ui_setting(self, setting: UiSetting) -> None:
        """A choice or a switch that is in force as soon as it is made."""
        made = self._choice(setting) if setting.choices else self._switch(setting)
        self._fields[setting.key] = made
        self._form.addRow(translate(setting.title), made)

    def _choice(self, setting: UiSetting) -> Choice:
        made = Choice(translate(setting.title))
        for value, text in setting.choices:
            made.addItem(translate(text), value)
        values = [value for value, _ in setting.choices]
        kept = self._context.ui_state.get(setting.key, values[0])
        made.setCurrentIndex(values.index(kept) if kept in values else 0)
        made.activated.connect(lambda at: self._keep(setting, values[at]))
        return made

    def _switch(self, setting: UiSetting) -> QCheckBox:
        made = QCheckBox(translate(setting.text))
        made.setChecked(self._context.ui_state.get(setting.key, False))
        made.toggled.connect(lambda on: self._keep(setting, on))
        return made

    def _keep(self, setting: UiSetting, value: Json) -> None:
        self._context.ui_state.keep(setting.key, value)
        if setting.is_appearance:
            self.appearance_changed.emit()

    def field(self, key: str) -> QWidget:
        return self._fields[key]

    def _show_settings_fields(self, values: dict[str, Json]) -> None:
        for key, value in values.items():
            spec, meaning = settings.SETTINGS[key], translate(settings.SETTINGS[key].meaning)
            made = self._language_field(value) if key == "language" else self._field(key, spec.kind, value)
            made.setAccessibleName(meaning)
            self._fields[key] = made
            words = label(meaning[:1].upper() + meaning[1:])
            words.setToolTip(key)
            self._form.addRow(words, self._place(key, made))

    def _language_field(self, value: Json) -> Choice:
        """Each language in its own words: who cannot read the window finds theirs."""
        made = Choice(tr("Language"))
        for key, word in (("", tr("As the system")), *languages.LANGUAGES.items()):
            made.addItem(word, key)
        made.setCurrentIndex(max(0, made.findData(value)))
        made.activated.connect(lambda at: self._save("language", made.itemData(at) or None))
        return made

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
        write = next((each for suffix, each in (("_bytes", size), ("_ms", duration)) if key.endswith(suffix)), None)
        if write is None or not isinstance(field, QLineEdit):
            return field
        words = label("", "secondary")

        def tell(text: str) -> None:
            words.setText(write(int(text)) if text.isdecimal() else "")

        field.textChanged.connect(tell)
        tell(field.text())
        place = QWidget()
        place.setLayout(row(field, words, None))
        return place

    def _save_text(self, key: str, kind: type, field: QLineEdit) -> None:
        text = field.text().strip()
        if kind is int and not text.isdecimal():
            self._show_setting_error(
                tr("“{text}” is not a whole number: {meaning}.", text=text, meaning=settings.SETTINGS[key].meaning)
            )
            return
        self._save(key, int(text) if kind is int else text)

    def _save(self, key: str, value: Json) -> None:
        self._context.run(
            self, partial(settings.set_setting, key, value), lambda _: self._show_setting_error(""),
            lambda error: self._show_setting_error(translate(error.sentence)),
        )  # fmt: skip

    def _show_setting_error(self, sentence: str) -> None:
        self._wrong.setText(sentence)
