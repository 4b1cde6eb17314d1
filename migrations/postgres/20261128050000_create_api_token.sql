-- Why: programs of other offices read with tokens of their own, and each request looks one up. The row follows from the log and is
-- written in the transaction of the event; when a token was last used is no fact of the log, and has a table beside it.

CREATE TABLE api_token (
  id UUID NOT NULL PRIMARY KEY,
  token_hash BYTEA NOT NULL UNIQUE,  -- SHA-256 of 256 random bits: it opens nothing
  name TEXT NOT NULL,
  scopes TEXT NOT NULL,            -- codes with single spaces between them
  issued_by TEXT NOT NULL,         -- as in the actor of events
  issued_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_by TEXT
);
CREATE TABLE api_token_use (
  token_id UUID NOT NULL PRIMARY KEY,
  used_at BIGINT NOT NULL            -- at most a minute behind
);
