-- Why: what needs two persons waits in an inbox that many look at, so its state is a row, written in the transaction of the event.
-- What is asked for stays sealed in the log.

CREATE TABLE approval (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,              -- of the act, such as staff.roles
  requested_by TEXT NOT NULL,      -- as in the actor of events
  requested_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  status TEXT NOT NULL,            -- open, approved, bypassed, carried_out, rejected, withdrawn, voided
  decided_by TEXT,                 -- who agreed, did not, or did without
  is_bypass INTEGER NOT NULL,      -- 1: nobody else agreed
  position INTEGER NOT NULL        -- of the newest event
) STRICT;
CREATE INDEX approval_by_status ON approval (status, requested_at);
CREATE INDEX approval_by_time ON approval (requested_at, id);
