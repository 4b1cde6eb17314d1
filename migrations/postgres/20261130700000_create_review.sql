-- Why: what may be wrong in the register is found by a search that runs each night, and looked at by people one after the other. Two must
-- not look at the same at once, so who works on what, and until when, is here; and what somebody decided is kept beside it (it is an event,
-- too), so that the same suspicion does not come back. Rows are found anew by each search: only what is different is written.
-- `review_contact` says which contacts are the same, by keyed hashes; it follows from the log and is made anew where it is missing.

CREATE TABLE review (
  id UUID NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  ground TEXT NOT NULL,
  rules TEXT NOT NULL,
  weight BIGINT NOT NULL,
  found_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'gone')),
  claimed_by TEXT,
  claimed_until BIGINT,
  verdict TEXT,
  decided_by TEXT,
  decided_at BIGINT,
  position BIGINT,
  ended_at BIGINT
);
CREATE UNIQUE INDEX review_ground ON review (kind, ground) WHERE state <> 'gone';
-- With what the counts ask: they need no look at the rows.
CREATE INDEX review_open ON review (kind, found_at, id, claimed_by, claimed_until) WHERE state = 'open';
CREATE INDEX review_claimed ON review (claimed_by, kind, found_at, id) WHERE state = 'open' AND claimed_by IS NOT NULL;
CREATE INDEX review_decided ON review (kind, decided_at, id) WHERE state = 'decided';

CREATE TABLE review_declaration (
  review_id UUID NOT NULL,
  declaration_id UUID NOT NULL,
  PRIMARY KEY (review_id, declaration_id)
);
CREATE INDEX review_declaration_by_declaration ON review_declaration (declaration_id, review_id);

CREATE TABLE review_contact (
  declaration_id UUID NOT NULL PRIMARY KEY,
  address BYTEA,
  phone BYTEA,
  domain BYTEA
);

-- When the last search ended, and what it looked at.
CREATE TABLE review_search (
  name TEXT NOT NULL PRIMARY KEY,
  ended_at BIGINT NOT NULL,
  looked_at BIGINT NOT NULL,
  found BIGINT NOT NULL
);
COMMENT ON TABLE review IS 'Suspicions that somebody has to look at';
COMMENT ON COLUMN review.ground IS 'What makes it the same suspicion again; nothing personal but keyed hashes';
COMMENT ON COLUMN review.rules IS 'Codes of what matched, with spaces between them';
COMMENT ON COLUMN review.weight IS 'About how many organisations or declarations it is';
COMMENT ON COLUMN review.found_at IS 'Microseconds';
COMMENT ON COLUMN review.claimed_by IS 'An actor who works on it';
COMMENT ON COLUMN review.claimed_until IS 'Microseconds; then somebody else may';
COMMENT ON COLUMN review.decided_by IS 'An actor';
COMMENT ON COLUMN review.decided_at IS 'Microseconds';
COMMENT ON COLUMN review.position IS 'Of the event that says what was decided';
COMMENT ON COLUMN review.ended_at IS 'Microseconds; since when it does not hold any more';
COMMENT ON TABLE review_declaration IS 'The declarations that a suspicion is about';
COMMENT ON TABLE review_contact IS 'Which contacts are the same: keyed hashes; follows from the log';
COMMENT ON TABLE review_search IS 'When suspicions were looked for last';
COMMENT ON COLUMN review_search.ended_at IS 'Microseconds';
