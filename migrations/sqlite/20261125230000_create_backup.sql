-- Why: whoever forgets a person must be able to say which backups still hold the person's key, and until when. So every backup
-- that this register made is listed with its place and the day by which its copies are to be destroyed.

CREATE TABLE backup (
  id BLOB NOT NULL PRIMARY KEY,
  made_at INTEGER NOT NULL,
  position INTEGER NOT NULL,     -- the last event in it
  path TEXT NOT NULL,            -- where it was written; it may have been moved since
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,          -- of the whole file, hexadecimal: tells a moved copy from another
  with_keys INTEGER NOT NULL CHECK (with_keys IN (0, 1)),
  expires_at INTEGER NOT NULL    -- when its copies are to be destroyed
) STRICT;
CREATE INDEX backup_by_made_at ON backup (made_at);
