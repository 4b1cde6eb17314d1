-- Why: what fires must fire once, on any number of nodes. A firing is a row of its own that nobody can write twice, written in
-- the transaction of its event together with the job that it starts. `schedule`, `firing` and `firing_missed` follow from the log.
-- A job is operational: it is claimed, tried again and given up. Who claims it raises `term`, and nothing is written for a term
-- that is over, so a process that stood still while another took its job over can do no harm.
-- A lease saves work: one process at a time looks for what is due. Each tenure has a token, and what is fired under a token that
-- no longer holds is refused.

CREATE TABLE schedule (
  id UUID NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'removed')),
  considered_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
COMMENT ON COLUMN schedule.definition IS 'JSON, as in the event';
COMMENT ON COLUMN schedule.considered_at IS 'Microseconds; what was due up to here has fired or was counted as missed';
COMMENT ON COLUMN schedule.version IS 'Position of the last event that changed it';

-- Of two that are there, people could not tell which one fired.
CREATE UNIQUE INDEX schedule_name ON schedule (name) WHERE state <> 'removed';

CREATE TABLE lease (
  name TEXT NOT NULL PRIMARY KEY,
  token UUID NOT NULL,
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL
);
COMMENT ON COLUMN lease.token IS 'Of this tenure; another one with every change of holder';
COMMENT ON COLUMN lease.holder IS 'For people';
COMMENT ON COLUMN lease.held_until IS 'Microseconds';

CREATE TABLE firing (
  schedule_id UUID NOT NULL,
  due_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  fired_at BIGINT NOT NULL,
  late BIGINT NOT NULL CHECK (late IN (0, 1)),
  makes_up_for BIGINT NOT NULL,
  job_id UUID NOT NULL,
  PRIMARY KEY (schedule_id, due_at)
);
COMMENT ON COLUMN firing.due_at IS 'Microseconds';
COMMENT ON COLUMN firing.position IS 'Of its event';
COMMENT ON COLUMN firing.fired_at IS 'Microseconds';
COMMENT ON COLUMN firing.makes_up_for IS 'How many missed ones it stands for';

CREATE TABLE firing_missed (
  schedule_id UUID NOT NULL,
  position BIGINT NOT NULL,
  count BIGINT NOT NULL,
  first_due_at BIGINT NOT NULL,
  last_due_at BIGINT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (schedule_id, position)
);
COMMENT ON COLUMN firing_missed.position IS 'Of its event';
COMMENT ON COLUMN firing_missed.first_due_at IS 'Microseconds';
COMMENT ON COLUMN firing_missed.last_due_at IS 'Microseconds';

CREATE TABLE job (
  id UUID NOT NULL PRIMARY KEY,
  command TEXT NOT NULL,
  schedule_id UUID,
  due_at BIGINT,
  late BIGINT NOT NULL CHECK (late IN (0, 1)),
  requested_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead', 'cancelled')),
  run_at BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  term BIGINT NOT NULL,
  lease_until BIGINT,
  node TEXT,
  progress_done BIGINT NOT NULL,
  progress_total BIGINT NOT NULL,
  cancel_requested BIGINT NOT NULL CHECK (cancel_requested IN (0, 1)),
  error TEXT,
  finished_at BIGINT
);
COMMENT ON COLUMN job.schedule_id IS 'None: somebody asked for it';
COMMENT ON COLUMN job.due_at IS 'Microseconds; of the firing';
COMMENT ON COLUMN job.requested_by IS 'An actor';
COMMENT ON COLUMN job.created_at IS 'Microseconds';
COMMENT ON COLUMN job.run_at IS 'Microseconds; not before';
COMMENT ON COLUMN job.attempt IS 'How often it was begun';
COMMENT ON COLUMN job.term IS 'Raised with every claim; what is written for an earlier one is refused';
COMMENT ON COLUMN job.lease_until IS 'Microseconds; while it runs';
COMMENT ON COLUMN job.node IS 'Who runs it, or ran it last';
COMMENT ON COLUMN job.progress_total IS '0: not known';
COMMENT ON COLUMN job.error IS 'Why the last attempt failed; no personal data';
COMMENT ON COLUMN job.finished_at IS 'Microseconds';

-- What can be claimed: what is ready, and what somebody held whose lease is over.
CREATE INDEX job_ready ON job (run_at) WHERE state = 'ready';
CREATE INDEX job_running ON job (lease_until) WHERE state = 'running';
CREATE INDEX job_by_schedule ON job (schedule_id, created_at);
CREATE INDEX job_by_time ON job (created_at, id);
