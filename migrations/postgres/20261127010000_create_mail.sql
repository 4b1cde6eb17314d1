-- Why: mail must neither be lost nor sent twice. One row is one message to one recipient, written in the transaction of the decision
-- that wants it sent. Before anything is sent the row is claimed; an attempt that nobody saw the end of is in doubt, which a
-- person decides. What a message says, and to whom, is sealed in its event; addresses are here as keyed hashes only.

CREATE TABLE mail (
  id UUID NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  class TEXT NOT NULL,
  sender TEXT NOT NULL,
  recipient_hash BYTEA NOT NULL,
  domain_hash BYTEA NOT NULL,
  organization_id UUID,
  declaration_id UUID,
  queued_at BIGINT NOT NULL,
  not_after BIGINT,
  state TEXT NOT NULL CHECK (state IN ('queued', 'claimed', 'accepted', 'deferred', 'bounced', 'suppressed', 'in_doubt',
    'parked', 'cancelled')),
  changed_at BIGINT NOT NULL,
  next_try_at BIGINT NOT NULL,
  attempt BIGINT NOT NULL,
  judged BIGINT NOT NULL,
  term BIGINT NOT NULL,
  lease_until BIGINT,
  node TEXT,
  outcome TEXT,
  reply TEXT
);
COMMENT ON COLUMN mail.id IS 'The Message-ID is made of it';
COMMENT ON COLUMN mail.position IS 'Of the event that says what it says';
COMMENT ON COLUMN mail.recipient_hash IS 'Keyed, of the address as it is compared';
COMMENT ON COLUMN mail.domain_hash IS 'Keyed, of what stands behind the @';
COMMENT ON COLUMN mail.organization_id IS 'Whom it is about';
COMMENT ON COLUMN mail.declaration_id IS 'Which declaration it is about';
COMMENT ON COLUMN mail.queued_at IS 'Microseconds';
COMMENT ON COLUMN mail.not_after IS 'Microseconds; after that it is not sent any more';
COMMENT ON COLUMN mail.changed_at IS 'Microseconds';
COMMENT ON COLUMN mail.next_try_at IS 'Microseconds; while it waits';
COMMENT ON COLUMN mail.attempt IS 'How often it was claimed';
COMMENT ON COLUMN mail.judged IS 'How many attempts a relay has judged';
COMMENT ON COLUMN mail.term IS 'Raised with every claim; what is written for an earlier one is refused';
COMMENT ON COLUMN mail.lease_until IS 'Microseconds; while it is claimed';
COMMENT ON COLUMN mail.node IS 'Who sends it, or sent it last';
COMMENT ON COLUMN mail.outcome IS 'Of the last attempt, or why it ended';
COMMENT ON COLUMN mail.reply IS 'The last answer, without addresses';

CREATE INDEX mail_due ON mail (next_try_at, position) WHERE state IN ('queued', 'deferred');
CREATE INDEX mail_claimed ON mail (lease_until) WHERE state = 'claimed';
CREATE INDEX mail_by_recipient ON mail (recipient_hash, id);
CREATE INDEX mail_by_organization ON mail (organization_id, id);
CREATE INDEX mail_by_state ON mail (state, id);

CREATE TABLE mail_attempt (
  mail_id UUID NOT NULL,
  attempt BIGINT NOT NULL,
  began_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  outcome TEXT NOT NULL,
  reply TEXT NOT NULL,
  node TEXT NOT NULL,
  PRIMARY KEY (mail_id, attempt)
);
COMMENT ON COLUMN mail_attempt.began_at IS 'Microseconds';
COMMENT ON COLUMN mail_attempt.ended_at IS 'Microseconds';
COMMENT ON COLUMN mail_attempt.reply IS 'Without addresses';

CREATE TABLE suppression (
  recipient_hash BYTEA NOT NULL,
  class TEXT NOT NULL,
  reason TEXT NOT NULL,
  since BIGINT NOT NULL,
  until BIGINT,
  position BIGINT NOT NULL,
  PRIMARY KEY (recipient_hash, class)
);
COMMENT ON COLUMN suppression.recipient_hash IS 'Keyed, of the address as it is compared';
COMMENT ON COLUMN suppression.class IS 'Which mails it keeps back; ''all''';
COMMENT ON COLUMN suppression.since IS 'Microseconds';
COMMENT ON COLUMN suppression.until IS 'Microseconds; none: until it is lifted';
COMMENT ON COLUMN suppression.position IS 'Of its event';
