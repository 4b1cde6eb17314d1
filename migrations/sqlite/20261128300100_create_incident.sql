-- Why: an incident has two clocks of the law, so the list of them is sorted by what is due. What happened stays sealed in the log.

CREATE TABLE incident (
  id BLOB NOT NULL PRIMARY KEY,
  aware_at INTEGER NOT NULL,
  categories TEXT NOT NULL,        -- codes with spaces between them
  persons INTEGER,                 -- how many; null: not known
  first_due_on TEXT NOT NULL,      -- the last day for the first report
  final_due_on TEXT NOT NULL,      -- the last day for the final report
  status TEXT NOT NULL,            -- open, first_reported, final_reported, closed
  opened_at INTEGER NOT NULL,
  position INTEGER NOT NULL        -- of the newest event
) STRICT;
CREATE INDEX incident_by_status ON incident (status, aware_at, id);
CREATE INDEX incident_by_time ON incident (opened_at, id);
