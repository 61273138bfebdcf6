"""What is counted of a time, as a row."""

import peewee

from smartspec.store.database import database
from smartspec.store.models.fields import MomentField, Number, Text


class MetricRow(peewee.Model):
    entity_type = Text()
    entity = Number()
    task = Text()
    granularity = Text()
    bucket = MomentField()
    completed = Number()
    failed = Number()
    timeout = Number()
    cancelled = Number()
    skipped = Number()
    interrupted = Number()
    duration_sum_ms = Number()
    duration_min_ms = Number(null=True)
    duration_max_ms = Number(null=True)
    cpu_ms = Number()
    peak_memory_bytes = Number()
    output_bytes = Number()
    last_executed_at = MomentField()

    class Meta:
        database = database
        table_name = "metrics"
        primary_key = peewee.CompositeKey("entity_type", "entity", "task", "granularity", "bucket")
