-- The log: the one truth of the register. Everything else is computed from it.
-- Rows are only ever added; the triggers below refuse everything else, whoever asks.
-- Both engines hold the same bytes: ids as 16 bytes, instants as microseconds since 1970 in UTC, days as text,
-- data as canonical JSON (RFC 8785) in text.

-- One row: the name of the log and its last position. Locked first by every append.
CREATE TABLE log_head (
    only_row    BIGINT NOT NULL PRIMARY KEY CHECK (only_row = 1),
    origin      TEXT   NOT NULL,
    position    BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL
) WITH (fillfactor = 10); -- updated by every append: leave room for the new version on the same page

CREATE TABLE event (
    position       BIGINT NOT NULL PRIMARY KEY CHECK (position > 0),
    event_id       UUID   NOT NULL UNIQUE,
    event_type     TEXT   NOT NULL,
    schema_version BIGINT NOT NULL,
    tags           TEXT   NOT NULL, -- canonical JSON array, sorted; the index of it is event_tag
    recorded_at    BIGINT NOT NULL,
    effective_at   TEXT   NOT NULL,
    actor          TEXT   NOT NULL,
    command_id     UUID   NOT NULL,
    correlation_id UUID   NOT NULL,
    data           TEXT   NOT NULL,
    personal       BYTEA  NOT NULL, -- sealed parts with their commitments, empty when there are none
    leaf_hash      BYTEA  NOT NULL
) WITH (toast_tuple_target = 8160); -- compressing rows of 2 kB costs more time than it saves space

CREATE INDEX event_by_type ON event (event_type, position);

-- Answers guards and tag queries by a range scan of its index alone.
CREATE TABLE event_tag (
    tag        TEXT   NOT NULL COLLATE "C",
    position   BIGINT NOT NULL,
    event_type TEXT   NOT NULL,
    PRIMARY KEY (tag, position) INCLUDE (event_type)
);

-- What each command got, so that a retry gets the same answer.
CREATE TABLE command_receipt (
    command_id     UUID   NOT NULL PRIMARY KEY,
    request_hash   BYTEA  NOT NULL,
    first_position BIGINT NOT NULL,
    last_position  BIGINT NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the log is append-only'; END $$;

CREATE TRIGGER event_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_tag_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON event_tag
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER command_receipt_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON command_receipt
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head
    FOR EACH ROW WHEN (NEW.position < OLD.position OR NEW.origin <> OLD.origin) EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_head_stays BEFORE DELETE OR TRUNCATE ON log_head
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
