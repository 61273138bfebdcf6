"""A session: the executions that whoever started them gave one id, as a program does for what belongs together."""

from datetime import datetime

from smartspec.domain.engine.states import ExecutionStatus
from smartspec.value import frozen


@frozen
class SessionSummary:
    """`counts` by status, none of them 0; `begin` is the first creation, `last` the last one; `workflows` are names."""

    id: str
    counts: dict[ExecutionStatus, int]
    workflows: tuple[str, ...]
    begin: datetime
    last: datetime

    @property
    def executions(self) -> int:
        return sum(self.counts.values())
