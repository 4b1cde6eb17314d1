-- Why: whoever is asked by a note to look at an inquiry finds it in a queue of their own until they have. Filled when the list is written
-- anew, which its next start does.

CREATE TABLE inquiry_mention (
  staff_id BLOB NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (staff_id, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX inquiry_mention_by_seq ON inquiry_mention (seq);
