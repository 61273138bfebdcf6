"""Beside the form: what the draft comes to, in words and in its next times."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from smartspec.commands.file_watches import folder_to_choose_in
from smartspec.commands.schedule_drafts import TIMED, ScheduleDraft
from smartspec.domain.schedule.policy import Misfire
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import Schedule
from smartspec.gui.pages.schedules.editor.due_list import DueList
from smartspec.gui.pages.schedules.editor.past_list import PastList
from smartspec.gui.pages.schedules.editor.reading import DraftPreview
from smartspec.gui.pages.schedules.editor.worth_knowing import WorthKnowing
from smartspec.gui.style.formatting import exact
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.dialogs import scrolled, wrapped
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, line, row
from smartspec.messages import _, sentences, tr, translate

WIDTH = 400
_MISSED = {
    Misfire.SKIP: _("If missed, it is not made up for."),
    Misfire.ONCE: _("If missed, once as soon as it can."),
    Misfire.ALL: _("If missed, all of them, one after another."),
}


class PreviewPane(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "pane")
        self._title, self._more = wrapped("", "title"), wrapped("", "secondary")
        self._heading, self._now = label(tr("Next five"), "heading"), label("", "small")
        self._head = QWidget()
        self._head.setLayout(row(self._heading, None, self._now, margins=(8, 0, 8, 0)))
        self.times, self._none = DueList(), wrapped("", "secondary")
        self.worth, self.past = WorthKnowing(), PastList()
        self.simulate_button = button(tr("Simulate 30 days"), "", "calendar-blank")
        self.run_button = button(tr("Run once now"), "", "play")
        words = self._words = QWidget()
        said = label(tr("In words"), "section")
        words.setLayout(column(said, self._title, self._more, spacing=4, margins=(8, 0, 8, 0)))
        none = row(self._none, margins=(8, 0, 8, 0))
        inner = QWidget()
        inner.setLayout(column(words, self._head, self.times, none, self.past, self.worth, None,
                               spacing=10, margins=(12, 14, 12, 12)))  # fmt: skip
        self.area = scrolled(inner)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keyboard
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.buttons = row(self.simulate_button, self.run_button, None, margins=(12, 10, 12, 12))
        self.setLayout(column(self.area, line(), self.buttons, spacing=0, fill=self.area))

    def show_state(self, schedule: Schedule | None, *, is_saved: bool, can_run: bool) -> None:
        """What can be done now: what is simulated, or run, is what is saved."""
        for_file = schedule is not None and folder_to_choose_in(schedule) is not None
        now = tr("Run for a file…") if for_file else tr("Run once now")
        self.run_button.setText(now if is_saved else tr("Save and run once"))
        self.run_button.setEnabled(can_run)
        self.simulate_button.setEnabled(schedule is not None)
        told = tr("It can be simulated once it is saved.") if schedule is None else tr("As it is saved.")
        self.simulate_button.setToolTip("" if is_saved else told)

    def show_narrow(self, narrow: bool) -> None:
        """What stands in words is in the strip above it then."""
        self._words.setHidden(narrow)

    @property
    def headline(self) -> str:
        """What stands in words, on one line."""
        return self._title.text()

    def show_preview(self, found: DraftPreview, draft: ScheduleDraft) -> None:
        """Of a rule that cannot be read nothing is shown: its problem stands at its field."""
        check = found.check
        when = translate(check.when) if check.when is not None else ""
        self._title.setText(when[:1].upper() + when[1:] if when else tr("No rule that can be read"))
        only = translate(check.only) if check.only is not None else ""
        self._more.setText(_meaning(draft, only) if when else "")
        self._more.setVisible(bool(self._more.text()))
        self._now.setText(tr("{moment} now", moment=exact(found.now).rpartition(":")[0]))
        times = found.upcoming.times
        self._heading.setText(tr("Next five") if len(times) >= 5 else tr("Next"))
        self._head.setVisible(bool(times))
        self.times.setVisible(bool(times))
        self.times.show_preview(found)
        self.past.show_preview(found.past)
        if not times:
            self.worth.hide()
        told = "" if times or not when else _why_none(draft)
        self._none.setText(told)
        self._none.setVisible(bool(told))


def _meaning(draft: ScheduleDraft, only: str) -> str:
    parts: list[str] = []
    if draft.trigger_type in TIMED:
        zone = draft.timezone
        parts.append(tr("By the clock of {zone}.", zone=zone) if zone else tr("By the clock of this machine."))
        parts.append(_MISSED[draft.misfire])
        if draft.jitter.strip():
            parts.append(tr("Up to {duration} later, by chance.", duration=draft.jitter.strip()))
    if only:
        parts.append(tr("Only {conditions}.", conditions=only))
    if not draft.is_active:
        parts.append(tr("It is paused: nothing starts until it is switched on."))
    return translate(sentences(parts)) if parts else ""


def _why_none(draft: ScheduleDraft) -> str:
    if draft.trigger_type is TriggerType.EVENT:
        return tr("It has no times of its own: it starts when that happens.")
    if draft.trigger_type is TriggerType.MANUAL:
        return tr("It starts only when somebody runs it.")
    return tr("It is not due any more.")
