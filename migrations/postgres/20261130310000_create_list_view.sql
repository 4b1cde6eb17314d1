-- Why: whoever asks the same every morning keeps the question. A view is how somebody likes to look at the register and no fact of
-- it, so it is no event: its owner changes and deletes it at will. A shared one is seen by all, and kept by whoever may manage records.

CREATE TABLE list_view (
  id UUID NOT NULL PRIMARY KEY,
  owner_id UUID NOT NULL,
  is_shared BIGINT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  question TEXT NOT NULL,
  changed_at BIGINT NOT NULL,
  revision BIGINT NOT NULL
);
-- One name once: among those that all see, and among each owner's own.
CREATE UNIQUE INDEX list_view_by_shared_name ON list_view (name_key) WHERE is_shared = 1;
CREATE UNIQUE INDEX list_view_by_own_name ON list_view (owner_id, name_key) WHERE is_shared = 0;
COMMENT ON TABLE list_view IS 'Saved views of the list of declarations';
COMMENT ON COLUMN list_view.owner_id IS 'Who made it';
COMMENT ON COLUMN list_view.name_key IS 'The name as it is compared: folded';
COMMENT ON COLUMN list_view.question IS 'Filters, order, columns, density: the query of the console''s address';
COMMENT ON COLUMN list_view.changed_at IS 'Microseconds since 1970 UTC';

CREATE TABLE list_view_default (
  staff_id UUID NOT NULL PRIMARY KEY,
  view_id UUID NOT NULL
);
COMMENT ON TABLE list_view_default IS 'With which view the list begins, for each person';
