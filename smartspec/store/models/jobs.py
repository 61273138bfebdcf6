"""A job as a row."""

from smartspec.domain import job
from smartspec.store.models.base import Row
from smartspec.store.models.fields import JsonField, MomentField, Number, Text, WordField


class JobRow(Row):
    kind = WordField(job.JobKind)
    what = JsonField()
    status = Text()
    position = JsonField(null=True)
    done = Number()
    total = Number(null=True)
    runner = Number(null=True)
    actor = Text(null=True)
    error = Text(null=True)
    created_at = MomentField()
    updated_at = MomentField()
    completed_at = MomentField(null=True)

    class Meta:
        table_name = "jobs"
