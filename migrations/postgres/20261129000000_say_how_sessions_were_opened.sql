-- Why: people see how each of their own sessions was opened, and an office that asks for a second factor takes a passkey for both: a
-- session that only a password opened must not count like one that a passkey opened (docs/adr/0027-passkeys.md). Null: before this.

ALTER TABLE session ADD COLUMN method TEXT;
ALTER TABLE session ADD COLUMN passkey_at BIGINT;
COMMENT ON COLUMN session.method IS 'How it was opened, as in staff.signed_in';
COMMENT ON COLUMN session.passkey_at IS 'When its owner last proved by a passkey who they are, microseconds';
