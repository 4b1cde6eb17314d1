-- Why: what a change rests on is a document, and a document is too large for the log and must be forgettable. The bytes lie here, sealed
-- under the key of the free text of the record that they are for; the event says which they are, by the hash of what is stored. In
-- pieces, so that no row of a backup is larger than a few hundred kilobytes.

CREATE TABLE attachment (
  id UUID PRIMARY KEY,
  declaration_id UUID NOT NULL,
  subject_id UUID NOT NULL,
  uploaded_by TEXT NOT NULL,
  uploaded_at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  size BIGINT NOT NULL,
  sealed_sha256 BYTEA NOT NULL,
  label BYTEA NOT NULL,
  attached BIGINT NOT NULL
);
CREATE INDEX attachment_waiting ON attachment (uploaded_at) WHERE attached = 0;
COMMENT ON TABLE attachment IS 'Files that belong to changes; their bytes are in attachment_chunk, sealed';
COMMENT ON COLUMN attachment.declaration_id IS 'For which record, also one that is yet to be made';
COMMENT ON COLUMN attachment.subject_id IS 'Whose key seals it';
COMMENT ON COLUMN attachment.size IS 'Bytes before it was sealed';
COMMENT ON COLUMN attachment.label IS 'Name and hash of the file, sealed';
COMMENT ON COLUMN attachment.attached IS '1: an event names it; 0: nobody has looked yet';
CREATE TABLE attachment_chunk (
  attachment_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (attachment_id, seq)
);
COMMENT ON TABLE attachment_chunk IS 'Sealed bytes of files, in pieces';
