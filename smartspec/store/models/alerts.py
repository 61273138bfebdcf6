"""An alert as a row."""

from smartspec.domain.alert import evidence
from smartspec.domain.alert.alert import AlertKind
from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Number, Text, WordField


class EvidenceField(JsonField):
    """An `Evidence`, kept as a JSON object."""

    def db_value(self, value: object) -> str | None:
        assert isinstance(value, evidence.Evidence)
        return super().db_value(evidence.to_json(value))

    def python_value(self, value: str | None) -> evidence.Evidence:
        """Raises TypeError, ValueError for what is none."""
        return evidence.from_json(super().python_value(value))


class AlertRow(Row):
    id = Text()
    kind = WordField(AlertKind)
    subject = Text()
    workflow = Number(null=True)
    execution = Number(null=True)
    schedule = Number(null=True)
    evidence = EvidenceField()
    raised_at = MomentField()
    told_at = MomentField(null=True)
    acknowledged_at = MomentField(null=True)
    acknowledged_by = Text(null=True)
    note = Text(null=True)
    snoozed_at = MomentField(null=True)
    snoozed_by = Text(null=True)
    snoozed_until = MomentField(null=True)
    closed_at = MomentField(null=True)
    closed_reason = Text(null=True)

    class Meta:
        table_name = "alerts"
