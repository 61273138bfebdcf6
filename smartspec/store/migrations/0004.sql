-- What was to be made up for, or waited for its turn, when a pause began is not made up for: the ledger says so.
UPDATE schedule_firings SET decision = 'skipped_paused', reason = (
    SELECT p.reason FROM schedule_firings AS p
    WHERE p.schedule = schedule_firings.schedule AND p.decision = 'skipped_paused'
    AND p.scheduled_for > schedule_firings.scheduled_for
    ORDER BY p.scheduled_for LIMIT 1
)
WHERE execution IS NULL AND decision IN ('caught_up', 'queued', 'replaced') AND cause NOT LIKE 'hand %' AND EXISTS (
    SELECT 1 FROM schedule_firings AS p
    WHERE p.schedule = schedule_firings.schedule AND p.decision = 'skipped_paused'
    AND p.scheduled_for > schedule_firings.scheduled_for
);

CREATE INDEX schedules_conditions ON schedules (pk) WHERE conditions IS NOT NULL;
