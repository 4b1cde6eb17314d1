-- Why: a request of a data subject has a term of the law, so the list of them is sorted by its last day. Who asked and what they want
-- stays sealed in the log.

CREATE TABLE privacy_request (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,              -- disclosure, correction, stop_of_use, erasure
  channel TEXT NOT NULL,           -- how it came in
  received_on TEXT NOT NULL,
  due_on TEXT NOT NULL,            -- the last day for a decision
  status TEXT NOT NULL,            -- open, paused, decided, answered, closed
  outcome TEXT,                    -- granted, partly, refused
  is_identified INTEGER NOT NULL,  -- 1: it is proved who asked
  handler BLOB,                    -- which member of staff handles it
  opened_at INTEGER NOT NULL,
  position INTEGER NOT NULL        -- of the newest event
) STRICT;
CREATE INDEX privacy_request_by_due ON privacy_request (status, due_on, id);
CREATE INDEX privacy_request_by_time ON privacy_request (opened_at, id);
