-- Why: what may be wrong in the register is found by a search that runs each night, and looked at by people one after the other. Two must
-- not look at the same at once, so who works on what, and until when, is here; and what somebody decided is kept beside it (it is an event,
-- too), so that the same suspicion does not come back. Rows are found anew by each search: only what is different is written.
-- `review_contact` says which contacts are the same, by keyed hashes; it follows from the log and is made anew where it is missing.

CREATE TABLE review (
  id BLOB NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  ground TEXT NOT NULL,
  rules TEXT NOT NULL,
  weight INTEGER NOT NULL,
  found_at INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('open', 'decided', 'gone')),
  claimed_by TEXT,
  claimed_until INTEGER,
  verdict TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  position INTEGER,
  ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX review_ground ON review (kind, ground) WHERE state <> 'gone';
-- With what the counts ask: they need no look at the rows.
CREATE INDEX review_open ON review (kind, found_at, id, claimed_by, claimed_until) WHERE state = 'open';
CREATE INDEX review_claimed ON review (claimed_by, kind, found_at, id) WHERE state = 'open' AND claimed_by IS NOT NULL;
CREATE INDEX review_decided ON review (kind, decided_at, id) WHERE state = 'decided';

CREATE TABLE review_declaration (
  review_id BLOB NOT NULL,
  declaration_id BLOB NOT NULL,
  PRIMARY KEY (review_id, declaration_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX review_declaration_by_declaration ON review_declaration (declaration_id, review_id);

CREATE TABLE review_contact (
  declaration_id BLOB NOT NULL PRIMARY KEY,
  address BLOB,
  phone BLOB,
  domain BLOB
) STRICT, WITHOUT ROWID;

-- When the last search ended, and what it looked at.
CREATE TABLE review_search (
  name TEXT NOT NULL PRIMARY KEY,
  ended_at INTEGER NOT NULL,
  looked_at INTEGER NOT NULL,
  found INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
