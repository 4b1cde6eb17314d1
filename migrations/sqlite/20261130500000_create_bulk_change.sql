-- Why: a change of ten thousand records is one act: which records it is about is settled before anybody looks at what it would do, and is
-- not looked for again when it is done. `bulk_change` follows from the log. The rows are operational: which records were chosen, at which
-- version, and what became of each; whatever was done to a record stands in the record's own events.

CREATE TABLE bulk_change (
  id BLOB NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  by_filter INTEGER NOT NULL CHECK (by_filter IN (0, 1)),
  count INTEGER NOT NULL,
  selection_hash TEXT NOT NULL,
  undoes BLOB,                   -- the bulk change that it takes back
  frozen_by TEXT NOT NULL,       -- an actor
  frozen_at INTEGER NOT NULL,    -- microseconds
  trial_job_id BLOB NOT NULL,
  run_job_id BLOB,               -- none: it was not begun
  started_by TEXT,               -- an actor
  started_at INTEGER             -- microseconds
) STRICT;
CREATE INDEX bulk_change_by_time ON bulk_change (frozen_at, id);
CREATE UNIQUE INDEX bulk_change_trial_job ON bulk_change (trial_job_id);
CREATE UNIQUE INDEX bulk_change_run_job ON bulk_change (run_job_id) WHERE run_job_id IS NOT NULL;
CREATE INDEX bulk_change_undone ON bulk_change (undoes) WHERE undoes IS NOT NULL;

CREATE TABLE bulk_change_row (
  bulk_change_id BLOB NOT NULL,
  ordinal INTEGER NOT NULL,      -- from 1
  declaration_id BLOB NOT NULL,
  version INTEGER NOT NULL,      -- of the record when it was chosen
  trial TEXT,                    -- what would become of it; none: not tried yet
  outcome TEXT,                  -- what became of it; none: not done yet
  code TEXT,                     -- why it is left as it is
  message TEXT,                  -- the same for people
  differences TEXT,              -- JSON; nothing about a person
  PRIMARY KEY (bulk_change_id, ordinal)
) STRICT, WITHOUT ROWID;
-- Counts by outcome, and the rows of one.
CREATE INDEX bulk_change_row_trial ON bulk_change_row (bulk_change_id, trial, ordinal);
CREATE INDEX bulk_change_row_outcome ON bulk_change_row (bulk_change_id, outcome, ordinal);
