-- Why: who looked at whose personal data must be answerable for years, and the answer must be on disk before the data leaves.
-- Never the value itself. Rows are only ever added; the database refuses the rest.

CREATE TABLE read_record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  declaration_id BLOB NOT NULL,
  field_class TEXT NOT NULL,     -- the role in which the person stands there
  purpose TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX read_record_by_declaration ON read_record (declaration_id, seq);
CREATE TRIGGER read_record_refuses_update BEFORE UPDATE ON read_record
BEGIN SELECT RAISE(ABORT, 'read records are never changed'); END;
CREATE TRIGGER read_record_refuses_delete BEFORE DELETE ON read_record
BEGIN SELECT RAISE(ABORT, 'read records are never deleted'); END;
