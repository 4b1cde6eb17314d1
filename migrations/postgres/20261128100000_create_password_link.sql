-- Why: whoever forgot their password, or may have told it to somebody, chooses another one by a one-time link that goes to their own
-- address. Kept by the hash of its token, so whoever reads the database cannot use one. A new link takes those before back. It ends
-- within a day and nobody asks for its history, so it is no event; that one was made and used is. It stays behind when the register moves.

CREATE TABLE password_link (
  token_hash BYTEA NOT NULL PRIMARY KEY,
  staff_id UUID NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  revoked_at BIGINT
);
CREATE INDEX password_link_by_staff ON password_link (staff_id);
COMMENT ON TABLE password_link IS 'One-time links by which members of staff choose another password, by the hash of their token';
