-- Lists of mail are in the order in which it was queued, which is the order of the log: an id follows from the command that
-- wanted the mail, and says nothing of the time.

DROP INDEX mail_by_recipient;
DROP INDEX mail_by_organization;
DROP INDEX mail_by_state;
CREATE UNIQUE INDEX mail_by_position ON mail (position);
CREATE INDEX mail_by_recipient ON mail (recipient_hash, position);
CREATE INDEX mail_by_organization ON mail (organization_id, position);
CREATE INDEX mail_by_state ON mail (state, position);

CREATE INDEX suppression_by_position ON suppression (position);

-- Of very many jobs that are done, those that were given up are looked for.
CREATE INDEX job_by_state ON job (state, created_at, id);
