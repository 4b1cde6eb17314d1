-- The Merkle tree over the log, so that somebody outside can check that nothing before was changed (RFC 6962; the
-- forms are those of C2SP tlog-tiles and tlog-checkpoint). The tree is computed from the log; the signed notes are not:
-- each was given out, and a change of the log is found between two of them.

-- One row: how many leaves the tiles hold. Moved only from where its builder saw it, in one transaction with the tiles.
CREATE TABLE tree (
    only_row   BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    size       BIGINT NOT NULL CHECK (size >= 0),
    updated_at BIGINT NOT NULL
);
INSERT INTO tree (only_row, size, updated_at) VALUES (1, 0, 0);

-- Up to 256 hashes of 32 bytes each. A partial tile is the beginning of the full one and is written over by it.
CREATE TABLE tile (
    level      BIGINT NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile_index BIGINT NOT NULL CHECK (tile_index >= 0),
    hashes     BYTEA  NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile_index)
);
ALTER TABLE tile ALTER COLUMN hashes SET STORAGE EXTERNAL; -- hashes do not compress

-- Every head that was ever signed. Added only, like the log.
CREATE TABLE checkpoint_note (
    size      BIGINT NOT NULL PRIMARY KEY CHECK (size > 0),
    note      TEXT   NOT NULL,
    signed_at BIGINT NOT NULL -- for people; no evidence
);

CREATE TRIGGER checkpoint_note_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON checkpoint_note
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
