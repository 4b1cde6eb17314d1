-- Why: a case is kept for some years after its end, and then its key is destroyed; which are over for so long is asked every night.

ALTER TABLE privacy_request ADD COLUMN closed_at INTEGER;
ALTER TABLE privacy_request ADD COLUMN is_forgotten INTEGER NOT NULL DEFAULT 0; -- 1: its key is destroyed
-- Of those that ended before, the newest event is the end or a note after it: they are kept rather longer than shorter.
UPDATE privacy_request SET closed_at = (SELECT recorded_at FROM event WHERE event.position = privacy_request.position)
WHERE status = 'closed';
CREATE INDEX privacy_request_by_end ON privacy_request (is_forgotten, closed_at, id);
