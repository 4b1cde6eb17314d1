-- Why: what signing in needs is no fact of the register, so it is not in the log: a password may change and a session ends without
-- anybody asking for its history. Tokens are kept as hashes only; a copy of these tables opens no session.

CREATE TABLE credential (
  staff_id UUID NOT NULL PRIMARY KEY,
  password_hash TEXT NOT NULL,
  changed_at BIGINT NOT NULL
);

CREATE TABLE session (
  id_hash BYTEA NOT NULL PRIMARY KEY,
  staff_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  absolute_expires_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX session_by_staff ON session (staff_id);
CREATE INDEX session_by_absolute_expiry ON session (absolute_expires_at);

CREATE TABLE invitation (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  role TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);

CREATE TABLE sign_in_delay (
  key_hash BYTEA NOT NULL PRIMARY KEY,
  failures BIGINT NOT NULL,
  last_failure_at BIGINT NOT NULL,
  blocked_until BIGINT NOT NULL
);
CREATE INDEX sign_in_delay_by_last_failure ON sign_in_delay (last_failure_at);
COMMENT ON TABLE credential IS 'Password hashes (argon2id, PHC string)';
COMMENT ON TABLE session IS 'Sessions by the hash of their id';
COMMENT ON COLUMN session.expires_at IS 'When it ends unless it is used';
COMMENT ON COLUMN session.absolute_expires_at IS 'When it ends even if it is used';
COMMENT ON TABLE invitation IS 'One-time links by the hash of their token';
COMMENT ON TABLE sign_in_delay IS 'Growing delay for each account and address, by keyed hash';
