-- Why: what needs two persons waits in an inbox that many look at, so its state is a row, written in the transaction of the event.
-- What is asked for stays sealed in the log.

CREATE TABLE approval (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  requested_by TEXT NOT NULL,
  requested_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  status TEXT NOT NULL,
  decided_by TEXT,
  is_bypass BIGINT NOT NULL,
  position BIGINT NOT NULL
);
COMMENT ON COLUMN approval.kind IS 'Of the act, such as staff.roles';
COMMENT ON COLUMN approval.requested_by IS 'As in the actor of events';
COMMENT ON COLUMN approval.status IS 'open, approved, bypassed, carried_out, rejected, withdrawn, voided';
COMMENT ON COLUMN approval.decided_by IS 'Who agreed, did not, or did without';
COMMENT ON COLUMN approval.is_bypass IS '1: nobody else agreed';
COMMENT ON COLUMN approval.position IS 'Of the newest event';
CREATE INDEX approval_by_status ON approval (status, requested_at);
CREATE INDEX approval_by_time ON approval (requested_at, id);
