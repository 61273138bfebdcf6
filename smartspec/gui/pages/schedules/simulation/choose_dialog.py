"""Which schedules are simulated: those that are on, those that are off as if they were on, or a few of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, QSortFilterProxyModel, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QWidget

from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.domain.schedule.summary import ScheduleSummary
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.search_field import search_field
from smartspec.gui.widgets.table.rows import row_height
from smartspec.messages import tr, translate, trn

_ID = int(Qt.ItemDataRole.UserRole) + 1


class ChooseDialog(Dialog):
    """`then` is called with the ids of those that are ticked."""

    def __init__(
        self, summaries: Sequence[ScheduleSummary], chosen: Sequence[str],
        then: Callable[[tuple[str, ...]], object], parent: QWidget,
    ) -> None:  # fmt: skip
        told = tr("One that is off is simulated as if it were on.")
        super().__init__(parent, tr("Simulate these schedules"), told, width=520, height=560)
        self._then = then
        self.model = QStandardItemModel(self)
        for each in summaries:
            self.model.appendRow(_item(each, each.schedule.id in chosen))
        self.model.itemChanged.connect(lambda _item: self._show_number())
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.search = search_field(tr("Filter by name or workflow"), tr("Filter the schedules"))
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self.list = QListView()
        self.list.setModel(self._shown)
        self.list.setAccessibleName(tr("Schedules"))
        self.list.setUniformItemSizes(True)
        self.body.addWidget(self.search)
        self.body.addWidget(self.list, 1)
        self.number = label("", "secondary")
        self.add_left(self.number)
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Simulate"), "primary", self._on_accepted)
        self._show_number()

    @property
    def ticked(self) -> tuple[str, ...]:
        """Ids, in the order of the list."""
        items = (self.model.item(row) for row in range(self.model.rowCount()))
        return tuple(str(each.data(_ID)) for each in items if each.checkState() is Qt.CheckState.Checked)

    def can_do_primary(self) -> bool:
        return super().can_do_primary() and bool(self.ticked)

    def _show_number(self) -> None:
        self.number.setText(trn("{n} chosen", "{n} chosen", len(self.ticked)))
        self._enable_primary()

    def _on_accepted(self) -> None:
        ticked = self.ticked
        self.accept()
        self._then(ticked)


def _item(summary: ScheduleSummary, is_ticked: bool) -> QStandardItem:
    schedule = summary.schedule
    is_off = schedule.status is ScheduleStatus.PAUSED
    name = tr("{name} (off)", name=schedule.name) if is_off else schedule.name
    made = QStandardItem(f"{name} · {summary.workflow_name} · {translate(summary.when)}")
    made.setData(schedule.id, _ID)
    made.setSizeHint(QSize(0, row_height()))
    made.setEditable(False)
    made.setCheckable(True)
    made.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
    return made
