-- Why: two stars need a policy that can be read. Its page is asked for once a week; what came back is kept here until the next time, so
-- that one outage at night is not taken for a page that is gone. Which address it was is kept as a number that is equal where the
-- addresses are: the address itself stands in the log. And rows of suspicions that are gone are looked for by when they ended, to
-- be deleted after a time.

CREATE TABLE policy_page (
  declaration_id BLOB NOT NULL PRIMARY KEY,
  address INTEGER NOT NULL,
  asked_at INTEGER,
  wrong TEXT,
  status INTEGER,
  failures INTEGER NOT NULL,
  failing_since INTEGER,
  due_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX review_gone ON review (ended_at, id) WHERE state = 'gone';
