"""What is counted and kept beside the rows, and the questions that tell where it is not as the rows say."""

from smartspec.store import conditions

WRONG_NUMBERS = (
    "SELECT count(*) FROM workflows AS w WHERE last_number <"
    " (SELECT max(number) FROM executions AS e WHERE e.workflow = w.pk)"
)
WRONG_CURRENT = (
    "SELECT count(*) FROM workflows AS w WHERE current_version IS NOT"
    " (SELECT pk FROM workflow_versions AS v WHERE v.workflow = w.pk ORDER BY number DESC LIMIT 1)"
)
WRONG_TASKS = (
    "SELECT count(*) FROM executions WHERE min(tasks_total, tasks_completed, tasks_failed, tasks_tolerated,"
    " tasks_skipped, tasks_cancelled) < 0 OR tasks_completed + tasks_failed + tasks_tolerated + tasks_skipped"
    " + tasks_cancelled > tasks_total"
)
UNFINISHED = (
    "SELECT count(*) FROM task_executions AS t JOIN executions AS e ON e.pk = t.execution"  # noqa: S608
    f" WHERE t.status IN ('pending', 'running') AND e.status IN {conditions.ENDED}"
)
OWNERLESS = f"SELECT count(*) FROM executions WHERE {conditions.OWNERLESS}"  # noqa: S608 - our own words

# The executions whose task counters can be had from the rows alone (first round, no items) and are not those.
_COUNTS_OF_TASKS = """
SELECT
    e.pk, sum(NOT t.tolerated AND t.status = 'completed') AS completed,
    sum(NOT t.tolerated AND t.status IN ('failed', 'timeout')) AS failed, sum(t.tolerated) AS tolerated,
    sum(NOT t.tolerated AND t.status = 'skipped') AS skipped,
    sum(NOT t.tolerated AND t.status = 'cancelled') AS cancelled, e.tasks_completed, e.tasks_failed, e.tasks_tolerated,
    e.tasks_skipped, e.tasks_cancelled
FROM executions AS e
JOIN (SELECT execution, task, status, tolerated, max(pk) FROM task_executions GROUP BY execution, task) AS t
    ON t.execution = e.pk
WHERE e.kind = 'workflow' AND e.attempt = 1 AND e.status IN ('completed', 'failed')
    AND NOT EXISTS (
        SELECT 1 FROM task_executions AS i WHERE i.execution = e.pk AND (i.item_index > 0 OR i.status = 'interrupted')
    )
GROUP BY e.pk
HAVING count(*) <= e.tasks_total -- more: handlers, which are not counted
"""
MISCOUNTED = (
    f"SELECT * FROM ({_COUNTS_OF_TASKS}) WHERE (completed, failed, tolerated, skipped, cancelled)"  # noqa: S608
    " IS NOT (tasks_completed, tasks_failed, tasks_tolerated, tasks_skipped, tasks_cancelled)"
)
MISCOUNTED_EXECUTIONS = f"SELECT count(*) FROM ({MISCOUNTED})"  # noqa: S608
