-- Why: an import and the guards of a new declaration ask "who has this number, is it live, and what did its row look like" for
-- thousands of rows at a time. Written in the transaction of the event itself, so the answer is never behind the log.

CREATE TABLE register_index (
  declaration_id UUID NOT NULL PRIMARY KEY,
  organization_id UUID NOT NULL,
  declaration_no TEXT NOT NULL,
  corporate_number TEXT,
  fingerprint TEXT,
  live BIGINT NOT NULL
);
CREATE INDEX register_index_by_declaration_no ON register_index (declaration_no);
CREATE INDEX register_index_by_corporate_number ON register_index (corporate_number) WHERE corporate_number IS NOT NULL;
COMMENT ON TABLE register_index IS 'Numbers of every declaration, as of the head of the log';
COMMENT ON COLUMN register_index.corporate_number IS 'Only a valid one';
COMMENT ON COLUMN register_index.fingerprint IS 'Keyed hash of the imported row, hexadecimal';
COMMENT ON COLUMN register_index.live IS '1 or 0';
