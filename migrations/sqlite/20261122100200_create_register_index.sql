-- Why: an import and the guards of a new declaration ask "who has this number, is it live, and what did its row look like" for
-- thousands of rows at a time. Written in the transaction of the event itself, so the answer is never behind the log.

CREATE TABLE register_index (
  declaration_id BLOB NOT NULL PRIMARY KEY,
  organization_id BLOB NOT NULL,
  declaration_no TEXT NOT NULL,
  corporate_number TEXT,         -- only a valid one
  fingerprint TEXT,              -- keyed hash of the imported row, hexadecimal
  live INTEGER NOT NULL          -- 1 or 0
) STRICT;
CREATE INDEX register_index_by_declaration_no ON register_index (declaration_no);
CREATE INDEX register_index_by_corporate_number ON register_index (corporate_number) WHERE corporate_number IS NOT NULL;
