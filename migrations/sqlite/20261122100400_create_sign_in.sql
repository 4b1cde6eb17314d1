-- Why: what signing in needs is no fact of the register, so it is not in the log: a password may change and a session ends without
-- anybody asking for its history. Tokens are kept as hashes only; a copy of these tables opens no session.

CREATE TABLE credential (
  staff_id BLOB NOT NULL PRIMARY KEY,
  password_hash TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
  id_hash BLOB NOT NULL PRIMARY KEY,
  staff_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  absolute_expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX session_by_staff ON session (staff_id);
CREATE INDEX session_by_absolute_expiry ON session (absolute_expires_at);

CREATE TABLE invitation (
  token_hash BLOB NOT NULL PRIMARY KEY,
  role TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE TABLE sign_in_delay (
  key_hash BLOB NOT NULL PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_failure_at INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_delay_by_last_failure ON sign_in_delay (last_failure_at);
