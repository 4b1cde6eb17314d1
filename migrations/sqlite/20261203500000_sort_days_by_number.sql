-- Why: what was changed within some time, in the order of its numbers, was looked up row by row to learn the numbers. The index says them.

-- Names of indexes go with their tables when a rebuild swaps those: each is there, on one or the other.
DROP INDEX declaration_by_changed_at;
DROP INDEX declaration_rebuild_by_changed_at;
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell, declared_on, number, city_key);
CREATE INDEX declaration_rebuild_by_changed_at ON declaration_rebuild (changed_at, seq, cell, declared_on, number, city_key);
