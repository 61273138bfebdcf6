"""An alert as a row."""

from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Text


class AlertRow(Row):
    id = Text()
    kind = Text()
    subject = Text()
    raised_at = MomentField()
    acknowledged_at = MomentField(null=True)
    snoozed_until = MomentField(null=True)
    told_at = MomentField(null=True)
    closed_at = MomentField(null=True)
    evidence = JsonField(null=True)

    class Meta:
        table_name = "alerts"
