-- Why: an append that meets nothing unexpected is one statement, because each further round trip costs as much as writing a
-- few events. What the statements of the two functions mean is told in crates/event-store/src/append/statements.rs.

-- The parameters are composites: plpgsql would take every array that is a parameter by itself into pieces, and put it
-- together again, before a statement sees it.

-- What must not be there: receipts of these commands, and an event for any of these probes.
CREATE TYPE log_question AS (
    commands UUID[], probes BIGINT[], afters BIGINT[], tags TEXT[], mores TEXT[], types TEXT[]
);

-- The columns of what a batch adds, and the head after it.
CREATE TYPE log_batch AS (
    positions BIGINT[], ids UUID[], types TEXT[], versions BIGINT[], tag_lists TEXT[], recorded BIGINT[], effective TEXT[],
    actors TEXT[], commands UUID[], correlations UUID[], datas TEXT[], personals BYTEA[], hashes BYTEA[],
    tags TEXT[], tag_positions BIGINT[], tag_types TEXT[],
    receipts UUID[], request_hashes BYTEA[], firsts BIGINT[], lasts BIGINT[],
    head BIGINT, head_recorded_at BIGINT
);

-- Head, receipts of these commands, and for each probe the newest event that it finds: what these rows mean is told in
-- crates/event-store/src/append/statements.rs, beside the same statement for SQLite. One query and STABLE, so that the planner puts
-- it in place of its call: it is planned with the statement that asks, and sees what that one sees.
CREATE FUNCTION log_look(question log_question)
RETURNS TABLE (kind BIGINT, probe BIGINT, "position" BIGINT, other BIGINT, id UUID, event_type TEXT, hash BYTEA)
LANGUAGE sql STABLE AS
$$
    SELECT 0::bigint AS kind, 0::bigint AS probe, position, recorded_at AS other, NULL::uuid AS id,
           '' AS event_type, NULL::bytea AS hash
    FROM log_head WHERE only_row = 1
    UNION ALL
    SELECT 1, 0, r.first_position, r.last_position, r.command_id, '', r.request_hash
    FROM unnest(question.commands) AS command (id) JOIN command_receipt AS r ON r.command_id = command.id
    UNION ALL
    SELECT 2, hit.probe, e.position, 0, e.event_id, e.event_type, NULL
    FROM (
        SELECT p.probe,
            CASE
            WHEN p.tag <> '' THEN (
                SELECT t.position FROM event_tag AS t
                WHERE t.tag = p.tag AND t.position > p.after
                  AND (p.types = '' OR strpos(p.types, ' ' || t.event_type || ' ') > 0)
                  AND (p.more = '' OR cardinality(string_to_array(p.more, ' ')) = (
                      SELECT count(*) FROM event_tag AS o
                      WHERE o.tag = ANY (string_to_array(p.more, ' ')) AND o.position = t.position))
                ORDER BY t.position DESC LIMIT 1)
            WHEN p.types <> '' THEN (
                SELECT x.position FROM event AS x
                WHERE (x.event_type, x.position) > (p.types, p.after) AND x.event_type <= p.types
                ORDER BY x.event_type DESC, x.position DESC LIMIT 1)
            ELSE (SELECT x.position FROM event AS x WHERE x.position > p.after
                  ORDER BY x.position DESC LIMIT 1)
            END AS position
        FROM unnest(question.probes, question.afters, question.tags, question.mores, question.types)
            AS p (probe, after, tag, more, types)
    ) AS hit
    JOIN event AS e ON e.position = hit.position
$$;

-- Writes a batch and moves the head. The head must be locked.
CREATE FUNCTION log_write(batch log_batch) RETURNS void LANGUAGE plpgsql AS
$$
BEGIN
    INSERT INTO event (position, event_id, event_type, schema_version, tags, recorded_at, effective_at, actor,
                       command_id, correlation_id, data, personal, leaf_hash)
    SELECT * FROM unnest(batch.positions, batch.ids, batch.types, batch.versions, batch.tag_lists, batch.recorded,
                         batch.effective, batch.actors, batch.commands, batch.correlations, batch.datas,
                         batch.personals, batch.hashes);
    INSERT INTO event_tag (tag, position, event_type) SELECT * FROM unnest(batch.tags, batch.tag_positions, batch.tag_types);
    INSERT INTO command_receipt (command_id, request_hash, first_position, last_position)
    SELECT * FROM unnest(batch.receipts, batch.request_hashes, batch.firsts, batch.lasts);
    UPDATE log_head SET position = batch.head, recorded_at = batch.head_recorded_at WHERE only_row = 1;
    PERFORM pg_notify('sengen_log', batch.head::text);
END
$$;

-- Writes a batch that was decided on the assumption that the head is where the writer left it and that the question finds
-- nothing. Answers false, and does nothing, when that does not hold.
CREATE FUNCTION log_append(question log_question, batch log_batch, known BIGINT, known_recorded_at BIGINT)
RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS
$$
BEGIN
    -- With another isolation the statements below would not see what was committed while waiting for the lock.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RETURN false;
    END IF;
    PERFORM set_config('synchronous_commit', 'on', true);
    PERFORM FROM log_head WHERE only_row = 1 AND position = known AND recorded_at = known_recorded_at FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM FROM log_look(question) WHERE kind > 0 LIMIT 1;
    IF FOUND THEN
        RETURN false;
    END IF;
    PERFORM log_write(batch);
    RETURN true;
END
$$;
