-- Why: a change of ten thousand records is one act: which records it is about is settled before anybody looks at what it would do, and is
-- not looked for again when it is done. `bulk_change` follows from the log. The rows are operational: which records were chosen, at which
-- version, and what became of each; whatever was done to a record stands in the record's own events.

CREATE TABLE bulk_change (
  id UUID NOT NULL PRIMARY KEY,
  action TEXT NOT NULL,
  by_filter BIGINT NOT NULL CHECK (by_filter IN (0, 1)),
  count BIGINT NOT NULL,
  selection_hash TEXT NOT NULL,
  undoes UUID,
  frozen_by TEXT NOT NULL,
  frozen_at BIGINT NOT NULL,
  trial_job_id UUID NOT NULL,
  run_job_id UUID,
  started_by TEXT,
  started_at BIGINT
);
CREATE INDEX bulk_change_by_time ON bulk_change (frozen_at, id);
CREATE UNIQUE INDEX bulk_change_trial_job ON bulk_change (trial_job_id);
CREATE UNIQUE INDEX bulk_change_run_job ON bulk_change (run_job_id) WHERE run_job_id IS NOT NULL;
CREATE INDEX bulk_change_undone ON bulk_change (undoes) WHERE undoes IS NOT NULL;
COMMENT ON TABLE bulk_change IS 'Changes that are made to many declarations; follows from the log';
COMMENT ON COLUMN bulk_change.undoes IS 'The bulk change that it takes back';
COMMENT ON COLUMN bulk_change.frozen_by IS 'An actor';
COMMENT ON COLUMN bulk_change.frozen_at IS 'Microseconds';
COMMENT ON COLUMN bulk_change.run_job_id IS 'None: it was not begun';
COMMENT ON COLUMN bulk_change.started_at IS 'Microseconds';

CREATE TABLE bulk_change_row (
  bulk_change_id UUID NOT NULL,
  ordinal BIGINT NOT NULL,
  declaration_id UUID NOT NULL,
  version BIGINT NOT NULL,
  trial TEXT,
  outcome TEXT,
  code TEXT,
  message TEXT,
  differences TEXT,
  PRIMARY KEY (bulk_change_id, ordinal)
);
CREATE INDEX bulk_change_row_trial ON bulk_change_row (bulk_change_id, trial, ordinal);
CREATE INDEX bulk_change_row_outcome ON bulk_change_row (bulk_change_id, outcome, ordinal);
COMMENT ON TABLE bulk_change_row IS 'The records of a bulk change, and what became of each';
COMMENT ON COLUMN bulk_change_row.version IS 'Of the record when it was chosen';
COMMENT ON COLUMN bulk_change_row.trial IS 'What would become of it; none: not tried yet';
COMMENT ON COLUMN bulk_change_row.outcome IS 'What became of it; none: not done yet';
COMMENT ON COLUMN bulk_change_row.code IS 'Why it is left as it is';
COMMENT ON COLUMN bulk_change_row.message IS 'The same for people';
COMMENT ON COLUMN bulk_change_row.differences IS 'JSON; nothing about a person';
