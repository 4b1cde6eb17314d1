-- The Merkle tree over the log, so that somebody outside can check that nothing before was changed (RFC 6962; the
-- forms are those of C2SP tlog-tiles and tlog-checkpoint). The tree is computed from the log; the signed notes are not:
-- each was given out, and a change of the log is found between two of them.

-- One row: how many leaves the tiles hold. Moved only from where its builder saw it, in one transaction with the tiles.
CREATE TABLE tree (
    only_row   INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    size       INTEGER NOT NULL CHECK (size >= 0),
    updated_at INTEGER NOT NULL
) STRICT;
INSERT INTO tree (only_row, size, updated_at) VALUES (1, 0, 0);

-- Up to 256 hashes of 32 bytes each. A partial tile is the beginning of the full one and is written over by it.
CREATE TABLE tile (
    level      INTEGER NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile_index INTEGER NOT NULL CHECK (tile_index >= 0),
    hashes     BLOB    NOT NULL CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, tile_index)
) STRICT;

-- Every head that was ever signed. Added only, like the log.
CREATE TABLE checkpoint_note (
    size      INTEGER NOT NULL PRIMARY KEY CHECK (size > 0),
    note      TEXT    NOT NULL,
    signed_at INTEGER NOT NULL -- for people; no evidence
) STRICT;

CREATE TRIGGER checkpoint_note_keeps BEFORE UPDATE ON checkpoint_note
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER checkpoint_note_stays BEFORE DELETE ON checkpoint_note
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
