-- Why: notices about an account (an invitation, a sign-in, a changed role) go to its owner by mail. The address is plain here as the
-- login is; it is sealed in the log. A link that was sent knows whose account it will make, and can be taken back. Whom it was sent to
-- stands in its event alone: these rows go into backups as they are.

ALTER TABLE staff ADD COLUMN mail TEXT;
ALTER TABLE invitation ADD COLUMN staff_id UUID;
ALTER TABLE invitation ADD COLUMN invited_by TEXT;
ALTER TABLE invitation ADD COLUMN revoked_at BIGINT;
COMMENT ON COLUMN invitation.staff_id IS 'Whom it makes; none: made on the command line of this machine';
