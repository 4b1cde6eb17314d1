-- Why: the register as it is now, one row for each declaration, for lists, filters and search. Rebuilt from the log at any time.
-- Each table has a twin `…_rebuild`: a rebuild fills the twin, compares it with the live one and swaps the names.
-- `cell` packs state, star, prefecture and flags (see storage/src/projections/declaration/cell.rs); declaration_count holds how
-- many declarations each cell has, so counts of filters need no scan. `seq` is dense, in the order of first events.

CREATE TABLE declaration (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  number TEXT NOT NULL,
  declared_on TEXT NOT NULL,
  cell INTEGER NOT NULL,
  stopped_on TEXT,
  entity_type TEXT NOT NULL,
  organization_id BLOB NOT NULL,
  corporate_number TEXT,
  name TEXT,
  kana TEXT,
  personal_name TEXT,        -- of a sole trader; NULL with a name_subject: forgotten
  personal_kana TEXT,
  name_subject BLOB,         -- whose key seals the personal name
  trade_name TEXT,
  city TEXT,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  key_public TEXT NOT NULL,  -- folded names that everybody may search
  key_personal TEXT          -- folded names of a sole trader
) STRICT;
-- With what a search asks of a row: walking it in the order of the list needs no look at the rows.
CREATE INDEX declaration_by_declared_on ON declaration
  (declared_on, seq, cell, number, corporate_number, key_public, key_personal);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell);
CREATE INDEX declaration_by_cell ON declaration (cell, declared_on);
CREATE INDEX declaration_by_corporate_number ON declaration (corporate_number);
CREATE INDEX declaration_by_organization ON declaration (organization_id);

-- One document for each declaration, rowid = seq: its names and dimensions in words of our own (see storage's words.rs). With
-- positions (detail = full), since a phrase is exactly a part of a name.
CREATE VIRTUAL TABLE declaration_search USING fts5(
  tokens, content = '', contentless_delete = 1, detail = full, tokenize = 'ascii'
);

CREATE TABLE declaration_count (
  cell INTEGER PRIMARY KEY,
  count INTEGER NOT NULL CHECK (count >= 0),
  position INTEGER NOT NULL  -- of the checkpoint that changed it last, so that a reader fetches only what changed
) STRICT;
CREATE INDEX declaration_count_by_position ON declaration_count (position);

-- The twins, for a rebuild.
CREATE TABLE declaration_rebuild (
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  number TEXT NOT NULL,
  declared_on TEXT NOT NULL,
  cell INTEGER NOT NULL,
  stopped_on TEXT,
  entity_type TEXT NOT NULL,
  organization_id BLOB NOT NULL,
  corporate_number TEXT,
  name TEXT,
  kana TEXT,
  personal_name TEXT,        -- of a sole trader; NULL with a name_subject: forgotten
  personal_kana TEXT,
  name_subject BLOB,         -- whose key seals the personal name
  trade_name TEXT,
  city TEXT,
  changed_at INTEGER NOT NULL,
  version INTEGER NOT NULL,
  key_public TEXT NOT NULL,  -- folded names that everybody may search
  key_personal TEXT          -- folded names of a sole trader
) STRICT;
CREATE INDEX declaration_rebuild_by_declared_on ON declaration_rebuild
  (declared_on, seq, cell, number, corporate_number, key_public, key_personal);
CREATE INDEX declaration_rebuild_by_number ON declaration_rebuild (number, seq, cell);
CREATE INDEX declaration_rebuild_by_changed_at ON declaration_rebuild (changed_at, seq, cell);
CREATE INDEX declaration_rebuild_by_cell ON declaration_rebuild (cell, declared_on);
CREATE INDEX declaration_rebuild_by_corporate_number ON declaration_rebuild (corporate_number);
CREATE INDEX declaration_rebuild_by_organization ON declaration_rebuild (organization_id);

-- One document for each declaration, rowid = seq: its names and dimensions in words of our own (see storage's words.rs). With
-- positions (detail = full), since a phrase is exactly a part of a name.
CREATE VIRTUAL TABLE declaration_search_rebuild USING fts5(
  tokens, content = '', contentless_delete = 1, detail = full, tokenize = 'ascii'
);

CREATE TABLE declaration_count_rebuild (
  cell INTEGER PRIMARY KEY,
  count INTEGER NOT NULL CHECK (count >= 0),
  position INTEGER NOT NULL  -- of the checkpoint that changed it last, so that a reader fetches only what changed
) STRICT;
CREATE INDEX declaration_count_rebuild_by_position ON declaration_count_rebuild (position);
