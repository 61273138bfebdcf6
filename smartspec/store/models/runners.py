"""A runner as a row."""

from smartspec.store.models.base import Row
from smartspec.store.models.fields import MomentField, Number, Text


class RunnerRow(Row):
    host = Text()
    machine_id = Text(null=True)
    pid = Number()
    start_ticks = Number()
    boot_id = Text()
    kind = Text()
    started_at = MomentField()

    class Meta:
        table_name = "runners"
