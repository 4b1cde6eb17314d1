-- Why: "is the office open", "five business days before" and "which deadline is next" are asked by everything that sends, plans or
-- warns, and a member of staff who closes a day must not see it open a moment later: so the rows are written in the transaction of
-- the event. Nothing in them is personal.

CREATE TABLE calendar_day (
  day TEXT NOT NULL PRIMARY KEY,
  kind TEXT,                           -- closed or open; NULL where an own day was cleared again
  name TEXT,
  version INTEGER NOT NULL,            -- position of its newest event
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;

CREATE TABLE calendar_hours (
  id INTEGER NOT NULL PRIMARY KEY,     -- 1: there is one office
  newest INTEGER NOT NULL,             -- position of the newest event of the whole calendar
  opens TEXT,                          -- NULL: never set, so as it is by default
  closes TEXT,
  closed_at_year_end INTEGER,
  version INTEGER,
  changed_at INTEGER,
  changed_by TEXT
) STRICT;

CREATE TABLE deadline (
  id BLOB NOT NULL PRIMARY KEY,
  at INTEGER NOT NULL,
  day TEXT NOT NULL,                   -- in Japan; 24:00 belongs to the day that it ends
  time TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  note TEXT NOT NULL,
  version INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) STRICT;
CREATE INDEX deadline_by_at ON deadline (at, id);
CREATE INDEX deadline_by_name ON deadline (name);
