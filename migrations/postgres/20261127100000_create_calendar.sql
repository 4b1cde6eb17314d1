-- Why: "is the office open", "five business days before" and "which deadline is next" are asked by everything that sends, plans or
-- warns, and a member of staff who closes a day must not see it open a moment later: so the rows are written in the transaction of
-- the event. Nothing in them is personal.

CREATE TABLE calendar_day (
  day TEXT NOT NULL PRIMARY KEY,
  kind TEXT,
  name TEXT,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
);
COMMENT ON TABLE calendar_day IS 'Days that the office closes or opens of its own, projected from the log';
COMMENT ON COLUMN calendar_day.kind IS 'closed or open; NULL where an own day was cleared again';
COMMENT ON COLUMN calendar_day.version IS 'Position of its newest event';

CREATE TABLE calendar_hours (
  id BIGINT NOT NULL PRIMARY KEY,
  newest BIGINT NOT NULL,
  opens TEXT,
  closes TEXT,
  closed_at_year_end BIGINT,
  version BIGINT,
  changed_at BIGINT,
  changed_by TEXT
);
COMMENT ON TABLE calendar_hours IS 'The hours of business days, projected from the log; one row, id 1';
COMMENT ON COLUMN calendar_hours.newest IS 'Position of the newest event of the whole calendar';
COMMENT ON COLUMN calendar_hours.opens IS 'NULL: never set, so as it is by default';

CREATE TABLE deadline (
  id UUID NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  day TEXT NOT NULL,
  time TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  note TEXT NOT NULL,
  version BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL
);
CREATE INDEX deadline_by_at ON deadline (at, id);
CREATE INDEX deadline_by_name ON deadline (name);
COMMENT ON TABLE deadline IS 'Deadlines of subsidies, projected from the log';
COMMENT ON COLUMN deadline.day IS 'In Japan; 24:00 belongs to the day that it ends';
