-- Why: a stop can lie ahead. Who is live under a number depends on the day then, so the index says until when; and the rows of
-- lists, whose cells say who is live, are those of one day: the checkpoint says of which. When the day turns, the rows whose stop
-- has come are found by an index that holds nothing but stops to come.

ALTER TABLE register_index ADD COLUMN live_until TEXT;
ALTER TABLE projection_checkpoint ADD COLUMN day TEXT;

CREATE INDEX declaration_by_stop_to_come ON declaration (stopped_on) WHERE stopped_on IS NOT NULL AND (cell & 3) = 0;
CREATE INDEX declaration_rebuild_by_stop_to_come ON declaration_rebuild (stopped_on)
  WHERE stopped_on IS NOT NULL AND (cell & 3) = 0;
