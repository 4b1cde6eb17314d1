-- Why: staff ask for declarations by city and by days, together with anything that is in a cell. A city has a column and an index
-- of its own, in the form in which cities are compared; the indexes of the orders also say when a row was declared and changed, so
-- that walking them tests days without a look at the row. What else is new to filter by is in the cell.

ALTER TABLE declaration ADD COLUMN city_key TEXT;
ALTER TABLE declaration_rebuild ADD COLUMN city_key TEXT;

-- Names of indexes go with their tables when a rebuild swaps those: each is there, on one or the other.
DROP INDEX declaration_by_declared_on;
DROP INDEX declaration_by_number;
DROP INDEX declaration_by_changed_at;
DROP INDEX declaration_rebuild_by_declared_on;
DROP INDEX declaration_rebuild_by_number;
DROP INDEX declaration_rebuild_by_changed_at;

CREATE INDEX declaration_by_declared_on ON declaration
  (declared_on, seq, cell, changed_at, number, corporate_number, key_public, key_personal);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell, declared_on, changed_at);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on);
CREATE INDEX declaration_by_city ON declaration (city_key, cell) WHERE city_key IS NOT NULL;
CREATE INDEX declaration_rebuild_by_declared_on ON declaration_rebuild
  (declared_on, seq, cell, changed_at, number, corporate_number, key_public, key_personal);
CREATE INDEX declaration_rebuild_by_number ON declaration_rebuild (number, seq, cell, declared_on, changed_at);
CREATE INDEX declaration_rebuild_by_changed_at ON declaration_rebuild (changed_at, seq, cell, declared_on);
CREATE INDEX declaration_rebuild_by_city ON declaration_rebuild (city_key, cell) WHERE city_key IS NOT NULL;
