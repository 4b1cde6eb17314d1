-- Why: a mail that came in must never be lost, whatever reads it and however often a server hands it over. Its bytes lie here as they
-- came, sealed under a key of their own, before anything looks into them; what is made of them is in the log. In pieces, so that no
-- row of a backup is larger than a few hundred kilobytes.

CREATE TABLE incoming_mail (
  id UUID PRIMARY KEY,
  content_hash BYTEA NOT NULL UNIQUE,
  source TEXT NOT NULL,
  taken_at BIGINT NOT NULL,
  size BIGINT NOT NULL,
  is_whole BIGINT NOT NULL,
  sealed_sha256 BYTEA NOT NULL,
  state TEXT NOT NULL,
  kind TEXT,
  read_at BIGINT,
  mail_id UUID
);
CREATE INDEX incoming_mail_waiting ON incoming_mail (id) WHERE state = 'waiting';
COMMENT ON TABLE incoming_mail IS 'Mail that came in; its bytes are in incoming_mail_chunk, sealed';
COMMENT ON COLUMN incoming_mail.content_hash IS 'Keyed, of the bytes as they came: the same message is kept once';
COMMENT ON COLUMN incoming_mail.source IS 'mailbox:NAME, pipe or file';
COMMENT ON COLUMN incoming_mail.size IS 'Bytes before it was sealed';
COMMENT ON COLUMN incoming_mail.is_whole IS '0: too large, only its beginning was taken; the rest is where it came from';
COMMENT ON COLUMN incoming_mail.state IS 'waiting or read';
COMMENT ON COLUMN incoming_mail.kind IS 'What it is, once it was read';
COMMENT ON COLUMN incoming_mail.mail_id IS 'The message of the ledger that it reports about';
CREATE TABLE incoming_mail_chunk (
  incoming_mail_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (incoming_mail_id, seq)
);
COMMENT ON TABLE incoming_mail_chunk IS 'Sealed bytes of mail that came in, in pieces';
CREATE TABLE mailbox (
  name TEXT PRIMARY KEY,
  uid_validity BIGINT NOT NULL,
  last_uid BIGINT NOT NULL
);
COMMENT ON TABLE mailbox IS 'How far a mailbox on a server of others was read';
COMMENT ON COLUMN mailbox.uid_validity IS 'The numbering of the server; another one means that all numbers are others';
COMMENT ON COLUMN mailbox.last_uid IS 'All up to this one were taken';
