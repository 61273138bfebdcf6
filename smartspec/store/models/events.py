"""An event as a row."""

from smartspec.domain import event
from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Number, Text, WordField


class EventRow(Row):
    at = MomentField()
    level = WordField(event.Level)
    type = WordField(event.EventType)
    workflow = Number(null=True)
    execution = Number(null=True)
    task_execution = Number(null=True)
    tool = Number(null=True)
    schedule = Number(null=True)
    message = Text(null=True)
    data = JsonField(null=True)
    actor = Text(null=True)
    process = Number()
    alert = Number(null=True)

    class Meta:
        table_name = "events"
