-- Why: a request of a data subject has a term of the law, so the list of them is sorted by its last day. Who asked and what they want
-- stays sealed in the log.

CREATE TABLE privacy_request (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  received_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  status TEXT NOT NULL,
  outcome TEXT,
  is_identified BIGINT NOT NULL,
  handler UUID,
  opened_at BIGINT NOT NULL,
  position BIGINT NOT NULL
);
COMMENT ON COLUMN privacy_request.kind IS 'disclosure, correction, stop_of_use, erasure';
COMMENT ON COLUMN privacy_request.channel IS 'How it came in';
COMMENT ON COLUMN privacy_request.due_on IS 'The last day for a decision';
COMMENT ON COLUMN privacy_request.status IS 'open, paused, decided, answered, closed';
COMMENT ON COLUMN privacy_request.outcome IS 'granted, partly, refused';
COMMENT ON COLUMN privacy_request.is_identified IS '1: it is proved who asked';
COMMENT ON COLUMN privacy_request.handler IS 'Which member of staff handles it';
COMMENT ON COLUMN privacy_request.position IS 'Of the newest event';
CREATE INDEX privacy_request_by_due ON privacy_request (status, due_on, id);
CREATE INDEX privacy_request_by_time ON privacy_request (opened_at, id);
