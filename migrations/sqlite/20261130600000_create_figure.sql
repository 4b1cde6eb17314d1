-- Why: the figures of any day are wanted in a moment, also at millions of declarations. So what is kept is not who is counted where but
-- by how much the count of a cell changes: for each day, and summed for each month. The count on a day is the sum of the months
-- before and of the days of its own month until then, whatever the size of the register. Changes add up in any order, so a rebuild can mend
-- rows while they are being written. Nothing in it is about a person.

CREATE TABLE figure (
  dimension INTEGER NOT NULL, -- 1 prefecture, 2 industry, 3 size class, 4 month declared, 5 month stopped
  unit INTEGER NOT NULL,      -- 0 a month, 1 a day
  since INTEGER NOT NULL,     -- 202605, or 20260512: from when the change counts
  value INTEGER NOT NULL,     -- of the dimension; 0 where it is not known
  standing INTEGER NOT NULL,  -- 0 stopped declarations, 1 live ones, 2 those whose place another one took
  star INTEGER NOT NULL,      -- 0 where it cannot be read
  origin INTEGER NOT NULL,    -- 1 imported, 2 legacy, 3 public, 4 staff
  amount INTEGER NOT NULL,    -- by how many more, or fewer
  PRIMARY KEY (dimension, unit, since, value, standing, star, origin)
) STRICT, WITHOUT ROWID;

-- Changes that have come to nothing are taken away at once, by this.
CREATE INDEX figure_of_nothing ON figure (amount) WHERE amount = 0;
