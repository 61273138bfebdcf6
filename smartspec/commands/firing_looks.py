"""One schedule at a time: what goes wrong with it keeps no other from its time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from smartspec.commands.firing_situation import Service
from smartspec.commands.schedule_plan import plan_of
from smartspec.domain.ids import SchedulePk
from smartspec.domain.schedule.policy import Plan
from smartspec.domain.schedule.schedule import Schedule, ScheduleStatus
from smartspec.domain.workflow import Workflow
from smartspec.errors import Conflict, Invalid, NotFound, StorageError
from smartspec.store import schedules, workflows

T = TypeVar("T")
_Act = Callable[[Schedule, Workflow, Plan, datetime, Service], T]
logger = logging.getLogger(__name__)


def looked_at(pk: SchedulePk, act: _Act[T], now: datetime, service: Service) -> T | None:
    """What `act` answers; None where it could not be asked. Raises StorageError."""
    try:
        schedule = schedules.get(pk)
        try:
            return act(schedule, workflows.get(schedule.workflow), plan_of(schedule), now, service)
        except Invalid as error:  # its rule is of another version of the program
            with suppress(Conflict):  # edited just now, and so looked at again
                schedules.end(schedule, ScheduleStatus.ERROR, str(error.sentence))
            return None
    except NotFound:  # it went just now
        return None
    except StorageError:
        raise
    except Exception:  # an error of ours in one schedule keeps no other from its time
        logger.exception("schedule %s", pk)
        return None
