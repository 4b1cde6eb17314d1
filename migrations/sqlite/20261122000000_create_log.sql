-- The log: the one truth of the register. Everything else is computed from it.
-- Rows are only ever added; the triggers below refuse everything else, whoever asks.
-- Both engines hold the same bytes: ids as 16 bytes, instants as microseconds since 1970 in UTC, days as text,
-- data as canonical JSON (RFC 8785) in text.

-- One row: the name of the log and its last position. Locked first by every append.
CREATE TABLE log_head (
    only_row    INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    origin      TEXT    NOT NULL,
    position    INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE event (
    position       INTEGER NOT NULL PRIMARY KEY CHECK (position > 0),
    event_id       BLOB    NOT NULL UNIQUE,
    event_type     TEXT    NOT NULL,
    schema_version INTEGER NOT NULL,
    tags           TEXT    NOT NULL, -- canonical JSON array, sorted; the index of it is event_tag
    recorded_at    INTEGER NOT NULL,
    effective_at   TEXT    NOT NULL,
    actor          TEXT    NOT NULL,
    command_id     BLOB    NOT NULL,
    correlation_id BLOB    NOT NULL,
    data           TEXT    NOT NULL,
    personal       BLOB    NOT NULL, -- sealed parts with their commitments, empty when there are none
    leaf_hash      BLOB    NOT NULL
) STRICT;

CREATE INDEX event_by_type ON event (event_type, position);

-- Answers guards and tag queries by a range scan of its key alone.
CREATE TABLE event_tag (
    tag        TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    event_type TEXT    NOT NULL,
    PRIMARY KEY (tag, position)
) STRICT, WITHOUT ROWID;

-- What each command got, so that a retry gets the same answer.
CREATE TABLE command_receipt (
    command_id     BLOB    NOT NULL PRIMARY KEY,
    request_hash   BLOB    NOT NULL,
    first_position INTEGER NOT NULL,
    last_position  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_keeps BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_stays BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_tag_keeps BEFORE UPDATE ON event_tag
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER event_tag_stays BEFORE DELETE ON event_tag
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER command_receipt_keeps BEFORE UPDATE ON command_receipt
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER command_receipt_stays BEFORE DELETE ON command_receipt
BEGIN SELECT RAISE(ABORT, 'the log is append-only'); END;
CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head
WHEN NEW.position < OLD.position OR NEW.origin <> OLD.origin
BEGIN SELECT RAISE(ABORT, 'the head of the log only grows'); END;
CREATE TRIGGER log_head_stays BEFORE DELETE ON log_head
BEGIN SELECT RAISE(ABORT, 'the head of the log only grows'); END;
