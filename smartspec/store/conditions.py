"""Conditions that several statements ask of executions, in SQL."""

from smartspec.domain.engine.states import FINAL

ENDED = f"({', '.join(repr(each.value) for each in sorted(FINAL))})"  # the statuses of those that have ended
CAN_GO = f"deleted_at IS NULL AND status IN {ENDED}"
# As in the index of those that have not ended: of one status alone the planner does not see that it is for it
RUNNING = "status IN ('pending', 'running', 'paused', 'interrupted') AND status = 'running'"
OWNERLESS = f"{RUNNING} AND runner IS NOT NULL AND runner NOT IN (SELECT pk FROM runners)"  # noqa: S608 - our own words
