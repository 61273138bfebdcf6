"""The settings of a workflow as rows below one head: which of them are seen, and the room that each part has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from smartspec.domain.config import ConfigChange, Setting
from smartspec.gui.pages.workflows.setting import SettingRow
from smartspec.gui.pages.workflows.setting_columns import GAP, LEFT, RIGHT, SettingColumns, columns_for
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, row
from smartspec.messages import tr


class SettingHead(QFrame):
    """What each column is called."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "surface")
        self.names = [label(word, "caption") for word in (tr("Key"), tr("Type"), tr("Value"), tr("Description"))]
        words = row(*self.names, spacing=GAP, margins=(LEFT, 5, RIGHT, 5))
        words.setStretch(3, 1)
        words.addStretch(0)
        self.setLayout(words)

    def show_columns(self, columns: SettingColumns) -> None:
        for name, width in zip(self.names, (columns.key, columns.type, columns.value), strict=False):
            name.setFixedWidth(width)
        self.names[1].setText(tr("Type") if columns.is_wide else "")
        self.names[3].setVisible(columns.is_wide)


class SettingList(QScrollArea):
    """`edited`: what is typed and not saved is another now; `made` carries a row that is new."""

    edited = Signal()
    made = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, SettingRow] = {}
        self._columns = columns_for(self.width())
        inner = QWidget()
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have the keyboard
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidget(inner)

    @property
    def dirty(self) -> list[SettingRow]:
        """With what is typed and not saved."""
        return [each for each in self.rows.values() if each.is_dirty]

    @property
    def saved(self) -> list[Setting]:
        """Those with a value of their own."""
        return [each.setting for each in self.rows.values() if each.setting.source == "saved"]

    @property
    def changed_count(self) -> int:
        """How many are not as the definition has them, or not going to be."""
        return sum(_is_changed(each) for each in self.rows.values())

    @property
    def secret_count(self) -> int:
        return sum(each.is_secret for each in self.rows.values())

    def show_settings(
        self, settings: Sequence[Setting], changes: Mapping[str, ConfigChange], unsaved: Mapping[str, str], *,
        can_edit: bool,
    ) -> None:  # fmt: skip
        """`changes` are the last ones, `unsaved` what is typed, both by key; what is typed into what is shown stays."""
        shown = [(key, each.setting.value_type) for key, each in self.rows.items()]
        if [(each.key, each.value_type) for each in settings] != shown:
            self._make_rows(settings, unsaved)
        for setting in settings:
            self.rows[setting.key].show_setting(setting, changes.get(setting.key))
            self.rows[setting.key].setEnabled(can_edit)

    def _make_rows(self, settings: Sequence[Setting], unsaved: Mapping[str, str]) -> None:
        self.clear()
        for setting in settings:
            made = self.rows[setting.key] = SettingRow(setting)
            if setting.key in unsaved:
                made.type_text(unsaved[setting.key])
            made.edited.connect(self.edited)
            made.show_columns(self._columns)
            self._layout.addWidget(made)
            self.made.emit(made)
        self._layout.addStretch(1)

    def clear(self) -> None:
        """None of them, until others are shown."""
        self.rows = {}
        clear_layout(self._layout)

    def narrow_down(self, text: str, *, only_changed: bool, only_secrets: bool) -> bool:
        """Hide what the text is not in, neither in its key nor in what it is for; the answer is whether any is left."""
        words, some_fit = text.lower(), False
        for key, each in self.rows.items():
            fits = words in key.lower() or words in (each.setting.description or "").lower()
            fits = fits and (not only_changed or _is_changed(each)) and (not only_secrets or each.is_secret)
            each.setVisible(fits)
            some_fit = some_fit or fits
        return some_fit

    def show_columns(self, columns: SettingColumns) -> None:
        self._columns = columns
        for each in self.rows.values():
            each.show_columns(columns)


def _is_changed(row_: SettingRow) -> bool:
    return row_.is_dirty or row_.setting.source == "saved"
