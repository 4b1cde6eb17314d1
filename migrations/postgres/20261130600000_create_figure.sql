-- Why: the figures of any day are wanted in a moment, also at millions of declarations. So what is kept is not who is counted where but
-- by how much the count of a cell changes: for each day, and summed for each month. The count on a day is the sum of the months
-- before and of the days of its own month until then, whatever the size of the register. Changes add up in any order, so a rebuild can mend
-- rows while they are being written. Nothing in it is about a person.

CREATE TABLE figure (
  dimension SMALLINT NOT NULL,
  unit SMALLINT NOT NULL,
  since INTEGER NOT NULL,
  value INTEGER NOT NULL,
  standing SMALLINT NOT NULL,
  star SMALLINT NOT NULL,
  origin SMALLINT NOT NULL,
  amount BIGINT NOT NULL,
  PRIMARY KEY (dimension, unit, since, value, standing, star, origin)
);
COMMENT ON TABLE figure IS 'By how much the number of declarations in a cell changes, by day and by month';
COMMENT ON COLUMN figure.dimension IS '1 prefecture, 2 industry, 3 size class, 4 month declared, 5 month stopped';
COMMENT ON COLUMN figure.unit IS '0 a month, 1 a day';
COMMENT ON COLUMN figure.since IS '202605, or 20260512: from when the change counts';
COMMENT ON COLUMN figure.value IS 'Of the dimension; 0 where it is not known';
COMMENT ON COLUMN figure.standing IS '0 stopped declarations, 1 live ones, 2 those whose place another one took';
COMMENT ON COLUMN figure.star IS '0 where it cannot be read';
COMMENT ON COLUMN figure.origin IS '1 imported, 2 legacy, 3 public, 4 staff';
COMMENT ON COLUMN figure.amount IS 'By how many more, or fewer';

-- Changes that have come to nothing are taken away at once, by this.
CREATE INDEX figure_of_nothing ON figure (amount) WHERE amount = 0;
