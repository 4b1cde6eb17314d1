-- Why: a mail that came in must never be lost, whatever reads it and however often a server hands it over. Its bytes lie here as they
-- came, sealed under a key of their own, before anything looks into them; what is made of them is in the log. In pieces, so that no
-- row of a backup is larger than a few hundred kilobytes.

CREATE TABLE incoming_mail (
  id BLOB PRIMARY KEY,
  content_hash BLOB NOT NULL UNIQUE,  -- keyed, of the bytes as they came: the same message is kept once
  source TEXT NOT NULL,               -- mailbox:NAME, pipe or file
  taken_at INTEGER NOT NULL,
  size INTEGER NOT NULL,              -- before it was sealed
  is_whole INTEGER NOT NULL,          -- 0: too large, only its beginning was taken; the rest is where it came from
  sealed_sha256 BLOB NOT NULL,
  state TEXT NOT NULL,                -- waiting or read
  kind TEXT,                          -- what it is, once it was read
  read_at INTEGER,
  mail_id BLOB                        -- the message of the ledger that it reports about
) STRICT;
CREATE INDEX incoming_mail_waiting ON incoming_mail (id) WHERE state = 'waiting';
CREATE TABLE incoming_mail_chunk (
  incoming_mail_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (incoming_mail_id, seq)
) STRICT;
CREATE TABLE mailbox (
  name TEXT PRIMARY KEY,
  uid_validity INTEGER NOT NULL,      -- the numbering of the server; another one means that all numbers are others
  last_uid INTEGER NOT NULL           -- all up to this one were taken
) STRICT;
