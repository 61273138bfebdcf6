-- What was decided to start, and has not: found however many due times there were.
CREATE INDEX schedule_firings_waiting ON schedule_firings (schedule, scheduled_for)
WHERE execution IS NULL AND decision IN ('caught_up', 'queued', 'replaced');
