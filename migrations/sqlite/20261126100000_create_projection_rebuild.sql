-- Why: a rebuild of millions of declarations takes minutes and must not begin anew when the process dies. How far it is stands
-- here, written in one transaction with what it speaks of. After the switch the twins hold the old rows ('kept') until
-- somebody drops them.

CREATE TABLE projection_rebuild (
  name TEXT NOT NULL PRIMARY KEY,
  stage TEXT NOT NULL CHECK (stage IN ('folding', 'indexing', 'following', 'kept')),
  target INTEGER NOT NULL,       -- the position of the log up to which it folds
  folding_from INTEGER NOT NULL, -- where in the log the declarations begin that have no row yet
  indexes INTEGER NOT NULL       -- a bit for each index that is made
) STRICT;
