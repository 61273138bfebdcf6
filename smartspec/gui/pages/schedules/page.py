"""The page Schedules: 36 hours as a ribbon, the list, and what was decided about every due time of the chosen one."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from smartspec.changes import Topic
from smartspec.commands import calendars, schedule_lookup, schedule_summaries
from smartspec.domain import times
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.schedule.summary import DueMark, ScheduleSummary
from smartspec.errors import SmartSpecError
from smartspec.gui.contract import Page
from smartspec.gui.core.actions import Handler
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.pages.schedules.ribbon import MOST_LANES, Lane, Ribbon, span
from smartspec.gui.style.formatting import count
from smartspec.gui.style.status import status_style
from smartspec.gui.widgets.buttons import button
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.folding import fold_in_turn
from smartspec.gui.widgets.labels import label
from smartspec.gui.widgets.layout import column, frame, line, row
from smartspec.gui.widgets.schedules.actions import ScheduleActions
from smartspec.gui.widgets.schedules.detail import ScheduleDetail
from smartspec.gui.widgets.schedules.schedule_list import ScheduleList
from smartspec.gui.widgets.states import ContentStates
from smartspec.messages import Message, tr, translate

S = ScheduleStatus


class SchedulesPage(Page):
    """Enter edits the chosen schedule, Space switches it on or off."""

    topics = frozenset({Topic.SCHEDULES, Topic.EXECUTIONS, Topic.WORKFLOWS})

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(context, parent)
        self._all: tuple[ScheduleSummary, ...] = ()
        self._filter = ""
        self._wanted = ""  # the id that was asked for
        self.ribbon, self.list = Ribbon(), ScheduleList()
        self.actions_ = ScheduleActions(context, self)
        self.detail = ScheduleDetail(context, self.actions_)
        self.ledger, self.next = self.detail.ledger, self.detail.next
        self.list.chosen.connect(self._on_chosen)
        self.list.switched.connect(self.actions_.switch)
        self.list.row_opened.connect(lambda _row: self.detail.edit())
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu)
        self.chips = self._make_chips()
        self.pause_all = button(tr("Pause all"), "", "pause", lambda: self.actions_.pause_all(self._active()))
        self.simulate_button = button(tr("Simulate…"), "", "flask", self._simulate)
        self.new_button = button(tr("New schedule"), "primary", "plus", self.actions_.new)
        self.unserved = self._make_warning()
        self.calendars = self._make_calendar_warning()
        self.states = ContentStates(self._content())
        self._lay_out_schedules()
        self.states.show_loading()

    def _make_chips(self) -> dict[str, Chip]:
        paused, failed = status_style("paused"), status_style("failed")
        made = {
            "": Chip(tr("All")), S.ACTIVE: Chip(tr("Active")), S.PAUSED: Chip(tr("Paused"), paused.icon, paused.colour),
            S.ERROR: Chip(tr("Error"), failed.icon, failed.colour),
        }  # fmt: skip
        for name, chip in made.items():
            chip.clicked.connect(partial(self._show_only, name))
        made[""].setChecked(True)
        return made

    def _make_warning(self) -> QWidget:
        """First of all, where schedules are on and nobody serves them."""
        made = frame("warningstrip")
        told = label(tr("No runner is there: nothing starts by itself until there is one."), "strong")
        start = button(tr("Start the runner"), "", "play", self._start_runner)
        made.setLayout(row(told, None, start, margins=(20, 6, 14, 6)))
        made.hide()
        return made

    def _make_calendar_warning(self) -> QWidget:
        """Which calendar cannot be read, and what holds meanwhile."""
        made = frame("warningstrip")
        self._calendar_problems = label("", "strong")
        self._calendar_problems.setWordWrap(True)
        made.setLayout(row(self._calendar_problems, margins=(20, 6, 14, 6)))
        made.hide()
        return made

    def _start_runner(self) -> None:
        self.context.start(self, _nothing, lambda _: self.reload_soon())

    def _content(self) -> QWidget:
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.addWidget(self.list)
        self.split.addWidget(self.detail)
        self.split.setStretchFactor(1, 1)
        self.split.setChildrenCollapsible(False)
        self.split.setSizes([224, 340])
        made = QWidget()
        made.setLayout(column(self.ribbon, line(), self.split, spacing=0, fill=self.split))
        return made

    def _lay_out_schedules(self) -> None:
        self._head = head = frame("surface")
        title = label(tr("Schedules"), "title")
        chips = row(*self.chips.values(), spacing=6)
        head.setLayout(
            row(title, 8, chips, None, self.simulate_button, self.pause_all, self.new_button, margins=(20, 8, 14, 8))
        )
        self.setLayout(column(head, line(), self.unserved, self.calendars, self.states, spacing=0, fill=self.states))

    def _fit_head(self) -> None:
        """Where there is no room, icons say it."""
        fold_in_turn(self._head, [self.simulate_button], [self.pause_all], [self.new_button])

    # Where it is

    def show_location(self, location: Location) -> None:
        self._wanted = location.key
        self._choose_wanted()
        self.register_page_handlers()

    def _choose_wanted(self) -> None:
        """What was come for, once it is read; whatever is narrowed gives way."""
        if self._wanted not in {each.schedule.id for each in self._all}:
            return
        if self._wanted not in {each.schedule.id for each in self._shown()}:
            self._show_only("")
        self.list.choose(self._wanted)
        self._wanted = ""

    def panes(self) -> list[QWidget]:
        return [self.list, self.ledger.view]

    def parts(self) -> list[QWidget]:
        return [
            *self.chips.values(),
            self.simulate_button,
            self.pause_all,
            self.new_button,
            self.list,
            *self.detail.parts(),
        ]

    def show_narrow(self, narrow: bool) -> None:
        self.detail.show_narrow(narrow)

    def handlers(self) -> dict[str, Handler]:
        return {"refresh": self.invalidate, "new_schedule": self.actions_.new, "delete": self._delete}

    # Reading

    def show_ages(self) -> None:
        """The line of now, and whether there is a runner."""
        self.reload()

    def reload(self) -> None:
        self.context.run(self, partial(_read, self.context.workspace), self._on_read, self._on_failed, worker="slow")

    def _on_read(self, found: _Read) -> None:
        self._all, is_unserved, problems = found
        self._calendar_problems.setText("\n".join(map(translate, problems)))
        self.calendars.setVisible(bool(problems))
        self.unserved.setVisible(is_unserved and bool(self._active()))
        self._show_rows()
        self._choose_wanted()

    def _on_failed(self, error: SmartSpecError) -> None:
        self.states.show_error(error, self.invalidate)

    def _show_only(self, status: str) -> None:
        self._filter = status
        for name, chip in self.chips.items():
            chip.setChecked(name == status)
        self._show_rows()

    def _shown(self) -> list[ScheduleSummary]:
        return [each for each in self._all if not self._filter or each.schedule.status == self._filter]

    def _active(self) -> list[Schedule]:
        return [each.schedule for each in self._all if each.schedule.status is S.ACTIVE]

    def _show_rows(self) -> None:
        for name, chip in self.chips.items():
            total = sum(not name or each.schedule.status == name for each in self._all)
            chip.set_count(count(total))
            chip.setVisible(bool(total) or name in ("", self._filter))
        self._fit_head()
        self.pause_all.setEnabled(bool(self._active()))
        self.simulate_button.setEnabled(bool(self._all))
        shown = self._shown()
        if not shown:
            self._show_empty()
            return
        self.states.show_content()
        self.list.show_schedules(shown, times.now())

    def _show_empty(self) -> None:
        if self._all:
            show_all: tuple[str, Callable[[], object]] = (tr("Show all"), partial(self._show_only, ""))
            self.states.show_empty("magnifying-glass", tr("No schedule is like that"), "", show_all)
            return
        told = tr("A schedule starts a workflow by itself: at times, in steps, once, or by an event.")
        self.states.show_empty(
            "calendar-blank", tr("Nothing runs by itself yet"), told, (tr("New schedule"), self.actions_.new)
        )

    # The ribbon

    def _read_ribbon(self) -> None:
        """Of the chosen one, and of others as they stand in the list, while there is room."""
        chosen = self.list.current
        shown = [each.schedule for each in self._shown()]
        lanes = shown[:MOST_LANES]
        if chosen is not None and chosen.schedule.pk not in {each.pk for each in lanes}:
            lanes = [*lanes[: MOST_LANES - 1], chosen.schedule]
        now = times.now()
        read = partial(schedule_summaries.schedule_marks, lanes, *span(now))
        self.context.run(self, read, partial(self._show_ribbon, lanes), lambda _: None, worker="slow")

    def _show_ribbon(self, shown: list[Schedule], marks: tuple[tuple[DueMark, ...], ...]) -> None:
        chosen = self.list.current
        pk = chosen.schedule.pk if chosen else None
        named = zip(shown, marks, strict=True)
        lanes = [Lane(each.name, found, each.pk == pk) for each, found in named if found or each.pk == pk]
        self.ribbon.show_lanes(lanes, times.now())

    # The chosen one

    def _on_chosen(self, summary: ScheduleSummary) -> None:
        self.detail.show_schedule(summary)
        self._read_ribbon()

    def _simulate(self) -> None:
        self.context.navigator.go(Location("simulation"))

    def _delete(self) -> None:
        if (chosen := self.list.current) is not None:
            self.actions_.delete(chosen.schedule)

    def _on_menu(self, at: QPoint) -> None:
        if self.list.indexAt(at).isValid() and (chosen := self.list.current) is not None:
            self.actions_.menu(self.list, chosen).popup(self.list.viewport().mapToGlobal(at))

    # Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_head()


_Read = tuple[tuple[ScheduleSummary, ...], bool, tuple[Message, ...]]


def _read(workspace: str) -> _Read:
    """All schedules, whether nobody serves them, and what is wrong with their calendars."""
    found = schedule_summaries.list_schedule_summaries(workspace)
    return found, schedule_lookup.is_unserved(), calendars.problems()


def _nothing() -> None:
    """To be queued: a runner is wanted, and no execution."""
