-- Why: a password alone, guessed or phished, must not open the register. The secret of an authenticator has to be read to check a
-- code, so unlike a password it cannot be a hash: it is sealed under its owner's key of the keyring, which is wrapped by the key file
-- that lies in no backup. So these rows move with the register and open nothing by themselves, and whoever forgets the person forgets
-- the secret too (docs/adr/0024-second-factor.md). Recovery codes are kept as keyed hashes.
-- An attempt is between a right password and the code: minutes long, bound to one browser, by the hash of its token. It stays behind.

CREATE TABLE totp (
  staff_id BLOB NOT NULL,
  pending INTEGER NOT NULL,  -- 1: shown to its owner, who has not typed a code of it yet
  subject_id BLOB NOT NULL,  -- whose key seals it
  sealed BLOB NOT NULL,
  last_step INTEGER NOT NULL,  -- of the newest code that was taken: it and those before are taken no more
  made_at INTEGER NOT NULL,
  PRIMARY KEY (staff_id, pending)
) STRICT;

CREATE TABLE recovery_code (
  code_hash BLOB NOT NULL PRIMARY KEY,
  staff_id BLOB NOT NULL,
  made_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX recovery_code_by_staff ON recovery_code (staff_id);

CREATE TABLE sign_in_attempt (
  token_hash BLOB NOT NULL PRIMARY KEY,
  staff_id BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  user_agent TEXT,
  tries INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX sign_in_attempt_by_expiry ON sign_in_attempt (expires_at);
