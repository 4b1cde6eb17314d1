-- Why: an import in the console goes through hands: a file comes, somebody says which column is which, it is tried out, looked at, begun.
-- `import` follows from the log. The others are operational. What a file holds is about persons, and most of it is in no event yet: it lies
-- sealed, in pieces, and is destroyed a week after the import is over. How far it is stands beside it, written with each piece of rows.

CREATE TABLE import (
  id UUID NOT NULL PRIMARY KEY,
  format TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  uploaded_by TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  sheet BIGINT,
  places TEXT,
  trial_job_id UUID,
  tried TEXT,
  run_job_id UUID,
  started_by TEXT,
  started_at BIGINT,
  finished TEXT,
  discarded BIGINT NOT NULL CHECK (discarded IN (0, 1))
);
CREATE INDEX import_by_time ON import (uploaded_at, id);
CREATE INDEX import_trial_job ON import (trial_job_id) WHERE trial_job_id IS NOT NULL;
CREATE INDEX import_run_job ON import (run_job_id) WHERE run_job_id IS NOT NULL;

CREATE TABLE import_file (
  import_id UUID NOT NULL PRIMARY KEY,
  uploaded_at BIGINT NOT NULL,
  label BYTEA NOT NULL,
  rows_done BIGINT NOT NULL,
  accepted BIGINT NOT NULL,
  repeats BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  warnings BIGINT NOT NULL
);
CREATE INDEX import_file_by_time ON import_file (uploaded_at);
CREATE TABLE import_chunk (
  import_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (import_id, seq)
);

-- Refused rows and warnings of a trial.
CREATE TABLE import_row (
  trial_job_id UUID NOT NULL,
  ordinal BIGINT NOT NULL,
  import_id UUID NOT NULL,
  row_no BIGINT NOT NULL,
  refused BIGINT NOT NULL CHECK (refused IN (0, 1)),
  code TEXT NOT NULL,
  heading TEXT,
  found BYTEA NOT NULL,
  PRIMARY KEY (trial_job_id, ordinal)
);
CREATE INDEX import_row_by_code ON import_row (trial_job_id, code, ordinal);
CREATE INDEX import_row_refused ON import_row (trial_job_id, refused, ordinal);
CREATE INDEX import_row_of ON import_row (import_id);

-- How files with the same headings were read the last time.
CREATE TABLE import_mapping (
  headings TEXT NOT NULL PRIMARY KEY,
  places TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL
);

COMMENT ON TABLE import IS 'Imports in the console; follows from the log';
COMMENT ON TABLE import_file IS 'Files of imports, and how far each is';
COMMENT ON TABLE import_chunk IS 'Bytes of files of imports';
COMMENT ON TABLE import_row IS 'Refused rows and warnings of a trial';
COMMENT ON TABLE import_mapping IS 'How files with the same headings were read the last time';
COMMENT ON COLUMN import.uploaded_by IS 'An actor';
COMMENT ON COLUMN import.uploaded_at IS 'Microseconds';
COMMENT ON COLUMN import.changed_at IS 'Microseconds, of its last event';
COMMENT ON COLUMN import.sheet IS 'None: nobody said yet how it is read';
COMMENT ON COLUMN import.places IS 'JSON: for each column of a register, which column of the file';
COMMENT ON COLUMN import.tried IS 'JSON: what would become of its rows';
COMMENT ON COLUMN import.run_job_id IS 'None: it was not begun';
COMMENT ON COLUMN import.started_by IS 'An actor';
COMMENT ON COLUMN import.started_at IS 'Microseconds';
COMMENT ON COLUMN import.finished IS 'JSON: what became of its rows';
COMMENT ON COLUMN import_file.uploaded_at IS 'Microseconds';
COMMENT ON COLUMN import_file.label IS 'Name, sheets and first rows, sealed';
COMMENT ON COLUMN import_file.rows_done IS 'Of the run: rows that are gone through';
COMMENT ON COLUMN import_chunk.seq IS 'From 0';
COMMENT ON COLUMN import_chunk.bytes IS 'Sealed';
COMMENT ON COLUMN import_row.ordinal IS 'From 1';
COMMENT ON COLUMN import_row.row_no IS 'Of the file, from 1 after the headings';
COMMENT ON COLUMN import_row.heading IS 'Of a register';
COMMENT ON COLUMN import_row.found IS 'What stands there, sealed';
COMMENT ON COLUMN import_mapping.headings IS 'SHA-256 of them, hexadecimal';
COMMENT ON COLUMN import_mapping.places IS 'JSON';
COMMENT ON COLUMN import_mapping.set_by IS 'An actor';
COMMENT ON COLUMN import_mapping.set_at IS 'Microseconds';
