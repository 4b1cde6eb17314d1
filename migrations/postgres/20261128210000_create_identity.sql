-- Why: an office that has an identity provider wants one place where people come and go. A provider vouches for a subject of its own,
-- and which account that is says a row that its owner made while signed in: never a name or a mail address, which a provider's users
-- may choose (docs/adr/0028-openid-connect.md). It is kept as a keyed hash of issuer and subject, and moves with the register.
-- An attempt is between the browser's leaving and its coming back: by the hash of a token in a cookie, used up by one statement.
-- Everything else of it is computed from that token, so the row opens nothing. It stays behind.

CREATE TABLE identity (
  subject_hash BYTEA NOT NULL PRIMARY KEY,
  staff_id UUID NOT NULL UNIQUE,
  linked_at BIGINT NOT NULL,
  last_used_at BIGINT
);

CREATE TABLE identity_attempt (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  staff_id UUID,  -- who wants to be vouched for from now on; none: somebody who wants to sign in
  expires_at BIGINT NOT NULL
);
CREATE INDEX identity_attempt_by_expiry ON identity_attempt (expires_at);
COMMENT ON TABLE identity IS 'For whom the identity provider can vouch, by keyed hash of issuer and subject';
COMMENT ON TABLE identity_attempt IS 'Browsers that were sent to the identity provider, by the hash of their token';
