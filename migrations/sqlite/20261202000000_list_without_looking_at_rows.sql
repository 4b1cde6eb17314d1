-- Why: pages and counts of a city, of cells and of a search looked at each row that they counted, up to ten thousand of the widest table.
-- The indexes say all that such a list asks of a row (cell, days, number, city), so that it is looked at only when it is shown.

-- Names of indexes go with their tables when a rebuild swaps those: each is there, on one or the other.
DROP INDEX declaration_by_declared_on;
DROP INDEX declaration_by_number;
DROP INDEX declaration_by_changed_at;
DROP INDEX declaration_by_city;
DROP INDEX declaration_by_cell;
DROP INDEX declaration_rebuild_by_declared_on;
DROP INDEX declaration_rebuild_by_number;
DROP INDEX declaration_rebuild_by_changed_at;
DROP INDEX declaration_rebuild_by_city;
DROP INDEX declaration_rebuild_by_cell;

CREATE INDEX declaration_by_declared_on ON declaration
  (declared_on, seq, cell, changed_at, number, corporate_number, key_public, key_personal, city_key);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell, declared_on, changed_at, city_key);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on, city_key);
CREATE INDEX declaration_by_city ON declaration (city_key, cell, declared_on, changed_at, number) WHERE city_key IS NOT NULL;
CREATE INDEX declaration_by_cell ON declaration (cell, declared_on, changed_at, number, city_key);
-- What a search has found, without the width of its rows. An expression, because SQLite finds `seq` itself in the table.
CREATE INDEX declaration_in_short ON declaration (seq + 0, cell, declared_on, changed_at, number, city_key);
CREATE INDEX declaration_rebuild_by_declared_on ON declaration_rebuild
  (declared_on, seq, cell, changed_at, number, corporate_number, key_public, key_personal, city_key);
CREATE INDEX declaration_rebuild_by_number ON declaration_rebuild (number, seq, cell, declared_on, changed_at, city_key);
CREATE INDEX declaration_rebuild_by_changed_at ON declaration_rebuild (changed_at, seq, cell, declared_on, city_key);
CREATE INDEX declaration_rebuild_by_city ON declaration_rebuild (city_key, cell, declared_on, changed_at, number) WHERE city_key IS NOT NULL;
CREATE INDEX declaration_rebuild_by_cell ON declaration_rebuild (cell, declared_on, changed_at, number, city_key);
CREATE INDEX declaration_rebuild_in_short ON declaration_rebuild (seq + 0, cell, declared_on, changed_at, number, city_key);
