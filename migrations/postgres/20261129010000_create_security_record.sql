-- Why: who got in, who did not, what was refused and what opened or closed a way in must be answerable in one place, in order, for as
-- long as sessions are kept (90 days), also where nothing became an event: a wrong password is no fact of the register. Never what was
-- typed: an account by its id, and a login that nobody has as a keyed hash. Rows are only added; the database refuses to change one, and
-- to remove one that is not old enough.

CREATE TABLE security_record (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  staff_id UUID,
  tried BYTEA,
  actor TEXT,
  address TEXT,
  request_id UUID
);
CREATE INDEX security_record_by_at ON security_record (at, seq);
CREATE INDEX security_record_by_staff ON security_record (staff_id, at, seq);
CREATE FUNCTION security_record_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.at <= (extract(epoch FROM now())::BIGINT - 89 * 86400) * 1000000 THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'security records are never changed, and kept for 89 days at least';
END $$;
CREATE TRIGGER security_record_refuses_change BEFORE UPDATE OR DELETE ON security_record
FOR EACH ROW EXECUTE FUNCTION security_record_refuse();
CREATE TRIGGER security_record_refuses_truncate BEFORE TRUNCATE ON security_record
FOR EACH STATEMENT EXECUTE FUNCTION security_record_refuse();
COMMENT ON TABLE security_record IS 'Who got in, who did not, and what opened or closed a way in; never what was typed';
COMMENT ON COLUMN security_record.tried IS 'Keyed hash: of what was tried, where no account is known, or of whom it is told once a minute';
