-- Why: a message that comes in is put where it belongs by the ids that it names and by who wrote it, before anything is written about it.
-- Ids and addresses are keyed hashes.

CREATE TABLE inquiry_message (
  id UUID PRIMARY KEY,
  inquiry_id UUID NOT NULL,
  direction TEXT NOT NULL,
  message_hash TEXT,
  correspondent_hash TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX inquiry_message_hash ON inquiry_message (message_hash) WHERE message_hash IS NOT NULL;
CREATE INDEX inquiry_message_inquiry ON inquiry_message (inquiry_id);
CREATE INDEX inquiry_message_correspondent ON inquiry_message (correspondent_hash, direction, at)
  WHERE correspondent_hash IS NOT NULL;
COMMENT ON TABLE inquiry_message IS 'To which inquiry a message belongs, for what names it; without words and addresses';
COMMENT ON COLUMN inquiry_message.id IS 'A message that came in, or one of the ledger';
COMMENT ON COLUMN inquiry_message.direction IS 'in, out, or acknowledgement';
COMMENT ON COLUMN inquiry_message.message_hash IS 'Keyed, of its Message-ID; what went out is found by its id';
COMMENT ON COLUMN inquiry_message.correspondent_hash IS 'Keyed, of the address that it is from, or to';
