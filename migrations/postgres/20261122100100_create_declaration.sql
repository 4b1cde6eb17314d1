-- Why: the register as it is now, one row for each declaration, for lists, filters and search. Rebuilt from the log at any time.
-- Each table has a twin `…_rebuild`: a rebuild fills the twin, compares it with the live one and swaps the names.
-- `cell` packs state, star, prefecture and flags (see storage/src/projections/declaration/cell.rs); declaration_count holds how
-- many declarations each cell has, so counts of filters need no scan. `seq` is dense, in the order of first events.

CREATE TABLE declaration (
  seq BIGINT PRIMARY KEY,
  id UUID NOT NULL UNIQUE,
  number TEXT COLLATE "C" NOT NULL,
  declared_on TEXT COLLATE "C" NOT NULL,
  cell BIGINT NOT NULL,
  stopped_on TEXT,
  entity_type TEXT NOT NULL,
  organization_id UUID NOT NULL,
  corporate_number TEXT COLLATE "C",
  name TEXT,
  kana TEXT,
  personal_name TEXT,
  personal_kana TEXT,
  name_subject UUID,
  trade_name TEXT,
  city TEXT,
  changed_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  key_public TEXT NOT NULL,
  key_personal TEXT,
  tokens INTEGER[] NOT NULL
);
CREATE INDEX declaration_by_declared_on ON declaration (declared_on, seq, cell);
CREATE INDEX declaration_by_number ON declaration (number, seq, cell);
CREATE INDEX declaration_by_changed_at ON declaration (changed_at, seq, cell);
CREATE INDEX declaration_by_cell ON declaration (cell, declared_on);
CREATE INDEX declaration_by_corporate_number ON declaration (corporate_number);
CREATE INDEX declaration_by_organization ON declaration (organization_id);
-- Without the list of pending entries writing takes eight times as long; with a long one every search walks it.
CREATE INDEX declaration_by_tokens ON declaration USING gin (tokens) WITH (gin_pending_list_limit = 512);
COMMENT ON TABLE declaration IS 'The register as it is now, projected from the log; plain text, so guarded by the rights on the database';
COMMENT ON COLUMN declaration.seq IS 'Dense number in the order of first events';
COMMENT ON COLUMN declaration.cell IS 'State, star, prefecture and flags, packed';
COMMENT ON COLUMN declaration.personal_name IS 'Of a sole trader; NULL with a name_subject: forgotten';
COMMENT ON COLUMN declaration.name_subject IS 'Whose key seals the personal name';
COMMENT ON COLUMN declaration.changed_at IS 'When the newest event was recorded, microseconds since 1970 UTC';
COMMENT ON COLUMN declaration.version IS 'Position of the newest fact-changing event';
COMMENT ON COLUMN declaration.key_public IS 'Folded names that everybody may search';
COMMENT ON COLUMN declaration.key_personal IS 'Folded names of a sole trader';
COMMENT ON COLUMN declaration.tokens IS 'Search entries and dimensions of the cell, hashed; SQLite has declaration_search instead';

CREATE TABLE declaration_count (
  cell BIGINT PRIMARY KEY,
  count BIGINT NOT NULL CHECK (count >= 0),
  position BIGINT NOT NULL
);
CREATE INDEX declaration_count_by_position ON declaration_count (position);
COMMENT ON TABLE declaration_count IS 'How many declarations each cell has';
COMMENT ON COLUMN declaration_count.position IS 'Of the checkpoint that changed it last, so that a reader fetches only what changed';

CREATE TABLE declaration_rebuild (LIKE declaration INCLUDING ALL);
CREATE TABLE declaration_count_rebuild (LIKE declaration_count INCLUDING ALL);
