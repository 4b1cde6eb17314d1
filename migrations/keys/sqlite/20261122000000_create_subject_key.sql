-- Keys of persons, apart from the log: destroying a key forgets its person in every copy of the log.
-- A row stays as a tombstone when its key is destroyed, so that nobody gets a second key under the same subject.

CREATE TABLE subject_key (
    subject_id   BLOB    NOT NULL PRIMARY KEY,
    key_id       BLOB    NOT NULL, -- 122 random bits, never used again; an index for that would be most of what a key costs
    wrapped      BLOB,                    -- the key under the key-encryption key; NULL once destroyed
    wrapped_by   TEXT    NOT NULL,        -- fingerprint of that key-encryption key
    created_at   INTEGER NOT NULL,
    destroyed_at INTEGER,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- Secrets of the keyring itself, such as that of keyed hashes.
CREATE TABLE keyring_secret (
    name       TEXT NOT NULL PRIMARY KEY,
    wrapped    BLOB NOT NULL,
    wrapped_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
