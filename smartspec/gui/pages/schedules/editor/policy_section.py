"""What becomes of missed times, of one that finds another still running, and of days that are left out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.gui.pages.schedules.editor.form_row import FormRow
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chips_edit import ChipsEdit
from smartspec.gui.widgets.labels import Elided
from smartspec.gui.widgets.layout import column, row
from smartspec.gui.widgets.segments import Segments
from smartspec.messages import _, tr, translate

_MISFIRES = {
    Misfire.SKIP: (_("Skip"), _("asleep, off, or no runner: what was missed is not made up for")),
    Misfire.ONCE: (_("Run once"), _("asleep, off, or no runner: once, as soon as it can")),
    Misfire.ALL: (_("Run all"), _("asleep, off, or no runner: one after another, at most")),
}
_OVERLAPS = {
    Overlap.SKIP: (_("Skip"), _("it is left out; any active execution of the workflow counts")),
    Overlap.QUEUE: (_("Queue"), _("it waits until no execution of the workflow is active")),
    Overlap.ALLOW: (_("Allow both"), _("it starts beside what is still running")),
    Overlap.REPLACE: (_("Replace"), _("it ends what a schedule has started; else it is left out")),
}


class PolicySection(QWidget):
    """`edited` after each change by a person."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_overlap_chosen = False
        missed = [(translate(word), each) for each, (word, _told) in _MISFIRES.items()]
        running = [(translate(word), each) for each, (word, _told) in _OVERLAPS.items()]
        self.misfire, self.overlap = Segments(tr("If missed"), missed), Segments(tr("If still running"), running)
        self.cap = QLineEdit()
        self.cap.setAccessibleName(tr("The most that is caught up"))
        self.cap.setFixedWidth(56)
        self._missed, self._running = (Elided("secondary", takes_its_width=True) for _each in range(2))
        self.blackouts = ChipsEdit(tr("Except on"), tr("such as 2026-12-24, or every year 12-24/01-02"))
        self.calendars = ChipsEdit(tr("Calendars"), tr("calendar file (.ics) whose events are days without"))
        self._browse = button(tr("Browse…"), then=self._choose_calendar)
        self._browse.setAccessibleName(tr("Browse for {name}", name=tr("Calendars")))
        files = row(self.calendars, self._browse)
        files.setStretch(0, 1)
        first, second = row(self.misfire, 4, self._missed, self.cap), row(self.overlap, 4, self._running)
        for each in (first, second):
            each.addStretch(1)
        self.rows = {
            "misfire": FormRow(tr("If missed"), first, self.misfire),
            "overlap": FormRow(tr("If still running"), second, self.overlap),
            "blackouts": FormRow(tr("Except on"), self.blackouts, self.blackouts),
            "calendars": FormRow(tr("Calendars"), files, self.calendars),
        }
        self.setLayout(column(*self.rows.values(), spacing=8))
        self.misfire.chosen.connect(lambda _value: self._on_chosen())
        self.overlap.chosen.connect(lambda _value: self._on_overlap())
        self.cap.textEdited.connect(lambda _text: self.edited.emit())
        self.blackouts.edited.connect(self.edited)
        self.calendars.edited.connect(self.edited)

    def _choose_calendar(self) -> None:
        kinds = tr("Calendars ({pattern})", pattern="*.ics")
        chosen, _kind = QFileDialog.getOpenFileName(self.window(), tr("Choose a calendar"), "", kinds)
        if chosen:
            self.calendars.add([chosen])

    def _on_overlap(self) -> None:
        self._is_overlap_chosen = True
        self._on_chosen()

    def suggest_overlap(self, overlap: Overlap) -> None:
        """What is usual, until a person has chosen."""
        if not self._is_overlap_chosen and self.overlap.value is not overlap:
            self.overlap.choose(overlap)
            self._show_meanings()

    def _on_chosen(self) -> None:
        self._show_meanings()
        self.edited.emit()

    def choose(self, misfire: Misfire, overlap: Overlap, *, is_chosen: bool = True) -> None:
        """`is_chosen`: by a person, so that nothing else is suggested."""
        self._is_overlap_chosen = is_chosen
        self.misfire.choose(misfire)
        self.overlap.choose(overlap)
        self._show_meanings()

    def _show_meanings(self) -> None:
        misfire, overlap = Misfire(str(self.misfire.value)), Overlap(str(self.overlap.value))
        self._missed.setText(translate(_MISFIRES[misfire][1]))
        self._running.setText(translate(_OVERLAPS[overlap][1]))
        self.cap.setVisible(misfire is Misfire.ALL)
