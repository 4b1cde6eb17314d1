-- Why: what lies within some days or was changed within some time, in the order of its numbers, was looked up row by row to learn the
-- numbers, some thirty thousand of a month. The two indexes say them.

-- Names of indexes go with their tables when a rebuild swaps those, so whichever is which now is looked up.
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT i.indexrelid::regclass AS name FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
            WHERE i.indrelid IN ('declaration'::regclass, 'declaration_rebuild'::regclass)
              AND a.attname IN ('declared_on', 'changed_at')
  LOOP
    EXECUTE format('DROP INDEX %s', it.name);
  END LOOP;
END $$;

CREATE INDEX declaration_by_declared_on ON declaration (declared_on, seq, cell, changed_at, number, city_key);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on, number, city_key);
CREATE INDEX ON declaration_rebuild (declared_on, seq, cell, changed_at, number, city_key);
CREATE INDEX ON declaration_rebuild (changed_at, seq, cell, declared_on, number, city_key);
