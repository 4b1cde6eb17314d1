-- Why: a file with a view of the register is made by a job, lies here sealed until it is taken, and is destroyed after some days. `export`
-- follows from the log: who asked for what, what came of it, how often it was taken. The pieces are operational, stay behind when the
-- register moves, and open nothing without the key of their file.

CREATE TABLE export (
  id UUID NOT NULL PRIMARY KEY,
  format TEXT NOT NULL,
  columns TEXT NOT NULL,
  is_narrowed BIGINT NOT NULL CHECK (is_narrowed IN (0, 1)),
  expected BIGINT NOT NULL,
  is_estimated BIGINT NOT NULL CHECK (is_estimated IN (0, 1)),
  needs_approval BIGINT NOT NULL CHECK (needs_approval IN (0, 1)),
  file_subject UUID NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  job_id UUID,
  made TEXT,
  expires_at BIGINT NOT NULL,
  taken BIGINT NOT NULL,
  taken_at BIGINT,
  ended TEXT,
  ended_at BIGINT
);
CREATE INDEX export_by_time ON export (requested_at, id);
CREATE INDEX export_by_owner ON export (requested_by, requested_at, id);
CREATE UNIQUE INDEX export_job ON export (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX export_to_end ON export (expires_at) WHERE ended IS NULL;
COMMENT ON TABLE export IS 'Files that leave with a view of the register; follows from the log';
COMMENT ON COLUMN export.columns IS 'JSON: their codes, in order';
COMMENT ON COLUMN export.expected IS 'Records of the view when it was asked for';
COMMENT ON COLUMN export.file_subject IS 'Whose key seals the file';
COMMENT ON COLUMN export.requested_by IS 'An actor';
COMMENT ON COLUMN export.job_id IS 'None: it was not begun';
COMMENT ON COLUMN export.made IS 'JSON: what came of it';
COMMENT ON COLUMN export.expires_at IS 'Microseconds; before it is made, until when it may be';
COMMENT ON COLUMN export.taken IS 'How often';
COMMENT ON COLUMN export.ended IS 'How; none: it is there';

CREATE TABLE export_piece (
  export_id UUID NOT NULL,
  term BIGINT NOT NULL,
  part TEXT NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (export_id, term, part, seq)
);
COMMENT ON TABLE export_piece IS 'Sealed bytes of files that leave, in pieces';
COMMENT ON COLUMN export_piece.term IS 'Of the job that made it';
