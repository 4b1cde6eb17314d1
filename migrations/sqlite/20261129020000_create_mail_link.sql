-- Why: whoever changes the address that notices and links go to shows that the new one is theirs: by a one-time link that goes there,
-- opened while signed in. Until then nothing has changed, so the new address waits here, sealed under its owner's key; one for each
-- account. It ends within a day and is no fact of the register; that a link was sent, and that the address was changed, are events.

CREATE TABLE mail_link (
  staff_id BLOB NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL,
  subject_id BLOB NOT NULL,
  sealed BLOB NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mail_link_by_expiry ON mail_link (expires_at);
