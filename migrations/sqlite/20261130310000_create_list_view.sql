-- Why: whoever asks the same every morning keeps the question. A view is how somebody likes to look at the register and no fact of
-- it, so it is no event: its owner changes and deletes it at will. A shared one is seen by all, and kept by whoever may manage records.

CREATE TABLE list_view (
  id BLOB NOT NULL PRIMARY KEY,
  owner_id BLOB NOT NULL,      -- who made it
  is_shared INTEGER NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,      -- as it is compared: folded
  question TEXT NOT NULL,      -- filters, order, columns, density: the query of the console's address
  changed_at INTEGER NOT NULL, -- microseconds
  revision INTEGER NOT NULL
) STRICT;
-- One name once: among those that all see, and among each owner's own.
CREATE UNIQUE INDEX list_view_by_shared_name ON list_view (name_key) WHERE is_shared = 1;
CREATE UNIQUE INDEX list_view_by_own_name ON list_view (owner_id, name_key) WHERE is_shared = 0;

-- With which view the list begins, for each person.
CREATE TABLE list_view_default (
  staff_id BLOB NOT NULL PRIMARY KEY,
  view_id BLOB NOT NULL
) STRICT;
