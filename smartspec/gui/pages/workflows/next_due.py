"""When the workflow is due next, as a chip that leads to its schedule."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from smartspec.changes import Topic
from smartspec.domain import times
from smartspec.domain.workflow import Workflow
from smartspec.gui.core.context import AppContext
from smartspec.gui.core.navigation import Location
from smartspec.gui.core.pane import Pane
from smartspec.gui.style.formatting import due
from smartspec.gui.widgets.chip import Chip
from smartspec.gui.widgets.layout import row
from smartspec.messages import tr

if TYPE_CHECKING:
    from smartspec.domain.schedule.schedule import Schedule


class NextDue(Pane):
    """Of several schedules the one that is due first; nothing where none is."""

    topics = frozenset({Topic.SCHEDULES})

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._workflow: Workflow | None = None
        self._schedule: Schedule | None = None
        self.chip = Chip("", "calendar-blank", checkable=False)
        self.chip.clicked.connect(self._open_schedule)
        self.chip.hide()
        self.setLayout(row(self.chip))

    def show_workflow(self, workflow: Workflow) -> None:
        if self._workflow is None or self._workflow.id != workflow.id:
            self._show_schedule(workflow.id, None)
        self._workflow = workflow
        self.invalidate()

    def reload(self) -> None:
        if self._workflow is not None:
            id_ = self._workflow.id
            read = partial(_first_due, id_, self.context.workspace)
            self.context.run(self, read, partial(self._show_schedule, id_), lambda _: None)

    def _show_schedule(self, workflow_id: str, schedule: Schedule | None) -> None:
        if self._workflow is not None and self._workflow.id != workflow_id and schedule is not None:
            return  # another one is shown by now
        self._schedule = schedule
        self.chip.setVisible(schedule is not None)
        self.show_ages()

    def show_ages(self) -> None:
        schedule = self._schedule
        if schedule is None or schedule.next_run_at is None:
            return
        self.chip.set_word(tr("Due {when}", when=due(schedule.next_run_at, times.now())))
        self.chip.set_tip(tr("Schedule {name}", name=schedule.name))

    def _open_schedule(self) -> None:
        if self._schedule is not None:
            self.context.navigator.go(Location("schedules", self._schedule.id))


def _first_due(workflow_id: str, workspace: str) -> Schedule | None:
    from smartspec.commands import schedule_lookup  # the page is there before schedules are

    return schedule_lookup.next_due(workflow_id, workspace)
