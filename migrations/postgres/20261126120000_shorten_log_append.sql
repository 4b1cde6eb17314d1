-- Why: what an append costs besides its rows is paid once a batch, while everybody waits. Each statement that a function starts
-- is set up anew, which takes longer than to insert a row: here they are two, and locking is none. Whoever follows the log is
-- told by the process that wrote it, after the commit, and not once for every batch (crates/event-store/src/wake.rs).

-- By bytes, as everything else that we compare, and not by the rules of a language: that took a tenth of the time of inserting an
-- event. The type stays, so the binary before this one goes on; it waits while the index is built anew.
ALTER TABLE event ALTER COLUMN event_type TYPE TEXT COLLATE "C";

-- Updated by every append. The condition of the trigger before was read and planned anew for each.
CREATE FUNCTION refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN
    IF NEW.position < OLD.position OR NEW.origin <> OLD.origin THEN
        RAISE EXCEPTION 'the log is append-only';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER log_head_only_grows ON log_head;
CREATE TRIGGER log_head_only_grows BEFORE UPDATE ON log_head FOR EACH ROW EXECUTE FUNCTION refuse_shrinking();

-- A row for each event that stands against a batch whose guards all ask for a tag: whether there is one, and not the newest, as
-- log_look tells. What the batch itself has inserted comes after the head. One query and STABLE, so that the planner puts it in
-- place of its call. LATERAL and LIMIT leave no other plan than to look up each one by its index.
CREATE FUNCTION log_against(question log_question, head BIGINT) RETURNS TABLE (against BIGINT) LANGUAGE sql STABLE AS
$$
    SELECT hit.position
    FROM (
        SELECT unnest(question.afters) AS after, unnest(question.tags) AS tag, unnest(question.mores) AS more,
               unnest(question.types) AS types
    ) AS p
    CROSS JOIN LATERAL (
        SELECT t.position FROM event_tag AS t
        WHERE t.tag = p.tag AND t.position > p.after AND t.position <= head
          AND (p.types = '' OR strpos(p.types, ' ' || t.event_type || ' ') > 0)
          AND (p.more = '' OR cardinality(string_to_array(p.more, ' ')) = (
              SELECT count(*) FROM event_tag AS o
              WHERE o.tag = ANY (string_to_array(p.more, ' ')) AND o.position = t.position))
        LIMIT 1
    ) AS hit
$$;

-- Writes a batch that was decided on the assumption that the head will be where the writer supposes it, that no command has a
-- receipt and that the question finds nothing. Answers false, and leaves nothing behind, when that does not hold.
--
-- `turn` is this batch, `turn_before` the one before it of the same writer, if that is still under way. Then this one is inserted at
-- the same time, before it is known whether it may be, and only the rest is done in turn: it waits for the end of the other one.
-- For the lock of the log it does not wait: whoever has it may be waiting for these very rows. Until both are its own, nobody sees
-- the rows; and a receipt that is there already, or a position, is refused by its index.
--
-- Two writers that insert where the other one does can wait for each other by way of a turn. That is given up before PostgreSQL looks for
-- deadlocks (after a second, as it comes), and a writer that is not alone sends one batch at a time.
--
-- The commands in question are those that take nothing: the others show by their receipts. Without a turn the log is locked and
-- everything has been asked; then what is in the way is an error, and the question is empty.
--
-- The function with four parameters and log_write are those of the binary before this one.
CREATE FUNCTION log_append(
    question log_question, batch log_batch, supposed BIGINT, supposed_recorded_at BIGINT, turn BIGINT, turn_before BIGINT
)
RETURNS boolean LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_bitmapscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS
$$
DECLARE
    ignored TEXT;
    usual_timeout TEXT := current_setting('lock_timeout');
BEGIN
    -- With another isolation the statements below would not see what was committed while waiting for the turn.
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RETURN false;
    END IF;
    -- A guard that asks for no tag is rare, and would find what the batch itself has inserted.
    IF '' = ANY (question.tags) THEN
        RETURN false;
    END IF;
    ignored := set_config('synchronous_commit', 'on', true);
    IF turn IS NOT NULL THEN
        ignored := pg_advisory_xact_lock(turn);
        ignored := set_config('lock_timeout', '500ms', true);
    END IF;
    BEGIN
        -- The lock of the log: 'sengen' in ASCII. Until the end of the transaction.
        IF turn_before IS NULL AND NOT pg_try_advisory_xact_lock(126879481161070) THEN
            RAISE SQLSTATE 'SG001';
        END IF;
        -- Arrays are unnested in the list of columns and not in FROM, which would store each of them once more.
        WITH events AS (
            INSERT INTO event (position, event_id, event_type, schema_version, tags, recorded_at, effective_at, actor,
                               command_id, correlation_id, data, personal, leaf_hash)
            SELECT unnest(batch.positions), unnest(batch.ids), unnest(batch.types), unnest(batch.versions),
                   unnest(batch.tag_lists), unnest(batch.recorded), unnest(batch.effective), unnest(batch.actors),
                   unnest(batch.commands), unnest(batch.correlations), unnest(batch.datas), unnest(batch.personals),
                   unnest(batch.hashes)
        ), tags AS (
            INSERT INTO event_tag (tag, position, event_type)
            SELECT unnest(batch.tags), unnest(batch.tag_positions), unnest(batch.tag_types)
        )
        INSERT INTO command_receipt (command_id, request_hash, first_position, last_position)
        SELECT unnest(batch.receipts), unnest(batch.request_hashes), unnest(batch.firsts), unnest(batch.lasts);
        IF turn_before IS NOT NULL THEN
            ignored := pg_advisory_xact_lock(turn_before);
            IF NOT pg_try_advisory_xact_lock(126879481161070) THEN
                RAISE SQLSTATE 'SG001';
            END IF;
        END IF;
        UPDATE log_head SET position = batch.head, recorded_at = batch.head_recorded_at
        WHERE only_row = 1 AND position = supposed AND recorded_at = supposed_recorded_at;
        IF NOT FOUND OR EXISTS (SELECT FROM log_against(question, supposed)) THEN
            RAISE SQLSTATE 'SG001';
        END IF;
        IF cardinality(question.commands) > 0 THEN
            IF EXISTS (SELECT FROM command_receipt AS r WHERE r.command_id = ANY (question.commands)) THEN
                RAISE SQLSTATE 'SG001';
            END IF;
        END IF;
    EXCEPTION WHEN SQLSTATE 'SG001' OR unique_violation OR lock_not_available OR deadlock_detected THEN
        IF turn IS NULL THEN
            RAISE;
        END IF;
        RETURN false;
    END;
    -- What is done later in the transaction waits as long as it needs.
    ignored := set_config('lock_timeout', usual_timeout, true);
    RETURN true;
END
$$;
