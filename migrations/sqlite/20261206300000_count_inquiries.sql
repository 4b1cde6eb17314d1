-- Why: how many inquiries came in, were answered and closed, how fast, and how many wait, is added up over half a million of them; their
-- own rows are too wide to be read for that. Nothing in these tables is about a person.

CREATE TABLE inquiry_course (
  seq INTEGER PRIMARY KEY,            -- position of the first event of the inquiry
  received_at INTEGER NOT NULL,
  channel TEXT NOT NULL,
  due_at INTEGER,                     -- of its first message
  first_replied_at INTEGER,
  closed_at INTEGER                   -- while it is closed
) STRICT;
-- Each has all that a question needs, so that no row is looked up.
CREATE INDEX inquiry_course_by_received ON inquiry_course (received_at, seq, channel, due_at, first_replied_at, closed_at);
CREATE INDEX inquiry_course_by_replied ON inquiry_course (first_replied_at) WHERE first_replied_at IS NOT NULL;

CREATE TABLE inquiry_step (
  seq INTEGER NOT NULL,
  n INTEGER NOT NULL,
  at INTEGER NOT NULL,
  change INTEGER NOT NULL,            -- 1: somebody waits for us from then on; -1: no longer
  is_closing INTEGER NOT NULL,
  is_undone INTEGER NOT NULL,         -- of a closing: it came back
  is_reopening INTEGER NOT NULL,
  PRIMARY KEY (seq, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_step_by_at ON inquiry_step (at, change, is_closing, is_undone, is_reopening);
