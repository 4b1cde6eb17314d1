-- Why: how many inquiries came in, were answered and closed, how fast, and how many wait, is added up over half a million of them; their
-- own rows are too wide to be read for that. Nothing in these tables is about a person.

CREATE TABLE inquiry_course (
  seq BIGINT PRIMARY KEY,
  received_at BIGINT NOT NULL,
  channel TEXT NOT NULL,
  due_at BIGINT,
  first_replied_at BIGINT,
  closed_at BIGINT
);
-- Each has all that a question needs, so that no row is looked up.
CREATE INDEX inquiry_course_by_received ON inquiry_course (received_at, seq, channel, due_at, first_replied_at, closed_at);
CREATE INDEX inquiry_course_by_replied ON inquiry_course (first_replied_at) WHERE first_replied_at IS NOT NULL;
COMMENT ON TABLE inquiry_course IS 'When inquiries came in and were answered, for numbers; spam and parts of others are left out';
COMMENT ON COLUMN inquiry_course.seq IS 'Position of the first event of the inquiry';
COMMENT ON COLUMN inquiry_course.due_at IS 'Of its first message';
COMMENT ON COLUMN inquiry_course.closed_at IS 'While it is closed';

CREATE TABLE inquiry_step (
  seq BIGINT NOT NULL,
  n BIGINT NOT NULL,
  at BIGINT NOT NULL,
  change BIGINT NOT NULL,
  is_closing BIGINT NOT NULL,
  is_undone BIGINT NOT NULL,
  is_reopening BIGINT NOT NULL,
  PRIMARY KEY (seq, n)
);
CREATE INDEX inquiry_step_by_at ON inquiry_step (at, change, is_closing, is_undone, is_reopening);
COMMENT ON TABLE inquiry_step IS 'When inquiries came before us, left, were closed and came back, for numbers';
COMMENT ON COLUMN inquiry_step.change IS '1: somebody waits for us from then on; -1: no longer';
COMMENT ON COLUMN inquiry_step.is_undone IS 'Of a closing: it came back';
