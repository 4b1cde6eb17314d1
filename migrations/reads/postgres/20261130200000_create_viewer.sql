-- Why: two people on one record see each other, whichever process each of them talks to. A row is one open page; it is written anew
-- every few seconds and means nothing half a minute later, so that nothing is lost when a crash of the server empties the table.

CREATE UNLOGGED TABLE viewer (
  id UUID PRIMARY KEY,
  declaration_id UUID NOT NULL,
  staff_id UUID NOT NULL,
  seen_at BIGINT NOT NULL
);
CREATE INDEX viewer_by_declaration ON viewer (declaration_id, seen_at);
