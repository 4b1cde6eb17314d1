-- Why: whoever changes the address that notices and links go to shows that the new one is theirs: by a one-time link that goes there,
-- opened while signed in. Until then nothing has changed, so the new address waits here, sealed under its owner's key; one for each
-- account. It ends within a day and is no fact of the register; that a link was sent, and that the address was changed, are events.

CREATE TABLE mail_link (
  staff_id UUID NOT NULL PRIMARY KEY,
  token_hash BYTEA NOT NULL,
  subject_id UUID NOT NULL,
  sealed BYTEA NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE INDEX mail_link_by_expiry ON mail_link (expires_at);
COMMENT ON TABLE mail_link IS 'Addresses that wait to be confirmed by a link, sealed, by the hash of its token';
