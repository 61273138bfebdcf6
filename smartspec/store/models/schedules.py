"""A schedule, and each time that it fired, as rows."""

from smartspec.domain.schedule.firing import Decision
from smartspec.domain.schedule.policy import Misfire, Overlap
from smartspec.domain.schedule.rule import TriggerType
from smartspec.domain.schedule.schedule import ScheduleStatus
from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Number, Text, WordField


class ScheduleRow(Row):
    id = Text()
    workflow = Number()
    version = Number(null=True)
    name = Text()
    trigger_type = WordField(TriggerType)
    expression = Text(null=True)
    timezone = Text(null=True)
    input = JsonField(null=True)
    status = WordField(ScheduleStatus)
    error = Text(null=True)
    misfire = WordField(Misfire)
    catch_up_cap = Number()
    overlap = WordField(Overlap)
    jitter = Number()
    conditions = JsonField(null=True)
    blackouts = JsonField(null=True)
    environment = JsonField(null=True)
    expected_interval_ms = Number(null=True)
    events_per_hour = Number(null=True)
    ping = JsonField(null=True)
    start_at = MomentField(null=True)
    end_at = MomentField(null=True)
    next_run_at = MomentField(null=True)
    last_run_at = MomentField(null=True)
    run_count = Number()
    success_count = Number()
    failure_count = Number()
    missed_count = Number()
    row_version = Number()
    created_at = MomentField()
    updated_at = MomentField()
    deleted_at = MomentField(null=True)
    calendars = JsonField(null=True)

    class Meta:
        table_name = "schedules"


class FiringRow(Row):
    schedule = Number()
    scheduled_for = MomentField()
    cause = Text()
    until = MomentField(null=True)
    count = Number()
    decision = WordField(Decision)
    reason = Text(null=True)
    fired_at = MomentField()
    execution = Number(null=True)

    class Meta:
        table_name = "schedule_firings"
