"""What goes on at this moment, in all workspaces: a runner works for all of them, and so do its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from smartspec.commands import process_identity, settings, task_activity
from smartspec.commands.lateness import lateness_of
from smartspec.commands.queue_reasons import AT_ONCE, QueueReasons
from smartspec.commands.registry import command
from smartspec.domain import times
from smartspec.domain.activity import RECORDING, Activity, Cause, Control, Now, State
from smartspec.domain.engine.states import FINAL, ExecutionStatus
from smartspec.domain.execution import Execution, Kind, TaskExecution
from smartspec.domain.ids import WorkspacePk
from smartspec.errors import ExecutionNotFound
from smartspec.formatting import format_duration
from smartspec.messages import _
from smartspec.store import active, claims, executions, runners, workspaces
from smartspec.value import replace

E = ExecutionStatus
_MOST = 1_000
_QUEUED = 100
_TIMED_OUT = 20
_DAY = timedelta(hours=24)


@command
def list_activities() -> Now:
    """What runs, what waits and for what, what is paused and by whom, what waits for a person, what timed out in the
    last 24 hours.
    """
    living = tuple(each for each in runners.all_() if process_identity.is_alive(each))
    reading = _Reading(times.now())
    at_once = settings.get_setting(AT_ONCE)
    reasons = QueueReasons(claims.begun(), at_once, has_runner=any(each.kind != RECORDING for each in living))
    queued = active.queue(_QUEUED)
    found = [*reading.begun(), *reading.queued(queued, reasons), *reading.timed_out()]
    left_out = active.count(E.PENDING) - len(queued)
    counts = Counter(each.state for each in found)
    counts[State.WAITING] += left_out
    ordered = sorted(found, key=lambda each: [*State].index(each.state))
    return Now(tuple(ordered), counts, left_out, living, reasons.used, at_once)


class _Reading:
    """One look at the rows; `now` is its moment."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._slugs: dict[WorkspacePk, str] = {}

    def begun(self) -> Iterable[Activity]:
        running = active.begun(E.RUNNING, _MOST)
        rows = active.open_tasks([each.pk for each in running])
        lateness = lateness_of({each.workflow for each in running if each.workflow is not None})
        for each in running:
            blank = self._blank(each)
            if each.workflow in lateness:
                known = lateness[each.workflow]
                blank = replace(blank, usual_ms=known.usual_ms, late_after_ms=known.late_after_ms)
            yield from task_activity.activities(each, rows[each.pk], blank)
        yield from (self._interrupted(each) for each in active.begun(E.INTERRUPTED, _MOST))
        yield from (self._paused(each) for each in active.begun(E.PAUSED, _MOST))

    def queued(self, rows: Sequence[Execution], reasons: QueueReasons) -> Iterable[Activity]:
        for each in rows:
            why = reasons.of(each)
            yield replace(
                self._blank(each), state=State.WAITING, cause=why.cause, words=why.words, holder=why.holder,
                setting=why.setting, since=each.created_at, controls=(Control.STOP,),
            )  # fmt: skip

    def timed_out(self) -> Iterable[Activity]:
        for row in active.timed_out_since(self._now - _DAY, _TIMED_OUT):
            try:
                yield self._timed_out(row, executions.get(row.execution))
            except ExecutionNotFound:  # it was removed just now
                continue

    def _blank(self, execution: Execution) -> Activity:
        if execution.workspace not in self._slugs:
            self._slugs[execution.workspace] = workspaces.slug_of(execution.workspace)
        return Activity(
            state=State.RUNNING, cause=Cause.TASK, execution=execution.id, workflow_name=execution.workflow_name,
            number=execution.number, workspace=self._slugs[execution.workspace], words="",
            since=execution.started_at or execution.created_at,
        )  # fmt: skip

    def _interrupted(self, execution: Execution) -> Activity:
        controls = (Control.RESUME, Control.STOP) if execution.kind is Kind.WORKFLOW else (Control.STOP,)
        return replace(
            self._blank(execution), state=State.ASKED, cause=Cause.INTERRUPTED,
            words=_("was interrupted when its runner ended; it can go on"), controls=controls,
        )  # fmt: skip

    def _paused(self, execution: Execution) -> Activity:
        actor, at = active.paused_by(execution.pk)
        who = _("by {name}", name=actor) if actor else _("paused")
        reason = execution.pause_reason
        words = _("{who}: “{reason}”", who=who, reason=reason) if reason else who
        return replace(
            self._blank(execution), state=State.PAUSED, cause=Cause.PAUSE, words=words,
            since=execution.paused_at or at, progress=task_activity.tasks_ended(execution),
            controls=(Control.RESUME, Control.STOP),
        )  # fmt: skip

    def _timed_out(self, row: TaskExecution, execution: Execution) -> Activity:
        words = _("took longer than its {limit}", limit=format_duration(row.timeout_ms)) if row.timeout_ms else _(
            "took longer than it may"
        )  # fmt: skip
        can = execution.status in FINAL and execution.status is not E.COMPLETED and execution.kind is Kind.WORKFLOW
        return replace(
            self._blank(execution), state=State.TIMED_OUT, cause=Cause.TIMEOUT, words=words,
            task=row.label, since=row.completed_at, controls=(Control.RERUN,) if can else (),
        )  # fmt: skip
