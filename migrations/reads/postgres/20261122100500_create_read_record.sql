-- Why: who looked at whose personal data must be answerable for years, and the answer must be on disk before the data leaves.
-- Never the value itself. Rows are only ever added; the database refuses the rest. A row is one answer, with all records in it:
-- with a row and an index entry for each record, a list page wrote a page of the database for each of its 50 rows. Who saw one
-- record is asked rarely, and then read from the rows of the time that is asked for.

CREATE TABLE read_record (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  declaration_ids BYTEA NOT NULL,
  field_class TEXT NOT NULL,
  purpose TEXT NOT NULL,
  request_id TEXT NOT NULL
);
CREATE INDEX read_record_by_at ON read_record (at);
CREATE FUNCTION read_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'read records are never changed or deleted';
END $$;
CREATE TRIGGER read_record_refuses_change BEFORE UPDATE OR DELETE ON read_record
FOR EACH ROW EXECUTE FUNCTION read_record_refuse();
CREATE TRIGGER read_record_refuses_truncate BEFORE TRUNCATE ON read_record
FOR EACH STATEMENT EXECUTE FUNCTION read_record_refuse();
COMMENT ON TABLE read_record IS 'Who saw whose personal data; never the value';
COMMENT ON COLUMN read_record.declaration_ids IS '16 bytes each';
COMMENT ON COLUMN read_record.field_class IS 'The role in which the person stands there';
