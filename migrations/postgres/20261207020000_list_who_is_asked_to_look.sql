-- Why: whoever is asked by a note to look at an inquiry finds it in a queue of their own until they have. Filled when the list is written
-- anew, which its next start does.

CREATE TABLE inquiry_mention (
  staff_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (staff_id, seq)
);
CREATE INDEX inquiry_mention_by_seq ON inquiry_mention (seq);
COMMENT ON TABLE inquiry_mention IS 'Whom notes of inquiries ask to look, and who has not yet';
