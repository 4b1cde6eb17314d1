-- Why: a password and a code can be typed into a page that only looks like ours. A passkey signs for our address alone, on a device
-- that asked its owner who they are, so that it is two factors in one (docs/adr/0027-passkeys.md). What is kept is its public key:
-- it opens nothing, and moves with the register. What is asked of a browser waits some minutes, by the hash of a token in a cookie,
-- and is used up by one statement: any process can take the answer, and none takes it twice. It stays behind.

CREATE TABLE passkey (
  id UUID NOT NULL PRIMARY KEY,
  staff_id UUID NOT NULL,
  credential_id BYTEA NOT NULL UNIQUE,  -- what the device calls it
  credential TEXT NOT NULL,  -- the public key with what is known of it, as JSON
  counter BIGINT NOT NULL,  -- how often it signed, where the device counts: one that comes back with less was copied
  name TEXT NOT NULL,  -- what its owner calls it
  created_at BIGINT NOT NULL,
  last_used_at BIGINT,
  suspected_at BIGINT  -- when a copy of it was noticed: it opens nothing from then on
);
CREATE INDEX passkey_by_staff ON passkey (staff_id);

CREATE TABLE passkey_ceremony (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  staff_id UUID,  -- who is signed in; none: somebody who wants to be
  state TEXT NOT NULL,  -- what the answer is checked against, as JSON
  expires_at BIGINT NOT NULL
);
CREATE INDEX passkey_ceremony_by_expiry ON passkey_ceremony (expires_at);
COMMENT ON TABLE passkey IS 'Public keys of passkeys, any number for each member of staff';
COMMENT ON TABLE passkey_ceremony IS 'What a browser was asked to sign and has not answered yet, by the hash of its token';
