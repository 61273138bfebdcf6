"""A setting of a workflow, and what it was before, as rows."""

from smartspec.domain.config import ValueType
from smartspec.store.models.base import Row
from smartspec.store.models.fields import MomentField, Number, Text, WordField


class ConfigRow(Row):
    id = Text()
    workflow = Number()
    key = Text()
    value = Text()
    value_type = WordField(ValueType)
    description = Text(null=True)
    created_at = MomentField()
    updated_at = MomentField()

    class Meta:
        table_name = "configs"


class ConfigHistoryRow(Row):
    workflow = Number()
    key = Text()
    old = Text(null=True)
    new = Text(null=True)
    value_type = WordField(ValueType)
    operation = Text()
    by = Text(null=True)
    at = MomentField()

    class Meta:
        table_name = "config_history"
