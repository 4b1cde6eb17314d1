-- Why: people see their own sessions and end those that they do not know, so each says where it is used; and a dangerous act asks
-- whether its author signed in a moment ago.

ALTER TABLE session ADD COLUMN address TEXT;
ALTER TABLE session ADD COLUMN user_agent TEXT;
ALTER TABLE session ADD COLUMN fresh_at INTEGER;  -- when its owner last proved who they are
CREATE INDEX session_open_by_staff ON session (staff_id, created_at) WHERE ended_at IS NULL;
