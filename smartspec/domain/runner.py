"""A runner: a process that runs executions, known by what cannot be reused."""

from datetime import datetime

from smartspec.domain.ids import RunnerPk
from smartspec.value import frozen


@frozen
class Runner:
    """`start_ticks` and `boot_id` are the kernel's: a pid alone may belong to another process by now."""

    pk: RunnerPk
    host: str
    machine_id: str | None
    pid: int
    start_ticks: int
    boot_id: str
    kind: str  # foreground, background or recording
    started_at: datetime
