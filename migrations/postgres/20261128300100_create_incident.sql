-- Why: an incident has two clocks of the law, so the list of them is sorted by what is due. What happened stays sealed in the log.

CREATE TABLE incident (
  id UUID NOT NULL PRIMARY KEY,
  aware_at BIGINT NOT NULL,
  categories TEXT NOT NULL,
  persons BIGINT,
  first_due_on TEXT NOT NULL,
  final_due_on TEXT NOT NULL,
  status TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  position BIGINT NOT NULL
);
COMMENT ON COLUMN incident.categories IS 'Codes with spaces between them';
COMMENT ON COLUMN incident.persons IS 'How many; null: not known';
COMMENT ON COLUMN incident.first_due_on IS 'The last day for the first report';
COMMENT ON COLUMN incident.final_due_on IS 'The last day for the final report';
COMMENT ON COLUMN incident.status IS 'open, first_reported, final_reported, closed';
COMMENT ON COLUMN incident.position IS 'Of the newest event';
CREATE INDEX incident_by_status ON incident (status, aware_at, id);
CREATE INDEX incident_by_time ON incident (opened_at, id);
