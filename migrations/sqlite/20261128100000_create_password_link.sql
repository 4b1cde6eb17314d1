-- Why: whoever forgot their password, or may have told it to somebody, chooses another one by a one-time link that goes to their own
-- address. Kept by the hash of its token, so whoever reads the database cannot use one. A new link takes those before back. It ends
-- within a day and nobody asks for its history, so it is no event; that one was made and used is. It stays behind when the register moves.

CREATE TABLE password_link (
  token_hash BLOB NOT NULL PRIMARY KEY,
  staff_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX password_link_by_staff ON password_link (staff_id);
