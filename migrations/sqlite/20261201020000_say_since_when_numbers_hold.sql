-- Why: a correction, a hand-over or an undo can be about a day before another one that is recorded already. Which corporate number a
-- declaration has today is then not the one that was recorded last, so the index says since when its number holds. Rows from before this
-- say nothing: whatever is recorded next about them counts, as it did.

ALTER TABLE register_index ADD COLUMN number_since TEXT;
