"""When the machine sleeps, as a person states it: from one time of day to another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from smartspec.domain.schedule.simulate import NightlySleep
from smartspec.errors import Invalid
from smartspec.gui.widgets.dialogs import Dialog
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.moment_edit import MomentEdit
from smartspec.messages import tr, translate


class SleepDialog(Dialog):
    """`then` is called with what was stated."""

    def __init__(self, sleep: NightlySleep, then: Callable[[NightlySleep], object], parent: QWidget) -> None:
        super().__init__(parent, tr("When this machine sleeps"), tr("Each night of the simulation."), width=400)
        self._then = then
        self.begin, self.end = MomentEdit(tr("From"), "time"), MomentEdit(tr("To"), "time")
        fields = []
        for name, field, at in ((tr("From"), self.begin, sleep.begin), (tr("To"), self.end, sleep.end)):
            field.setText(f"{at:%H:%M}")
            field.textChanged.connect(lambda _text: self._check_hours())
            said = label(name, "secondary")
            said.setBuddy(field)
            fields.append(column(said, field, spacing=4))
        self.body.addLayout(row(*fields, None, spacing=16))
        self.add_button(tr("Cancel"), then=self.reject)
        self.add_button(tr("Sleep then"), "primary", self._accept_hours)

    def _hours(self) -> NightlySleep | None:
        try:
            begin, end = self.begin.moment, self.end.moment
        except Invalid as error:
            self.show_problem(translate(error.sentence))
            return None
        if begin is None or end is None or begin.time() == end.time():
            self.show_problem(tr("Write two times of day that differ."))
            return None
        self.show_problem("")
        return NightlySleep(begin.time(), end.time())

    def _check_hours(self) -> None:
        self._hours()

    def _accept_hours(self) -> None:
        if (found := self._hours()) is not None:
            self.accept()
            self._then(found)
