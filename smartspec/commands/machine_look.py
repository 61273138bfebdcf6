"""A look at the machine for the conditions of a schedule, on a thread of its own: disk, bus and command may hang."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from smartspec.commands import environment
from smartspec.commands.schedule_plan import conditions_of
from smartspec.commands.system.check_command import run_check
from smartspec.commands.system.idle import read_idle_ms
from smartspec.commands.system.networks import Network, networks_in_use
from smartspec.commands.system.power import Power, read_power
from smartspec.commands.system.shared import Shared
from smartspec.domain.schedule import saved_environment
from smartspec.domain.schedule.conditions import COMMAND_SECONDS, Conditions
from smartspec.domain.schedule.machine_state import CommandEnd, MachineState
from smartspec.domain.schedule.schedule import Schedule
from smartspec.domain.workflow import Workflow
from smartspec.value import frozen, replace

LONGEST_S = COMMAND_SECONDS + 20.0  # what is not answered then is not there, or not told
logger = logging.getLogger(__name__)


@frozen
class Question:
    """`variables` and `folder` are for the command: those of the schedule, as its executions have them."""

    conditions: Conditions
    variables: Mapping[str, str]
    folder: str


def question_of(schedule: Schedule, workflow: Workflow) -> Question:
    """Raises Invalid for conditions of another version of the program."""
    around = environment.inherited() | saved_environment.variables_of(schedule.environment)
    folder = saved_environment.folder_of(schedule.environment) or workflow.folder or environment.home()
    return Question(conditions_of(schedule), environment.for_tasks(around), folder)


class System:
    """What the system is asked, each thing once for all who ask at the same time; `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.power = Shared(read_power, Power(), clock)
        self.networks = Shared[tuple[Network, ...] | None](networks_in_use, None, clock)
        self.idle_ms = Shared[int | None](read_idle_ms, None, clock)


class MachineLook:
    """`then` is called on its thread once it is over; `state` is what is known by now."""

    def __init__(self, question: Question, system: System, then: Callable[[], None] = lambda: None) -> None:
        self._question, self._system, self._then = question, system, then
        self._known = MachineState()
        self._is_over = threading.Event()
        self._until = time.monotonic() + LONGEST_S
        self._is_told_to_end = threading.Event()

    def start(self) -> None:
        """Daemonic: nobody waits for one that hangs."""
        threading.Thread(target=self.run, name="machine look", daemon=True).start()

    def end(self) -> None:
        """Its command ends at once, with all that it has started; what hangs otherwise is left to itself."""
        self._is_told_to_end.set()

    @property
    def is_over(self) -> bool:
        return self._is_over.is_set()

    @property
    def is_overdue(self) -> bool:
        """It hangs; the time that the machine sleeps does not count."""
        return not self.is_over and time.monotonic() > self._until

    def wait(self, seconds: float = LONGEST_S) -> MachineState:
        self._is_over.wait(seconds)
        return self.state

    @property
    def state(self) -> MachineState:
        """A path or a command without an answer does not hold; what the system did not answer is not told."""
        conditions, known = self._question.conditions, self._known
        if conditions.path and known.has_path is None:
            known = replace(known, has_path=False)
        if conditions.command and known.command is None:
            known = replace(known, command=CommandEnd(None))
        return known

    def run(self) -> None:
        """Here and now."""
        try:
            self._ask()
        except Exception:  # the edge of a thread
            logger.exception("a look at the machine")
        finally:
            self._is_over.set()
            self._then()

    def _ask(self) -> None:
        """What may hang for good comes last."""
        asked, system = self._question.conditions, self._system
        if asked.mains:
            power = system.power.get()
            self._known = replace(self._known, on_battery=power.on_battery, battery_percent=power.percent)
        if asked.networks and (found := system.networks.get()) is not None:
            free, metered = (tuple(each.name for each in found if each.is_metered == paid) for paid in (False, True))
            self._known = replace(self._known, networks=free, metered=metered)
        if asked.idle_ms:
            self._known = replace(self._known, idle_ms=system.idle_ms.get())
        if asked.command:
            variables, folder = self._question.variables, self._question.folder
            end = run_check(asked.command, variables, folder, is_told_to_end=self._is_told_to_end)
            self._known = replace(self._known, command=end)
        if asked.path:
            self._known = replace(self._known, has_path=Path(asked.path).exists())
