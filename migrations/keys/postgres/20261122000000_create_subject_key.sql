-- Keys of persons, apart from the log: destroying a key forgets its person in every copy of the log.
-- A row stays as a tombstone when its key is destroyed, so that nobody gets a second key under the same subject.
-- The schema sengen_keys can be dumped, restored and granted apart from the rest.

CREATE TABLE sengen_keys.subject_key (
    subject_id   UUID   NOT NULL PRIMARY KEY,
    key_id       UUID   NOT NULL, -- 122 random bits, never used again; an index for that would be most of what a key costs
    wrapped      BYTEA,                  -- the key under the key-encryption key; NULL once destroyed
    wrapped_by   TEXT   NOT NULL,        -- fingerprint of that key-encryption key
    created_at   BIGINT NOT NULL,
    destroyed_at BIGINT,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- Secrets of the keyring itself, such as that of keyed hashes.
CREATE TABLE sengen_keys.keyring_secret (
    name       TEXT  NOT NULL PRIMARY KEY,
    wrapped    BYTEA NOT NULL,
    wrapped_by TEXT  NOT NULL
);
