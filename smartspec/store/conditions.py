"""Conditions that several statements ask of executions, in SQL."""

from smartspec.domain.engine.states import FINAL

ENDED = f"({', '.join(repr(each.value) for each in sorted(FINAL))})"  # the statuses of those that have ended
CAN_GO = f"deleted_at IS NULL AND status IN {ENDED}"
OWNERLESS = "status = 'running' AND runner IS NOT NULL AND runner NOT IN (SELECT pk FROM runners)"
