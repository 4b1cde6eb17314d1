-- Why: a message that comes in is put where it belongs by the ids that it names and by who wrote it, before anything is written about it.
-- Ids and addresses are keyed hashes.

CREATE TABLE inquiry_message (
  id BLOB PRIMARY KEY,                -- a message that came in, or one of the ledger
  inquiry_id BLOB NOT NULL,           -- to which it belongs now
  direction TEXT NOT NULL,            -- in, out, or acknowledgement
  message_hash TEXT,                  -- of its Message-ID; what went out is found by its id
  correspondent_hash TEXT,            -- whom it is from, or to
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX inquiry_message_hash ON inquiry_message (message_hash) WHERE message_hash IS NOT NULL;
CREATE INDEX inquiry_message_inquiry ON inquiry_message (inquiry_id);
CREATE INDEX inquiry_message_correspondent ON inquiry_message (correspondent_hash, direction, at)
  WHERE correspondent_hash IS NOT NULL;
