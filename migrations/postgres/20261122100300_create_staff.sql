-- Why: signing in asks for a member of staff by login at once after joining, so the rows are written in the transaction of the
-- event. Login and name are personal in the log and plain here, as in every live projection.

CREATE TABLE staff (
  id UUID NOT NULL PRIMARY KEY,
  login TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  roles TEXT NOT NULL,
  disabled_at BIGINT
);
COMMENT ON TABLE staff IS 'Members of staff, projected from the log';
COMMENT ON COLUMN staff.roles IS 'Codes with single spaces between them';
