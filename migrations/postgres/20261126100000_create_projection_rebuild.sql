-- Why: a rebuild of millions of declarations takes minutes and must not begin anew when the process dies. How far it is stands
-- here, written in one transaction with what it speaks of. After the switch the twins hold the old rows ('kept') until
-- somebody drops them.

CREATE TABLE projection_rebuild (
  name TEXT NOT NULL PRIMARY KEY,
  stage TEXT NOT NULL CHECK (stage IN ('folding', 'indexing', 'following', 'kept')),
  target BIGINT NOT NULL,
  folding_from BIGINT NOT NULL,
  indexes BIGINT NOT NULL
);
COMMENT ON TABLE projection_rebuild IS 'How far a rebuild beside the running projection is; kept: the twins hold the old rows';
COMMENT ON COLUMN projection_rebuild.target IS 'The position of the log up to which it folds';
COMMENT ON COLUMN projection_rebuild.folding_from IS 'Where in the log the declarations begin that have no row yet';
COMMENT ON COLUMN projection_rebuild.indexes IS 'A bit for each index that is made';
