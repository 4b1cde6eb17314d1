-- Why: who got in, who did not, what was refused and what opened or closed a way in must be answerable in one place, in order, for as
-- long as sessions are kept (90 days), also where nothing became an event: a wrong password is no fact of the register. Never what was
-- typed: an account by its id, and a login that nobody has as a keyed hash. Rows are only added; the database refuses to change one, and
-- to remove one that is not old enough.

CREATE TABLE security_record (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  staff_id BLOB,     -- whose account; none: nobody's
  tried BLOB,        -- keyed hash: of what was tried, where no account is known, or of whom it is told once a minute
  actor TEXT,        -- who did it, where somebody was signed in
  address TEXT,
  request_id BLOB
) STRICT;
CREATE INDEX security_record_by_at ON security_record (at, seq);
CREATE INDEX security_record_by_staff ON security_record (staff_id, at, seq);
CREATE TRIGGER security_record_refuses_update BEFORE UPDATE ON security_record
BEGIN SELECT RAISE(ABORT, 'security records are never changed'); END;
CREATE TRIGGER security_record_refuses_delete BEFORE DELETE ON security_record
WHEN old.at > (unixepoch() - 89 * 86400) * 1000000
BEGIN SELECT RAISE(ABORT, 'security records of the last 89 days are never deleted'); END;
