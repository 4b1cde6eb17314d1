-- Why: a background projection keeps its rows and how far it has read in one transaction. `position` and `fence` are compared
-- and swapped together, so two nodes never both apply an event; whoever raises the fence is the one that may go on.
-- A leader that ends in order releases the lead ('released'), so that the next one need not wait for signs of life.
-- A projection that meets an event it cannot apply stops with status 'stopped' and the error; it never skips.

CREATE TABLE projection_checkpoint (
  name TEXT NOT NULL PRIMARY KEY,
  version BIGINT NOT NULL,
  position BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'released', 'stopped')),
  error TEXT,
  updated_at BIGINT NOT NULL
);
COMMENT ON TABLE projection_checkpoint IS 'How far each background projection has read the log';
COMMENT ON COLUMN projection_checkpoint.version IS 'Of the projecting code; older rows than the code knows need a rebuild';
COMMENT ON COLUMN projection_checkpoint.position IS 'Of the last event applied';
COMMENT ON COLUMN projection_checkpoint.fence IS 'Raised by whoever takes over, and by the switch of a rebuild';
COMMENT ON COLUMN projection_checkpoint.error IS 'Why it stopped; no personal data';
COMMENT ON COLUMN projection_checkpoint.updated_at IS 'Microseconds since 1970 UTC';
