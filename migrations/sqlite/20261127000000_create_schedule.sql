-- Why: what fires must fire once, on any number of nodes. A firing is a row of its own that nobody can write twice, written in
-- the transaction of its event together with the job that it starts. `schedule`, `firing` and `firing_missed` follow from the log.
-- A job is operational: it is claimed, tried again and given up. Who claims it raises `term`, and nothing is written for a term
-- that is over, so a process that stood still while another took its job over can do no harm.
-- A lease saves work: one process at a time looks for what is due. Each tenure has a token, and what is fired under a token that
-- no longer holds is refused.

CREATE TABLE schedule (
  id BLOB NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,      -- JSON, as in the event
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'removed')),
  considered_at INTEGER NOT NULL, -- microseconds; what was due up to here has fired or was counted as missed
  version INTEGER NOT NULL       -- position of the last event that changed it
) STRICT;

-- Of two that are there, people could not tell which one fired.
CREATE UNIQUE INDEX schedule_name ON schedule (name) WHERE state <> 'removed';

CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  token BLOB NOT NULL,           -- of this tenure; another one with every change of holder
  holder TEXT NOT NULL,          -- for people
  held_until INTEGER NOT NULL    -- microseconds
) STRICT;

CREATE TABLE firing (
  schedule_id BLOB NOT NULL,
  due_at INTEGER NOT NULL,       -- microseconds
  position INTEGER NOT NULL,     -- of its event
  fired_at INTEGER NOT NULL,     -- microseconds
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  makes_up_for INTEGER NOT NULL, -- how many missed ones it stands for
  job_id BLOB NOT NULL,
  PRIMARY KEY (schedule_id, due_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE firing_missed (
  schedule_id BLOB NOT NULL,
  position INTEGER NOT NULL,     -- of its event
  count INTEGER NOT NULL,
  first_due_at INTEGER NOT NULL, -- microseconds
  last_due_at INTEGER NOT NULL,  -- microseconds
  why TEXT NOT NULL,
  PRIMARY KEY (schedule_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
  id BLOB NOT NULL PRIMARY KEY,
  command TEXT NOT NULL,
  schedule_id BLOB,              -- none: somebody asked for it
  due_at INTEGER,                -- microseconds; of the firing
  late INTEGER NOT NULL CHECK (late IN (0, 1)),
  requested_by TEXT NOT NULL,    -- an actor
  created_at INTEGER NOT NULL,   -- microseconds
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
  run_at INTEGER NOT NULL,       -- microseconds; not before
  attempt INTEGER NOT NULL,      -- how often it was begun
  term INTEGER NOT NULL,         -- raised with every claim; what is written for an earlier one is refused
  lease_until INTEGER,           -- microseconds; while it runs
  node TEXT,                     -- who runs it, or ran it last
  progress_done INTEGER NOT NULL,
  progress_total INTEGER NOT NULL, -- 0: not known
  cancel_requested INTEGER NOT NULL CHECK (cancel_requested IN (0, 1)),
  error TEXT,                    -- why the last attempt failed; no personal data
  finished_at INTEGER            -- microseconds
) STRICT;

-- What can be claimed: what is ready, and what somebody held whose lease is over.
CREATE INDEX job_ready ON job (run_at) WHERE state = 'ready';
CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_by_schedule ON job (schedule_id, created_at);
CREATE INDEX job_by_time ON job (created_at, id);
