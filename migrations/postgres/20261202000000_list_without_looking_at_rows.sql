-- Why: pages and counts of a city, of cells and of a search looked at each row that they counted, up to ten thousand of the widest table.
-- The indexes say all that such a list asks of a row (cell, days, number, city), so that it is looked at only when it is shown.

-- Names of indexes go with their tables when a rebuild swaps those, so whichever is which now is looked up.
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT i.indexrelid::regclass AS name FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid IN ('declaration'::regclass, 'declaration_rebuild'::regclass)
              AND a.attname IN ('declared_on', 'number', 'changed_at', 'city_key', 'cell')
  LOOP
    EXECUTE format('DROP INDEX %s', it.name);
  END LOOP;
END $$;

CREATE INDEX declaration_by_declared_on ON declaration (declared_on, seq, cell, changed_at, city_key);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell, declared_on, changed_at, city_key);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on, city_key);
CREATE INDEX declaration_by_city ON declaration (city_key, cell, seq, declared_on, changed_at, number) WHERE city_key IS NOT NULL;
CREATE INDEX declaration_by_cell ON declaration (cell, declared_on, seq, changed_at, number, city_key);
CREATE INDEX ON declaration_rebuild (declared_on, seq, cell, changed_at, city_key);
CREATE INDEX ON declaration_rebuild (number, seq, cell, declared_on, changed_at, city_key);
CREATE INDEX ON declaration_rebuild (changed_at, seq, cell, declared_on, city_key);
CREATE INDEX ON declaration_rebuild (city_key, cell, seq, declared_on, changed_at, number) WHERE city_key IS NOT NULL;
CREATE INDEX ON declaration_rebuild (cell, declared_on, seq, changed_at, number, city_key);
