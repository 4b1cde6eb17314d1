-- Why: a file with a view of the register is made by a job, lies here sealed until it is taken, and is destroyed after some days. `export`
-- follows from the log: who asked for what, what came of it, how often it was taken. The pieces are operational, stay behind when the
-- register moves, and open nothing without the key of their file.

CREATE TABLE export (
  id BLOB NOT NULL PRIMARY KEY,
  format TEXT NOT NULL,
  columns TEXT NOT NULL,         -- JSON: their codes, in order
  is_narrowed INTEGER NOT NULL CHECK (is_narrowed IN (0, 1)),
  expected INTEGER NOT NULL,     -- records of the view when it was asked for
  is_estimated INTEGER NOT NULL CHECK (is_estimated IN (0, 1)),
  needs_approval INTEGER NOT NULL CHECK (needs_approval IN (0, 1)),
  file_subject BLOB NOT NULL,    -- whose key seals the file
  requested_by TEXT NOT NULL,    -- an actor
  requested_at INTEGER NOT NULL, -- microseconds
  job_id BLOB,                   -- none: it was not begun
  made TEXT,                     -- JSON: what came of it
  expires_at INTEGER NOT NULL,   -- microseconds; before it is made, until when it may be
  taken INTEGER NOT NULL,        -- how often
  taken_at INTEGER,              -- microseconds
  ended TEXT,                    -- how; none: it is there
  ended_at INTEGER               -- microseconds
) STRICT;
CREATE INDEX export_by_time ON export (requested_at, id);
CREATE INDEX export_by_owner ON export (requested_by, requested_at, id);
CREATE UNIQUE INDEX export_job ON export (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX export_to_end ON export (expires_at) WHERE ended IS NULL;

CREATE TABLE export_piece (
  export_id BLOB NOT NULL,
  term INTEGER NOT NULL,         -- of the job that made it
  part TEXT NOT NULL,
  seq INTEGER NOT NULL,          -- from 0
  bytes BLOB NOT NULL,           -- sealed
  PRIMARY KEY (export_id, term, part, seq)
) STRICT;
