"""The settings of a workflow as rows below one head: which of them are seen, and the room that each part has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from smartspec.domain.config import ConfigChange, Setting
from smartspec.gui.core.slices import Slices
from smartspec.gui.pages.workflows.setting import SettingRow
from smartspec.gui.pages.workflows.setting_columns import GAP, LEFT, RIGHT, SettingColumns, columns_for
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import clear_layout, row
from smartspec.messages import tr
from smartspec.value import frozen

_AT_ONCE = 4  # rows: a row takes 3 ms


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


@frozen
class _Narrowing:
    """What a row has to have to be seen: the text in its key or in what it is for."""

    text: str = ""
    only_changed: bool = False
    only_secrets: bool = False

    def fits(self, row_: SettingRow) -> bool:
        setting = row_.setting
        is_found = self.text in setting.key.lower() or self.text in (setting.description or "").lower()
        return is_found and (not self.only_changed or _is_changed(row_)) and (not self.only_secrets or row_.is_secret)


class SettingList(QScrollArea):
    """`edited`: what is typed and not saved is another now; `made` carries a row that is new; `completed`: all are."""

    edited = Signal()
    made = Signal(object)
    completed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, SettingRow] = {}
        self._making = Slices(self)
        self._making.done.connect(self.completed)
        self._narrowing = _Narrowing()
        self._columns = columns_for(self.width())
        inner = QWidget()
        self._layout = QVBoxLayout(inner)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addStretch(1)
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
        self.finish()
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
        self._making.run(self._show(settings, changes, unsaved, can_edit), _AT_ONCE)

    def _show(
        self, settings: Sequence[Setting], changes: Mapping[str, ConfigChange], unsaved: Mapping[str, str],
        can_edit: bool,
    ) -> Iterator[None]:  # fmt: skip
        shown = [(key, each.setting.value_type) for key, each in self.rows.items()]
        if [(each.key, each.value_type) for each in settings][: len(shown)] != shown:
            self._remove_rows()
        for setting in settings:
            shown_row = self.rows.get(setting.key) or self._make_row(setting, unsaved)
            shown_row.show_setting(setting, changes.get(setting.key))
            shown_row.setEnabled(can_edit)
            yield

    @property
    def is_whole(self) -> bool:
        """Whether all of its rows are made."""
        return not self._making.is_open

    def finish(self) -> None:
        """All rows now: something is to be done with all."""
        self._making.finish()

    def _make_row(self, setting: Setting, unsaved: Mapping[str, str]) -> SettingRow:
        made = self.rows[setting.key] = SettingRow(setting)
        if setting.key in unsaved:
            made.type_text(unsaved[setting.key])
        made.edited.connect(self.edited)
        made.show_columns(self._columns)
        self._layout.insertWidget(self._layout.count() - 1, made)
        if not self._narrowing.fits(made):
            made.hide()
        self.made.emit(made)
        return made

    def _remove_rows(self) -> None:
        self.rows = {}
        clear_layout(self._layout)
        self._layout.addStretch(1)

    def clear(self) -> None:
        """None of them, until others are shown."""
        self._making.stop()
        self._remove_rows()

    def narrow_down(self, text: str, *, only_changed: bool, only_secrets: bool) -> bool:
        """Hide what the text is not in, neither in its key nor in what it is for; the answer is whether any is left."""
        self._narrowing = _Narrowing(text.lower(), only_changed, only_secrets)
        some_fit = self._making.is_open
        for each in self.rows.values():
            fits = self._narrowing.fits(each)
            each.setVisible(fits)
            some_fit = some_fit or fits
        return some_fit

    def show_columns(self, columns: SettingColumns) -> None:
        self._columns = columns
        for each in self.rows.values():
            each.show_columns(columns)


def _is_changed(row_: SettingRow) -> bool:
    return row_.is_dirty or row_.setting.source == "saved"
