-- Why: what a change rests on is a document, and a document is too large for the log and must be forgettable. The bytes lie here, sealed
-- under the key of the free text of the record that they are for; the event says which they are, by the hash of what is stored. In
-- pieces, so that no row of a backup is larger than a few hundred kilobytes.

CREATE TABLE attachment (
  id BLOB PRIMARY KEY,
  declaration_id BLOB NOT NULL,   -- for which record, also one that is yet to be made
  subject_id BLOB NOT NULL,       -- whose key seals it
  uploaded_by TEXT NOT NULL,
  uploaded_at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  size INTEGER NOT NULL,          -- before it was sealed
  sealed_sha256 BLOB NOT NULL,
  label BLOB NOT NULL,            -- name and hash of the file, sealed
  attached INTEGER NOT NULL       -- 1: an event names it; 0: nobody has looked yet
) STRICT;
CREATE INDEX attachment_waiting ON attachment (uploaded_at) WHERE attached = 0;
CREATE TABLE attachment_chunk (
  attachment_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  PRIMARY KEY (attachment_id, seq)
) STRICT;
