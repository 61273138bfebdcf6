"""The tasks of two executions side by side, by SQLite: however many items they have, bounded rows come back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from smartspec.domain.compare.verdict import Ends
from smartspec.domain.execution import TaskExecution
from smartspec.domain.ids import ExecutionPk, TaskExecutionPk
from smartspec.store import database, task_tallies

# Each task and item of both, with all its attempts and the last one of each side; handlers have no part in it. Outputs
# are held against one another as they are kept: the same text is the same, another may mean the same still.
_PAIRS = """
SELECT asked.new AS of, task, item_index, group_concat(t.pk) AS attempts,
    max(CASE WHEN execution = asked.old THEN t.pk END) AS old,
    max(CASE WHEN execution = asked.new THEN t.pk END) AS new
FROM (SELECT value ->> 0 AS old, value ->> 1 AS new FROM json_each(?1)) AS asked
    JOIN task_executions AS t ON execution IN (asked.old, asked.new)
WHERE substr(task, 1, 9) <> 'handlers.' GROUP BY asked.new, task, item_index
"""
_SIDES = f"""
({_PAIRS}) AS pair
    LEFT JOIN task_executions AS old ON old.pk = pair.old LEFT JOIN task_executions AS new ON new.pk = pair.new
"""
_OTHER_END = """
(old.pk IS NULL OR new.pk IS NULL OR old.status <> new.status OR old.exit_code IS NOT new.exit_code)
"""
_TELLING = f"""
SELECT attempts, whole FROM (
    SELECT attempts, count(*) OVER () AS whole, row_number() OVER (
        PARTITION BY pair.task ORDER BY pair.item_index = 0 DESC, {_OTHER_END} DESC, old.output IS NOT new.output DESC,
            old.log_sha256 IS NOT new.log_sha256 DESC, pair.item_index
    ) AS place FROM {_SIDES}
) WHERE place <= ?2
"""  # noqa: S608 - our own words
_DIFFERING = f"""
SELECT of, old, new FROM (
    SELECT of, pair.old, pair.new, row_number() OVER (
        PARTITION BY of ORDER BY old.pk IS NULL, coalesce(old.position, new.position), pair.item_index
    ) AS place FROM {_SIDES} WHERE {_OTHER_END} OR old.output IS NOT new.output
) WHERE place <= ?2 ORDER BY of, place
"""  # noqa: S608 - our own words


def telling(old: ExecutionPk, new: ExecutionPk, most: int) -> tuple[tuple[TaskExecution, ...], int]:
    """The attempts of each task in both; of one with more items those of its first, and of so many that differ most.

    Beside them how many items were left out.
    """
    found = database.rows(_TELLING, (json.dumps([(old, new)]), most))
    pks = [TaskExecutionPk(int(pk)) for attempts, _ in found for pk in attempts.split(",")]
    return task_tallies.by_keys(pks), (found[0][1] if found else 0) - len(found)


def differing(asked: Iterable[tuple[ExecutionPk, ExecutionPk]], most: int) -> Mapping[ExecutionPk, Sequence[Ends]]:
    """By the second of two executions the first last attempts that differ, in the order of the file."""
    found = database.rows(_DIFFERING, (json.dumps([*asked]), most))
    rows = {row.pk: row for row in task_tallies.by_keys({pk for _, *pair in found for pk in pair if pk is not None})}
    return {
        of: [(rows.get(old), rows.get(new)) for _, old, new in pairs]
        for of, pairs in groupby(found, lambda each: each[0])
    }
