"""All settings, group after group, in one form that scrolls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from smartspec.domain.settings import GROUPS
from smartspec.gui.core.slices import Slices
from smartspec.gui.pages.settings.control import Control
from smartspec.gui.pages.settings.group_section import GroupSection
from smartspec.gui.pages.settings.part import SettingsPart
from smartspec.gui.pages.settings.setting_row import SettingRow
from smartspec.gui.widgets.layout import column

_NEAR = 40
_SIDE_BY_SIDE = 720  # pixels that a text and its control have room in


class SettingsForm(QScrollArea):
    """`looked_at` carries the group that a person scrolled to, or has the keyboard in. `made` carries a row that is
    new; `completed`: all are.
    """

    looked_at = Signal(str)
    made = Signal(object)
    completed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields have the keyboard
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._form = QWidget()
        self.sections = {name: GroupSection(name) for name in GROUPS}
        self._form.setLayout(column(*self.sections.values(), None, spacing=0))
        self.setWidget(self._form)
        self.rows: dict[str, SettingRow] = {}
        self.parts: dict[str, SettingsPart] = {}
        self._making = Slices(self)
        self._making.done.connect(self.completed)
        self._is_led = False  # the bar moves because somebody asked for a place
        self._is_filtered = self._is_narrow = False
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def fill(self, controls: Iterable[Control]) -> None:
        """Once it stands where it is to be: what is moved with all that is in it is styled anew each time."""
        self._making.run(self._make_rows(controls))

    def _make_rows(self, controls: Iterable[Control]) -> Iterator[None]:
        for each in controls:
            made = self.rows[each.item.key] = self.sections[each.item.group].add(each)
            self._fit_rows([made])
            self.made.emit(made)
            yield

    def add_part(self, part: SettingsPart) -> None:
        """What is no setting, at the end of its group."""
        self.parts[part.name] = part
        self.sections[part.group].add_part(part)

    @property
    def is_whole(self) -> bool:
        return not self._making.is_open

    def finish(self) -> None:
        """All rows now: one of them is looked for, or all are."""
        self._making.finish()

    @property
    def shown(self) -> Sequence[SettingRow]:
        return [each for each in self.rows.values() if not each.isHidden()]

    @property
    def shown_groups(self) -> Sequence[str]:
        """The group of each setting and each part that is not left out."""
        parts = [each.group for each in self.parts.values() if not each.isHidden()]
        return [*(each.item.group for each in self.shown), *parts]

    @property
    def count(self) -> int:
        """Of settings and parts."""
        return len(self.rows) + len(self.parts)

    @property
    def last_field(self) -> QWidget:
        """The last that the keyboard comes to."""
        return [*self.rows.values()][-1].reset

    def filter(self, words: tuple[str, ...], *, only_changed: bool) -> None:
        """Only what says all the words, which stand out in it."""
        self._is_filtered = bool(words) or only_changed
        for each in self.rows.values():
            each.setVisible(each.item.finds(words, each.value) and (each.is_changed or not only_changed))
            each.mark(words)
        for part in self.parts.values():
            part.setVisible(not only_changed and part.finds(words))
            part.mark(words)
        for section in self.sections.values():
            section.show_found(is_search=bool(words))
        first = next((each for each in self.sections.values() if not each.isHidden()), None)
        for section in self.sections.values():
            section.show_line(section is not first)

    def show_narrow(self, narrow: bool) -> None:
        self._is_narrow = narrow
        self._fit_rows(self.rows.values())

    def _fit_rows(self, rows: Iterable[SettingRow]) -> None:
        """Also in a wide window: something may stand beside the page."""
        for each in rows:
            each.show_narrow(self._is_narrow or self.width() < _SIDE_BY_SIDE)

    def go_to_group(self, group: str) -> None:
        self._go_to(self.sections[group])

    def go_to_setting(self, key: str) -> None:
        """It has the keyboard then."""
        row = self.rows[key]
        row.control.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._go_to(row)

    def go_to_part(self, name: str) -> None:
        self.parts[name].take_keyboard()
        self._go_to(self.parts[name])

    def _go_to(self, part: QWidget) -> None:
        layout = self._form.layout()
        if layout is not None:
            layout.activate()
        self._is_led = True
        self.verticalScrollBar().setValue(part.mapTo(self._form, part.rect().topLeft()).y() + 1)
        self._is_led = False

    def _on_scrolled(self, top: int) -> None:
        passed = [each for each in self.sections.values() if not each.isHidden() and each.y() <= top + _NEAR]
        if passed and not self._is_led and not self._is_filtered:
            self.looked_at.emit(passed[-1].name)

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows(self.rows.values())
