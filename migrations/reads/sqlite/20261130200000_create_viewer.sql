-- Why: two people on one record see each other, whichever process each of them talks to. A row is one open page; it is written anew
-- every few seconds and means nothing half a minute later. It stands beside the records of reads because a write to the register's
-- own file takes the pages away that its readers hold in memory.

CREATE TABLE viewer (
  id BLOB PRIMARY KEY,
  declaration_id BLOB NOT NULL,
  staff_id BLOB NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX viewer_by_declaration ON viewer (declaration_id, seen_at);
