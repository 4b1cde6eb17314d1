-- Why: an import in the console goes through hands: a file comes, somebody says which column is which, it is tried out, looked at, begun.
-- `import` follows from the log. The others are operational. What a file holds is about persons, and most of it is in no event yet: it lies
-- sealed, in pieces, and is destroyed a week after the import is over. How far it is stands beside it, written with each piece of rows.

CREATE TABLE import (
  id BLOB NOT NULL PRIMARY KEY,
  format TEXT NOT NULL,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,      -- an actor
  uploaded_at INTEGER NOT NULL,   -- microseconds
  changed_at INTEGER NOT NULL,    -- microseconds, of its last event
  sheet INTEGER,                  -- none: nobody said yet how it is read
  places TEXT,                    -- JSON: for each column of a register, which column of the file
  trial_job_id BLOB,
  tried TEXT,                     -- JSON: what would become of its rows
  run_job_id BLOB,                -- none: it was not begun
  started_by TEXT,                -- an actor
  started_at INTEGER,             -- microseconds
  finished TEXT,                  -- JSON: what became of its rows
  discarded INTEGER NOT NULL CHECK (discarded IN (0, 1))
) STRICT;
CREATE INDEX import_by_time ON import (uploaded_at, id);
CREATE INDEX import_trial_job ON import (trial_job_id) WHERE trial_job_id IS NOT NULL;
CREATE INDEX import_run_job ON import (run_job_id) WHERE run_job_id IS NOT NULL;

CREATE TABLE import_file (
  import_id BLOB NOT NULL PRIMARY KEY,
  uploaded_at INTEGER NOT NULL,   -- microseconds
  label BLOB NOT NULL,            -- name, sheets and first rows, sealed
  rows_done INTEGER NOT NULL,     -- of the run: rows that are gone through
  accepted INTEGER NOT NULL,
  repeats INTEGER NOT NULL,
  refused INTEGER NOT NULL,
  warnings INTEGER NOT NULL
) STRICT;
CREATE INDEX import_file_by_time ON import_file (uploaded_at);
CREATE TABLE import_chunk (
  import_id BLOB NOT NULL,
  seq INTEGER NOT NULL,           -- from 0
  bytes BLOB NOT NULL,            -- sealed
  PRIMARY KEY (import_id, seq)
) STRICT;

-- Refused rows and warnings of a trial.
CREATE TABLE import_row (
  trial_job_id BLOB NOT NULL,
  ordinal INTEGER NOT NULL,       -- from 1
  import_id BLOB NOT NULL,
  row_no INTEGER NOT NULL,         -- of the file, from 1 after the headings
  refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
  code TEXT NOT NULL,
  heading TEXT,                   -- of a register
  found BLOB NOT NULL,            -- what stands there, sealed
  PRIMARY KEY (trial_job_id, ordinal)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_row_by_code ON import_row (trial_job_id, code, ordinal);
CREATE INDEX import_row_refused ON import_row (trial_job_id, refused, ordinal);
CREATE INDEX import_row_of ON import_row (import_id);

-- How files with the same headings were read the last time.
CREATE TABLE import_mapping (
  headings TEXT NOT NULL PRIMARY KEY,  -- SHA-256 of them, hexadecimal
  places TEXT NOT NULL,                -- JSON
  set_by TEXT NOT NULL,                -- an actor
  set_at INTEGER NOT NULL              -- microseconds
) STRICT;
