-- Why: a background projection keeps its rows and how far it has read in one transaction. `position` and `fence` are compared
-- and swapped together, so two nodes never both apply an event; whoever raises the fence is the one that may go on.
-- A leader that ends in order releases the lead ('released'), so that the next one need not wait for signs of life.
-- A projection that meets an event it cannot apply stops with status 'stopped' and the error; it never skips.

CREATE TABLE projection_checkpoint (
  name TEXT NOT NULL PRIMARY KEY,
  version INTEGER NOT NULL,      -- of the projecting code; older rows than the code knows need a rebuild
  position INTEGER NOT NULL,     -- of the last event applied
  fence INTEGER NOT NULL,        -- raised by whoever takes over, and by the switch of a rebuild
  status TEXT NOT NULL CHECK (status IN ('running', 'released', 'stopped')),
  error TEXT,                    -- why it stopped; no personal data
  updated_at INTEGER NOT NULL    -- microseconds
) STRICT;
