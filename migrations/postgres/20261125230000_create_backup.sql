-- Why: whoever forgets a person must be able to say which backups still hold the person's key, and until when. So every backup
-- that this register made is listed with its place and the day by which its copies are to be destroyed.

CREATE TABLE backup (
  id UUID NOT NULL PRIMARY KEY,
  made_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  path TEXT NOT NULL,
  bytes BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  with_keys BIGINT NOT NULL CHECK (with_keys IN (0, 1)),
  expires_at BIGINT NOT NULL
);
CREATE INDEX backup_by_made_at ON backup (made_at);
COMMENT ON TABLE backup IS 'Backups that this register made';
COMMENT ON COLUMN backup.position IS 'The last event in it';
COMMENT ON COLUMN backup.path IS 'Where it was written; it may have been moved since';
COMMENT ON COLUMN backup.sha256 IS 'Of the whole file, hexadecimal: tells a moved copy from another';
COMMENT ON COLUMN backup.expires_at IS 'When its copies are to be destroyed, microseconds since 1970 UTC';
