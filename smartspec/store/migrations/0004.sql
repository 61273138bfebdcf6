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
CREATE INDEX schedule_firings_held_up ON schedule_firings (schedule, scheduled_for)
WHERE execution IS NULL AND decision = 'skipped_condition';

-- The table of step 2 had no rows in any file: nothing wrote to it yet.
DROP TABLE alerts;
-- What a person should know of, until it is over. One is open for each kind and subject.
CREATE TABLE alerts (
    pk INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- never used again: events outlive their alert
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (
        kind IN ('long_running', 'high_failure', 'missed', 'resource_heavy', 'disk_low', 'backup_old')
    ),
    subject TEXT NOT NULL CHECK (subject <> ''), -- what it is about, as kind:key
    workflow INTEGER,
    execution INTEGER,
    schedule INTEGER,
    evidence TEXT NOT NULL CHECK (json_valid(evidence)),
    raised_at INTEGER NOT NULL,
    told_at INTEGER,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    note TEXT,
    snoozed_at INTEGER,
    snoozed_by TEXT,
    snoozed_until INTEGER, -- NULL while snoozed: until it succeeds, or ends
    closed_at INTEGER,
    closed_reason TEXT,
    CHECK (acknowledged_at IS NULL OR snoozed_at IS NULL),
    CHECK (snoozed_until IS NULL OR snoozed_at IS NOT NULL),
    CHECK (closed_reason IS NULL OR closed_at IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX alerts_open ON alerts (kind, subject) WHERE closed_at IS NULL;
CREATE INDEX alerts_closed ON alerts (closed_at) WHERE closed_at IS NOT NULL;
ALTER TABLE events ADD COLUMN alert INTEGER;
CREATE INDEX events_alert ON events (alert) WHERE alert IS NOT NULL;

-- What a schedule that waits for files has told of, or found at its first look; the place is NULL until there was one.
CREATE TABLE schedule_watches (
    schedule INTEGER NOT NULL PRIMARY KEY REFERENCES schedules ON DELETE CASCADE,
    expression TEXT NOT NULL,
    revision INTEGER NOT NULL DEFAULT 1,
    place TEXT CHECK (place IN ('missing', 'file', 'folder')),
    device INTEGER,
    problem TEXT NOT NULL DEFAULT '',
    looked_at INTEGER NOT NULL
) STRICT;

-- Names are bytes, as the system has them.
CREATE TABLE watched_files (
    schedule INTEGER NOT NULL REFERENCES schedule_watches ON DELETE CASCADE,
    name BLOB NOT NULL,
    modified_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    PRIMARY KEY (schedule, name)
) STRICT, WITHOUT ROWID;

-- The newest event that a schedule has decided about: what is passed over is counted once, whoever looks.
ALTER TABLE schedules ADD COLUMN decided_event INTEGER;

-- Calendar files whose events are days without, each as it was read last; schedules name them by their paths.
CREATE TABLE calendars (
    path TEXT NOT NULL PRIMARY KEY,
    stretches TEXT NOT NULL CHECK (json_valid(stretches)),
    seen TEXT NOT NULL,
    read_at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    problem TEXT
) STRICT, WITHOUT ROWID;
ALTER TABLE schedules ADD COLUMN calendars TEXT CHECK (calendars IS NULL OR json_valid(calendars));
CREATE INDEX schedules_calendars ON schedules (pk) WHERE calendars IS NOT NULL;
-- What was sent, and could not be delivered, is looked at: of very many events those few.
CREATE INDEX events_told ON events (pk) WHERE type IN ('notification_sent', 'notification_failed');
