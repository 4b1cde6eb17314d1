-- Why: who looked at whose personal data must be answerable for years, and the answer must be on disk before the data leaves.
-- Never the value itself. Rows are only ever added; the database refuses the rest. A row is one answer, with all records in it:
-- with a row and an index entry for each record, a list page wrote a page of the database for each of its 50 rows. Who saw one
-- record is asked rarely, and then read from the rows of the time that is asked for.

CREATE TABLE read_record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  declaration_ids BLOB NOT NULL,  -- 16 bytes each
  field_class TEXT NOT NULL,     -- the role in which the person stands there
  purpose TEXT NOT NULL,
  request_id TEXT NOT NULL
) STRICT;
CREATE INDEX read_record_by_at ON read_record (at);
CREATE TRIGGER read_record_refuses_update BEFORE UPDATE ON read_record
BEGIN SELECT RAISE(ABORT, 'read records are never changed'); END;
CREATE TRIGGER read_record_refuses_delete BEFORE DELETE ON read_record
BEGIN SELECT RAISE(ABORT, 'read records are never deleted'); END;
