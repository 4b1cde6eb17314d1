-- Why: staff ask for declarations by city and by days, together with anything that is in a cell. A city has a column and an index
-- of its own, in the form in which cities are compared; the indexes of the orders also say when a row was declared and changed, so
-- that walking them tests days without a look at the row. What else is new to filter by is in the cell.

ALTER TABLE declaration ADD COLUMN city_key TEXT COLLATE "C";
ALTER TABLE declaration_rebuild ADD COLUMN city_key TEXT COLLATE "C";

-- Names of indexes go with their tables when a rebuild swaps those, so whichever is which now is looked up.
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT indexrelid::regclass AS name FROM pg_index
            WHERE indrelid IN ('declaration'::regclass, 'declaration_rebuild'::regclass)
              AND indkey::text IN (
                SELECT string_agg(a.attnum::text, ' ' ORDER BY c.place) FROM (VALUES
                  ('declared_on', 'declared_on', 1), ('declared_on', 'seq', 2), ('declared_on', 'cell', 3),
                  ('number', 'number', 1), ('number', 'seq', 2), ('number', 'cell', 3),
                  ('changed_at', 'changed_at', 1), ('changed_at', 'seq', 2), ('changed_at', 'cell', 3)
                ) c (index, name, place)
                JOIN pg_attribute a ON a.attrelid = indrelid AND a.attname = c.name GROUP BY c.index)
  LOOP
    EXECUTE format('DROP INDEX %s', it.name);
  END LOOP;
END $$;

CREATE INDEX declaration_by_declared_on ON declaration (declared_on, seq, cell, changed_at);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell, declared_on, changed_at);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on);
CREATE INDEX declaration_by_city ON declaration (city_key, cell) WHERE city_key IS NOT NULL;
CREATE INDEX ON declaration_rebuild (declared_on, seq, cell, changed_at);
CREATE INDEX ON declaration_rebuild (number, seq, cell, declared_on, changed_at);
CREATE INDEX ON declaration_rebuild (changed_at, seq, cell, declared_on);
CREATE INDEX ON declaration_rebuild (city_key, cell) WHERE city_key IS NOT NULL;

COMMENT ON COLUMN declaration.city_key IS 'The city in the form in which cities are compared';
COMMENT ON COLUMN declaration.cell IS 'All facts with few values that lists are filtered by, and flags, packed';
